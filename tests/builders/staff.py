"""People who log in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.accounts import Membership, User
from models.columns import new_id
from models.enums import Role
from models.restaurants import Restaurant
from services.accounts.types import Actor
from tests.builders.moments import NOW, next_number


@dataclass(frozen=True, slots=True)
class MadeUser:
    """A user, their membership, and the actor that services take."""

    user: User
    membership: Membership
    actor: Actor


async def make_user(
    session: AsyncSession, *, restaurant: Restaurant, role: Role = Role.WAITER, **columns: Any
) -> MadeUser:
    """Somebody who works at the restaurant. The password hash opens nothing."""
    defaults = {
        "email": f"staff-{next_number()}@example.com",
        "name": "Ines",
        "password_hash": "!",
        "created_at": NOW,
    }
    user = User(**defaults | columns)
    session.add(user)
    await session.flush()
    membership = Membership(restaurant_id=restaurant.id, user_id=user.id, role=role, created_at=NOW)
    session.add(membership)
    await session.flush()
    actor = Actor(
        user_id=user.id,
        session_id=new_id(),
        restaurant_id=restaurant.id,
        name=user.name,
        role=role,
    )
    return MadeUser(user, membership, actor)
