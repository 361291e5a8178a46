"""The reservations' screen: a day, the reservation that is open, and what becomes of it."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.reservation_texts import RESERVATIONS
from services.base.texts import N_, page_texts, plural, sentence, translate, weekday_text
from services.floor.queries import load_floor
from services.reservations import changes, queries, settings
from services.reservations.errors import UnknownReservationError
from services.reservations.types import ReservationChange
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating.errors import TableTakenError
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.reservation_views import (
    HourView,
    ReservationView,
    RowView,
    grid_style,
    hour_views,
    reservation_view,
    row_views,
    window_of,
)

# The line of now moves, and parties become late, without any news.
REFRESH_SECONDS = 60
NOTHING = ReservationView()
TOLD = {
    "arrive": N_("{name} has arrived"),
    "no_show": N_("{name} has not come"),
    "cancel": N_("Cancelled: {name}"),
    "take_back": N_("Taken back: {name}"),
}


class ReservationsState(rx.State):
    """One tab's day. `panel` is nothing, "reservation", "form" or "walk_in"."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    may_work: bool = False
    may_set: bool = False
    is_list: bool = False
    # 2026-05-13; the business day that is shown.
    day: str = ""
    day_text: str = ""
    is_today: bool = False
    summary: str = ""
    closed_text: str = ""
    reservations: rx.Field[list[ReservationView]] = rx.field(default_factory=list)
    rows: rx.Field[list[RowView]] = rx.field(default_factory=list)
    hours: rx.Field[list[HourView]] = rx.field(default_factory=list)
    grid: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    panel: str = ""
    chosen: ReservationView = NOTHING
    # Somebody sits at the table of the party that arrives.
    asks_to_join: str = ""

    @rx.event(background=True)
    @staff_background(Permission.VIEW_FLOOR)
    async def live(self, actor: Actor):
        """Show the day of the address, or today, and follow it."""
        async with live.subscribe([live.reservations_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts = page_texts(LANGUAGE, RESERVATIONS)
                self.day = str(self.router.url.query_parameters.get("day", ""))[:10]
            while True:
                async with self:
                    self.may_work = actor.can(Permission.WORK_FLOOR)
                    self.may_set = actor.can(Permission.EDIT_SETTINGS)
                await self._refresh(actor)
                _, actor = await next_news(
                    self, Permission.VIEW_FLOOR, news, timeout_seconds=REFRESH_SECONDS
                )

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def show_day(self, actor: Actor, day: Annotated[str, Field(max_length=10)]):
        """Show another day; a field that is being emptied shows today."""
        self.panel, self.chosen = "", NOTHING
        self._assign(await _shown(actor, day))

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def step(self, actor: Actor, days: Literal[-1, 0, 1]):
        """The day before or after; 0 is today."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        today = _today(restaurant)
        self.panel, self.chosen = "", NOTHING
        await self._fill(actor, _day(self.day, today) + timedelta(days=days) if days else today)

    @rx.event
    @anyone
    async def toggle_list(self):
        """Timeline or list."""
        self.is_list = not self.is_list

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def open(self, actor: Actor, reservation_id: UUID):
        """Show one reservation."""
        await self._choose(actor, reservation_id)
        self.panel, self.asks_to_join = "reservation", ""

    @rx.event
    @anyone
    async def close(self):
        """Give the day its whole width back."""
        self.panel, self.chosen, self.asks_to_join = "", NOTHING, ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def arrive(self, actor: Actor, joins: bool = False):
        """The chosen party is here: its sitting opens."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        step = partial(changes.arrive, restaurant=restaurant, joins=joins)
        try:
            await self._do(actor, "arrive", step, can_undo=False)
        except TableTakenError as error:
            self.asks_to_join = sentence(LANGUAGE, error)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def no_show(self, actor: Actor):
        """The chosen party did not come."""
        await self._do(
            actor, "no_show", partial(changes.mark_no_show, restaurant_id=actor.restaurant_id)
        )

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def cancel(self, actor: Actor):
        """Cancel the chosen reservation."""
        step = partial(changes.cancel, restaurant_id=actor.restaurant_id)
        await self._do(actor, "cancel", step)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def take_back(self, actor: Actor):
        """The chosen reservation stands again."""
        await self._do(
            actor,
            "take_back",
            partial(changes.take_back, restaurant_id=actor.restaurant_id),
            can_undo=False,
        )

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def undo(self, actor: Actor):
        """Take the last cancellation or no-show back."""
        undone = await take_undo(self)
        if undone is None or undone.kind != "reservation":
            return
        async with transaction() as session:
            change = await changes.take_back(
                session,
                restaurant_id=actor.restaurant_id,
                reservation_id=undone.subject_id,
                by=actor,
                now=clock.now(),
            )
        await self._changed(actor, change)

    async def _do(
        self,
        actor: Actor,
        what: str,
        step: Callable[..., Awaitable[ReservationChange]],
        *,
        can_undo: bool = True,
    ) -> None:
        if not self.chosen.id:
            raise UnknownReservationError
        name = self.chosen.name
        async with transaction() as session:
            change = await step(
                session, reservation_id=UUID(self.chosen.id), by=actor, now=clock.now()
            )
        self.asks_to_join = ""
        await self._changed(actor, change)
        told = translate(LANGUAGE, TOLD[what], name=name)
        if can_undo:
            await tell_with_undo(
                self,
                told,
                undo_label=translate(LANGUAGE, N_("Undo")),
                undo=Undo("reservation", change.reservation_id),
            )
        else:
            await tell(self, told, tone="ok")

    async def _changed(self, actor: Actor, change: ReservationChange) -> None:
        await live.publish(change.topics, "reservation", change.reservation_id)
        await self._choose(actor, change.reservation_id)
        await self._fill(actor, date.fromisoformat(self.day) if self.day else None)

    async def _choose(self, actor: Actor, reservation_id: UUID) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            rules = await settings.load_rules(session, restaurant_id=actor.restaurant_id)
            found = await queries.get_reservation(
                session, restaurant_id=actor.restaurant_id, reservation_id=reservation_id
            )
        self.chosen = reservation_view(
            found,
            restaurant=restaurant,
            grace_minutes=rules.grace_minutes,
            now=clock.now(),
        )

    async def _refresh(self, actor: Actor) -> None:
        async with self:
            wanted = self.day
        shown = await _shown(actor, wanted)
        async with self:
            # Somebody may have turned the page while this day was read.
            if self.day == wanted:
                self._assign(shown)
            self.is_ready = True

    async def _fill(self, actor: Actor, day: date | None) -> None:
        self._assign(await _shown(actor, day.isoformat() if day else ""))

    def _assign(self, shown: dict[str, Any]) -> None:
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        if self.chosen.id:
            same = [one for one in self.reservations if one.id == self.chosen.id]
            if same and same[0] != self.chosen:
                self.chosen = same[0]


async def _shown(actor: Actor, wanted: str) -> dict[str, Any]:
    """A day's Vars by name."""
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        rules = await settings.load_rules(session, restaurant_id=actor.restaurant_id)
        today = _today(restaurant)
        which = _day(wanted, today)
        day = await queries.load_day(session, restaurant=restaurant, day=which)
        floor = await load_floor(session, restaurant_id=actor.restaurant_id)
    views = [
        reservation_view(one, restaurant=restaurant, grace_minutes=rules.grace_minutes, now=now)
        for one in day.reservations
    ]
    window = window_of(day, now)
    coming = [one for one in day.reservations if str(one.status) not in {"cancelled", "no_show"}]
    return {
        "day": which.isoformat(),
        "day_text": weekday_text(which, LANGUAGE),
        "is_today": which == today,
        "summary": " · ".join(
            (
                plural(LANGUAGE, "{count} reservation", "{count} reservations", len(coming)),
                plural(
                    LANGUAGE, "{count} guest", "{count} guests", sum(o.party_size for o in coming)
                ),
            )
        ),
        "closed_text": "" if day.periods else translate(LANGUAGE, RESERVATIONS["closed"]),
        "reservations": views,
        "rows": row_views(floor, day, views, window),
        "hours": hour_views(window, restaurant),
        "grid": grid_style(window, now),
    }


def _today(restaurant: RestaurantInfo) -> date:
    return business_day(clock.now(), time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)


def _day(text: str, today: date) -> date:
    """A day of the address; today for none, and for one that no calendar can reach."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if abs((found - today).days) <= 3650 else today
