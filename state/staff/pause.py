"""Whether the restaurant takes orders at the moment: told and switched on board and floor."""

from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import PAUSE
from services.base.texts import page_texts
from services.base.together import Together
from services.restaurants import queries as restaurants
from services.restaurants import settings
from state.staff.access import LANGUAGE, next_news, staff, staff_background

# Without news it is read again after this time: lost news heal.
REFRESH_SECONDS = 60
# One change of the menu wakes all tabs: the restaurant is read once for all of them.
_pauses: Together[bool] = Together()


class PauseState(rx.State):
    """Ordering is paused, and whether whoever looks may change that."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_paused: bool = False
    may_pause: bool = False

    @rx.event(background=True)
    @staff_background(Permission.VIEW_ORDERS)
    async def live(self, actor: Actor):
        """Follow it until the screen closes: somebody else may pause or go on."""
        here = actor.restaurant_id
        async with live.subscribe([live.menu_topic(here)]) as news:
            while True:
                is_paused = await _pauses.get(here, lambda: _read(here))
                async with self:
                    if not self.texts:
                        self.texts = page_texts(LANGUAGE, PAUSE)
                    if self.may_pause != actor.can(Permission.PAUSE_ORDERING):
                        self.may_pause = actor.can(Permission.PAUSE_ORDERING)
                    if self.is_paused != is_paused:
                        self.is_paused = is_paused
                _, actor = await next_news(
                    self, Permission.VIEW_ORDERS, news, timeout_seconds=REFRESH_SECONDS
                )

    @rx.event
    @staff(Permission.PAUSE_ORDERING)
    async def set_paused(self, actor: Actor, is_paused: bool):
        """Take no orders for a while, or take them again; open phones show it at once."""
        async with transaction() as session:
            restaurant = await settings.set_ordering_paused(
                session, actor=actor, is_paused=is_paused, now=clock.now()
            )
        await live.publish([live.menu_topic(actor.restaurant_id)], "menu")
        self.is_paused = restaurant.ordering_paused


async def _read(restaurant_id: UUID) -> bool:
    async with reading() as session:
        return (await restaurants.get(session, restaurant_id)).ordering_paused
