"""The replay: one evening is read and sent once; the browser plays it."""

from datetime import date, datetime, timedelta
from typing import Annotated

import reflex as rx
from pydantic import Field

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.clock import to_local
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.room_texts import PLACES, REPLAY
from services.base.staff_texts import TIMES
from services.base.texts import N_, date_text, page_texts, translate
from services.floor import queries
from services.floor.replay import load_replay
from services.layouts.queries import last_published_at, load_decor
from services.restaurants import queries as restaurants
from services.restaurants.hours import business_day_span
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE, staff
from state.staff.floor_ground import (
    AreaView,
    DecorView,
    area_views,
    decor_views,
    view_of,
    whole_of,
)
from state.staff.replay_views import PlayedTable, payload, played_tables


class ReplayState(rx.State):
    """The evening this tab plays."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    times: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    may_see_money: bool = False
    day: str = ""
    day_text: str = ""
    first_day: str = ""
    last_day: str = ""
    has_previous: bool = False
    has_next: bool = False
    is_empty: bool = False
    # Why the plan may not be the one of that evening; empty where nothing was drawn since.
    changed_text: str = ""
    areas: rx.Field[list[AreaView]] = rx.field(default_factory=list)
    decor: rx.Field[list[DecorView]] = rx.field(default_factory=list)
    tables: rx.Field[list[PlayedTable]] = rx.field(default_factory=list)
    view: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    payload: str = ""

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def enter(self, actor: Actor):
        """The evening in the address (`?day=2026-11-21`), else the present business day."""
        self.texts = page_texts(LANGUAGE, REPLAY | PLACES)
        self.times = page_texts(LANGUAGE, TIMES)
        wanted = self.router.url.query_parameters.get("day", "")
        try:
            day = date.fromisoformat(wanted) if wanted else None
        except ValueError:
            day = None
        await self._load(actor, day)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def choose_day(self, actor: Actor, day: Annotated[str, Field(max_length=10)]):
        """Another evening; what no calendar knows is refused."""
        try:
            wanted = date.fromisoformat(day)
        except ValueError as error:
            msg = N_("That is not a day.")
            raise InvalidInputError(msg, field="day") from error
        await self._load(actor, wanted)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def step(self, actor: Actor, days: Annotated[int, Field(ge=-1, le=1)]):
        """The evening before, or the next one."""
        if self.day:
            await self._load(actor, date.fromisoformat(self.day) + timedelta(days=days))

    async def _load(self, actor: Actor, wanted: date | None) -> None:
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            today = clock.business_day(
                now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
            )
            # Nothing lies in the future, and before the first scan there was no room.
            day = min(wanted or today, today)
            replay = await load_replay(session, restaurant=restaurant, business_day=day, now=now)
            floor = await queries.load_floor(session, restaurant_id=actor.restaurant_id)
            decor = await load_decor(session, restaurant_id=actor.restaurant_id)
            drawn_at = await last_published_at(session, restaurant_id=actor.restaurant_id)
        self.may_see_money = actor.can(Permission.VIEW_REVENUE)
        self.areas = area_views(floor)
        self.decor = decor_views(decor, floor.plan)
        self.tables = played_tables(floor, restaurant=restaurant, now=now)
        self.view = view_of(whole_of(floor.plan, decor), [], "")
        first = replay.first_day or today
        self.day, self.day_text = day.isoformat(), date_text(day, LANGUAGE)
        self.first_day, self.last_day = first.isoformat(), today.isoformat()
        self.has_previous, self.has_next = day > first, day < today
        self.is_empty = not replay.played.events
        self.changed_text = _changed(drawn_at, day, restaurant)
        self.payload = payload(replay.played, restaurant=restaurant, with_money=self.may_see_money)
        self.is_ready = True


def _changed(drawn_at: datetime | None, day: date, restaurant: RestaurantInfo) -> str:
    """That the room was drawn anew after an evening, and when."""
    zone, cutoff = restaurant.time_zone, restaurant.day_cutoff
    _, over = business_day_span(day, time_zone=zone, cutoff=cutoff)
    if drawn_at is None or drawn_at < over:
        return ""
    return translate(
        LANGUAGE,
        N_("The room was drawn anew on {day}: that evening, tables may have stood elsewhere."),
        day=date_text(to_local(drawn_at, zone).date(), LANGUAGE),
    )
