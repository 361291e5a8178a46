"""One tab of a person whose log-in outlives it."""

from dataclasses import dataclass
from typing import Any, TypeVar

import reflex as rx

from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.accounts.types import Actor
from services.base import clock
from services.base.database import transaction
from tests.builders import make_user
from tests.state.screens import open_screen

S = TypeVar("S", bound=rx.State)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a log-in."""

    actor: Actor
    token: str


async def log_in(restaurant: Restaurant, role: Role = Role.OWNER, **columns: Any) -> Person:
    """A new member of the team, logged in."""
    async with transaction() as session:
        made = await make_user(session, restaurant=restaurant, role=role, **columns)
        token = await sessions.start_session(
            session, user_id=made.user.id, restaurant_id=restaurant.id, now=clock.now()
        )
        found = await sessions.find_actor(session, token=token, now=clock.now())
    assert found is not None
    return Person(found, token)


async def tab(kind: type[S], person: Person | None) -> S:
    """One tab's state, with the cookie of a person or with none."""
    return await open_screen(kind, person.token if person else "")
