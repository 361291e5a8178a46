"""A party stands at the door: how many, who, and where they can sit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import FLOOR
from services.base.texts import N_, plural, translate
from services.floor import expected, queries, seating_help
from services.floor.expected import ExpectedKind, ExpectedParty
from services.floor.seating_help import FreePlace, KnownGuest, SoonPlace
from services.reservations import changes, waitlist
from services.reservations.errors import UnknownReservationError, UnknownWaitError
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating import welcoming
from state.doors import anyone, row_id
from state.notice import Undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.floor_views import moment_text
from state.staff.time_words import minutes_since

LARGEST = 40


@dataclass(frozen=True)
class SeatView:
    """A table with why it is offered."""

    id: str
    number: str
    caption: str
    is_liked: bool


@dataclass(frozen=True)
class GuestView:
    """Somebody known, and what they like."""

    id: str
    alias: str
    caption: str


@dataclass(frozen=True)
class ExpectedView:
    """A party with a reservation, or one that waits; `key` is "booking:…" or "wait:…"."""

    key: str
    kind: str
    name: str
    icon: str
    caption: str
    size: int


class SeatPartyState(rx.State):
    """The dialog of one tab. Nothing is offered before it knows how many they are."""

    is_open: bool = False
    size: int = 0
    words: str = ""
    guests: rx.Field[list[GuestView]] = rx.field(default_factory=list)
    guest_id: str = ""
    expected: rx.Field[list[ExpectedView]] = rx.field(default_factory=list)
    # Who of them is being seated; empty for a party that nobody expected.
    party_key: str = ""
    free: rx.Field[list[SeatView]] = rx.field(default_factory=list)
    soon: rx.Field[list[SeatView]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def begin(self, actor: Actor):
        """Ask how many they are."""
        self._close()
        self.is_open = True
        await self._find(actor, "")
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await expected.load_expected(
                session, restaurant_id=actor.restaurant_id, now=now
            )
        self.expected = [_expected(one, restaurant, now) for one in found]

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def choose_size(self, actor: Actor, size: Annotated[int, Field(ge=1, le=LARGEST)]):
        """Show where so many can sit; another size is another party."""
        self.size, self.party_key = size, ""
        await self._suggest(actor)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def choose_party(self, actor: Actor, kind: Literal["booking", "wait"], party_id: UUID):
        """Somebody who was expected has come: where can they sit? Their own table first."""
        found = await self._find_party(actor, kind, party_id)
        self.size, self.party_key = found.party_size, f"{kind}:{party_id}"
        self.guest_id = str(found.customer_id) if found.customer_id else ""
        await self._suggest(actor)
        if found.kind is ExpectedKind.BOOKING:
            self.free, self.soon = ([_booked(found)] if found.is_free else []), []

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def search(self, actor: Actor, words: Annotated[str, Field(max_length=60)]):
        """Look for a guest by alias."""
        self.words = words.strip()
        await self._find(actor, self.words)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def choose_guest(self, actor: Actor, customer_id: UUID):
        """Their table comes first; the same again takes the choice back."""
        self.guest_id = "" if self.guest_id == str(customer_id) else str(customer_id)
        if self.size:
            await self._suggest(actor)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def seat(self, actor: Actor, table_id: UUID):
        """Seat them there; a party with a reservation sits down at all of its tables."""
        if not self.size:
            return
        kind, _, party_id = self.party_key.partition(":")
        facts: dict[str, Any] = {"by": actor, "now": clock.now()}
        undo: Undo | None = None
        async with transaction() as session:
            if kind == ExpectedKind.BOOKING:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                change = await changes.arrive(
                    session, restaurant=restaurant, reservation_id=row_id(party_id), **facts
                )
            elif kind == ExpectedKind.WAIT:
                change = await waitlist.seat(
                    session,
                    restaurant_id=actor.restaurant_id,
                    entry_id=row_id(party_id),
                    table_id=table_id,
                    **facts,
                )
            else:
                change = await welcoming.seat_party(
                    session,
                    restaurant_id=actor.restaurant_id,
                    table_ids=[table_id],
                    party_size=self.size,
                    **facts,
                )
                undo = Undo("table", change.entry_id)
            numbers = await queries.table_numbers(
                session, restaurant_id=actor.restaurant_id, table_ids=[table_id]
            )
        self._close()
        await live.publish(change.topics, "table", table_id)
        told = translate(LANGUAGE, N_("Seated at table {number}"), number=numbers.get(table_id, ""))
        if undo is None:
            await tell(self, told, tone="ok")
        else:
            await tell_with_undo(
                self, told, undo_label=translate(LANGUAGE, FLOOR["undo"]), undo=undo
            )

    @rx.event
    @anyone
    async def close(self):
        """They did not want to wait."""
        self._close()

    def _close(self) -> None:
        self.is_open, self.size, self.words, self.guest_id = False, 0, "", ""
        self.guests, self.free, self.soon = [], [], []
        self.expected, self.party_key = [], ""

    async def _find_party(self, actor: Actor, kind: str, party_id: UUID) -> ExpectedParty:
        async with reading() as session:
            found = await expected.load_expected(
                session, restaurant_id=actor.restaurant_id, now=clock.now()
            )
        for one in found:
            if one.kind == kind and one.id == party_id:
                return one
        raise UnknownWaitError if kind == ExpectedKind.WAIT else UnknownReservationError

    async def _find(self, actor: Actor, words: str) -> None:
        async with reading() as session:
            found = await seating_help.find_guests(
                session, restaurant_id=actor.restaurant_id, words=words, now=clock.now()
            )
        self.guests = [_guest(one) for one in found]

    async def _suggest(self, actor: Actor) -> None:
        async with reading() as session:
            found = await seating_help.suggest(
                session,
                restaurant_id=actor.restaurant_id,
                party_size=self.size,
                now=clock.now(),
                customer_id=row_id(self.guest_id) if self.guest_id else None,
            )
        self.free = [_free(place) for place in found.free]
        self.soon = [_soon(place) for place in found.soon]


def _guest(guest: KnownGuest) -> GuestView:
    likes = translate(LANGUAGE, N_("likes table {number}"), number=guest.likes)
    return GuestView(str(guest.customer_id), guest.alias, likes if guest.likes else "")


def _expected(one: ExpectedParty, restaurant: RestaurantInfo, now: datetime) -> ExpectedView:
    people = plural(LANGUAGE, "{count} guest", "{count} guests", one.party_size)
    if one.kind is ExpectedKind.WAIT:
        minutes = minutes_since(one.at, now)
        parts = [people, translate(LANGUAGE, N_("waits {minutes} min"), minutes=minutes)]
    else:
        is_free = N_("table {tables} is free") if one.is_free else N_("table {tables} is taken")
        where = translate(LANGUAGE, is_free, tables=one.tables)
        parts = [people, moment_text(one.at, restaurant), where]
    return ExpectedView(
        key=f"{one.kind}:{one.id}",
        kind=str(one.kind),
        name=one.name or translate(LANGUAGE, N_("No name")),
        icon="hourglass" if one.kind is ExpectedKind.WAIT else "calendar-clock",
        caption=" · ".join(parts),
        size=one.party_size,
    )


def _booked(one: ExpectedParty) -> SeatView:
    return SeatView(str(one.table_ids[0]), one.tables, translate(LANGUAGE, N_("booked")), False)


def _free(place: FreePlace) -> SeatView:
    spare = (
        plural(LANGUAGE, "{count} chair empty", "{count} chairs empty", place.spare_count)
        if place.spare_count
        else translate(LANGUAGE, N_("fits exactly"))
    )
    caption = f"{place.area_name} · {spare}"
    return SeatView(str(place.table_id), place.number, caption, place.is_liked)


def _soon(place: SoonPlace) -> SeatView:
    if place.minutes is None:
        when = translate(LANGUAGE, N_("no estimate yet"))
    elif place.minutes == 0:
        when = translate(LANGUAGE, N_("any moment"))
    else:
        when = translate(LANGUAGE, N_("free in about {minutes} min"), minutes=place.minutes)
    caption = f"{place.area_name} · {when}"
    return SeatView(str(place.table_id), place.number, caption, place.is_liked)
