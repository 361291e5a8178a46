"""A party stands at the door: how many, who, and where they can sit."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import FLOOR
from services.base.texts import N_, plural, translate
from services.floor import queries, seating_help
from services.floor.seating_help import FreePlace, KnownGuest, SoonPlace
from services.restaurants import queries as restaurants
from services.seating import welcoming
from state.doors import anyone, row_id
from state.notice import Undo, tell_with_undo
from state.staff.access import LANGUAGE, staff

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


class SeatPartyState(rx.State):
    """The dialog of one tab. Nothing is offered before it knows how many they are."""

    is_open: bool = False
    size: int = 0
    words: str = ""
    guests: rx.Field[list[GuestView]] = rx.field(default_factory=list)
    guest_id: str = ""
    free: rx.Field[list[SeatView]] = rx.field(default_factory=list)
    soon: rx.Field[list[SeatView]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def begin(self, actor: Actor):
        """Ask how many they are."""
        self._close()
        self.is_open = True
        await self._find(actor, "")

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def choose_size(self, actor: Actor, size: Annotated[int, Field(ge=1, le=LARGEST)]):
        """Show where so many can sit."""
        self.size = size
        await self._suggest(actor)

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
        """Seat them there."""
        if not self.size:
            return
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await welcoming.seat_party(
                session,
                restaurant=restaurant,
                table_id=table_id,
                party_size=self.size,
                by=actor,
                now=clock.now(),
            )
            numbers = await queries.table_numbers(
                session, restaurant_id=actor.restaurant_id, table_ids=[table_id]
            )
        self._close()
        await live.publish(change.topics, "table", change.table_id)
        await tell_with_undo(
            self,
            translate(LANGUAGE, N_("Seated at table {number}"), number=numbers[table_id]),
            undo_label=translate(LANGUAGE, FLOOR["undo"]),
            undo=Undo("table", change.entry_id),
        )

    @rx.event
    @anyone
    async def close(self):
        """They did not want to wait."""
        self._close()

    def _close(self) -> None:
        self.is_open, self.size, self.words, self.guest_id = False, 0, "", ""
        self.guests, self.free, self.soon = [], [], []

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
