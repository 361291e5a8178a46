"""The restaurants of somebody who works at several."""

from dataclasses import dataclass

import reflex as rx

from services.accounts.switching import list_workplaces
from services.accounts.types import Actor, Permission
from services.base.database import reading
from services.base.staff_texts import RESTAURANTS
from services.base.texts import page_texts, translate
from state.staff.access import LANGUAGE, staff
from state.staff.frame import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class RestaurantRow:
    """One restaurant to go to."""

    id: str
    name: str
    role: str
    is_here: bool


class RestaurantsState(rx.State):
    """The list. Going there is a form of its own: only an HTTP answer changes the cookie."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    workplaces: rx.Field[list[RestaurantRow]] = rx.field(default_factory=list)
    is_ready: bool = False

    @rx.event
    @staff(Permission.VIEW_ORDERS)
    async def enter(self, actor: Actor):
        """Show them; every role has this door."""
        async with reading() as session:
            found = await list_workplaces(session, user_id=actor.user_id)
        self.texts = page_texts(LANGUAGE, RESTAURANTS)
        self.workplaces = [
            RestaurantRow(
                id=str(one.restaurant_id),
                name=one.name,
                role=translate(LANGUAGE, ROLE_NAMES[one.role]),
                is_here=one.restaurant_id == actor.restaurant_id,
            )
            for one in found
        ]
        self.is_ready = True
