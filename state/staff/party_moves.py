"""What staff do with the party at a table: move it, put tables together, take them apart.

The floor hears of it by the live news, like everybody else's.
"""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from models.enums import TableStatus
from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import FLOOR
from services.base.texts import N_, translate
from services.floor import cards, queries
from services.floor.types import FloorTable
from services.restaurants import queries as restaurants
from services.seating import moving
from services.seating.errors import SameTableError, UnknownGuestError, UnknownTableError
from services.seating.types import TableChange
from state.doors import anyone, row_id
from state.notice import Undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.floor_views import LOOKS, seats_text
from state.staff.table_panel import TablePanelState

Step = Literal["move", "merge", "split"]
_DO: dict[str, Callable[..., Awaitable[Any]]] = {
    "move": moving.move,
    "merge": moving.join,
    "split": moving.split,
}
# What the notice says: the table, and the other one.
_DONE = {
    "move": N_("Table {number} moved to {other}"),
    "merge": N_("Table {number} put together with {other}"),
    "split": N_("Guests of table {number} seated at {other}"),
}
_TITLES = {
    "move": N_("Move table {number} to"),
    "merge": N_("Put table {number} together with"),
    "split": N_("Seat guests of table {number} elsewhere"),
}


@dataclass(frozen=True)
class PlaceView:
    """A table that can be chosen."""

    id: str
    number: str
    look: str
    caption: str


@dataclass(frozen=True)
class WhoView:
    """A guest who may go elsewhere."""

    id: str
    alias: str


class PartyMovesState(rx.State):
    """One dialog: `which` is "", "move", "merge", "split" or "drop"."""

    which: str = ""
    title: str = ""
    places: rx.Field[list[PlaceView]] = rx.field(default_factory=list)
    guests: rx.Field[list[WhoView]] = rx.field(default_factory=list)
    going: rx.Field[list[str]] = rx.field(default_factory=list)
    # Where a table was dropped: whether it is free, so that the party can go there.
    can_move: bool = False
    _table_id: str = ""
    _to_id: str = ""

    @rx.event
    @anyone
    async def close(self):
        """Leave everything as it is."""
        self._close()

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def ask(self, actor: Actor, what: Step, table_id: UUID):
        """Which table, and of whom?"""
        async with reading() as session:
            floor = await queries.load_floor(
                session, restaurant_id=actor.restaurant_id, now=clock.now()
            )
        table = next((one for one in floor.tables if one.id == table_id), None)
        if table is None:
            raise UnknownTableError
        areas = {area.id: area.name for area in floor.areas}
        self._open(what, table)
        drawn = floor.plan.tables
        here = drawn[table_id]
        # Parties rarely go far: the nearest tables first.
        others = sorted(
            (one for one in floor.tables if _fits(what, table, one)),
            key=lambda one: (
                one.area_id != table.area_id,
                math.dist((here.x, here.y), (drawn[one.id].x, drawn[one.id].y)),
            ),
        )
        self.places = [_place(one, areas[one.area_id]) for one in others]
        if what == "split":
            async with reading() as session:
                card = await cards.get_card(
                    session, restaurant_id=actor.restaurant_id, table_id=table_id
                )
            self.guests = [WhoView(str(one.visit_id), one.alias) for one in card.guests]

    @rx.event
    @anyone
    async def choose_guest(self, visit_id: Annotated[str, Field(max_length=36)]):
        """Goes along, or stays; the service knows who really sits there."""
        known = {guest.id for guest in self.guests}
        if visit_id in self.going:
            self.going = [one for one in self.going if one != visit_id]
        elif visit_id in known:
            self.going = [*self.going, visit_id]

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def go(self, actor: Actor, to_table_id: UUID):
        """Do what the dialog was about."""
        what = self.which
        if what not in _DO:
            return None
        more = {"visit_ids": [row_id(one) for one in self.going]} if what == "split" else {}
        if what == "split" and not more["visit_ids"]:
            raise UnknownGuestError
        return await self._do(actor, what, row_id(self._table_id), to_table_id, **more)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def drop(self, actor: Actor, pair: Annotated[str, Field(max_length=84)]):
        """A party was drawn onto another table: what is meant?"""
        # Both tables, and a number that makes every drop a new one.
        one, other, *_ = [*pair.split(":"), ""]
        table_id, to_id = row_id(one), row_id(other)
        if table_id == to_id:
            raise SameTableError
        async with reading() as session:
            floor = await queries.load_floor(
                session, restaurant_id=actor.restaurant_id, now=clock.now()
            )
        found = {table.id: table for table in floor.tables}
        if table_id not in found or to_id not in found:
            raise UnknownTableError
        goal = found[to_id]
        self.which, self._table_id, self._to_id = "drop", one, other
        self.can_move = _fits("move", found[table_id], goal)
        self.title = translate(
            LANGUAGE,
            N_("Table {number} to table {other}"),
            number=found[table_id].number,
            other=goal.number,
        )

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def do_drop(self, actor: Actor, what: Literal["move", "merge"]):
        """Do what was meant."""
        if self.which != "drop":
            return None
        return await self._do(actor, what, row_id(self._table_id), row_id(self._to_id))

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def part(self, actor: Actor, table_id: UUID):
        """Take the table out of its party."""
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await moving.part(
                session, restaurant=restaurant, table_id=table_id, by=actor, now=clock.now()
            )
        await self._tell(
            actor, change, N_("Table {number} stands alone"), Undo("table", change.entry_id)
        )

    async def _do(self, actor: Actor, what: str, table_id: UUID, to_id: UUID, **more: list[UUID]):
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await _DO[what](
                session,
                restaurant=restaurant,
                table_id=table_id,
                to_table_id=to_id,
                by=actor,
                now=clock.now(),
                **more,
            )
        self._close()
        # Guests who were seated elsewhere may have ordered there since: nothing takes that back.
        undo = Undo("table", change.entry_id) if what != "split" else None
        await self._tell(actor, change, _DONE[what], undo, table_id=table_id, other_id=to_id)
        panel = await self.get_state(TablePanelState)
        # The panel goes along with the party.
        if what == "move" and panel.chosen_id == str(table_id):
            return TablePanelState.open_table(str(to_id))  # pyright: ignore[reportArgumentType] - an event
        return None

    async def _tell(
        self,
        actor: Actor,
        change: TableChange,
        sentence: str,
        undo: Undo | None,
        *,
        table_id: UUID | None = None,
        other_id: UUID | None = None,
    ) -> None:
        topics = {*change.topics, live.orders_topic(actor.restaurant_id)}
        # Guests who part leave a table that nothing else names.
        for one in {change.table_id, table_id, other_id} - {None}:
            await live.publish(topics, "table", one)
        async with reading() as session:
            numbers = await queries.table_numbers(
                session,
                restaurant_id=actor.restaurant_id,
                table_ids=[one for one in (table_id or change.table_id, other_id) if one],
            )
        words = translate(
            LANGUAGE,
            sentence,
            number=numbers.get(table_id or change.table_id, ""),
            other=numbers.get(other_id, "") if other_id else "",
        )
        if undo is None:
            await tell(self, words, tone="ok")
        else:
            label = translate(LANGUAGE, FLOOR["undo"])
            await tell_with_undo(self, words, undo_label=label, undo=undo)

    def _close(self) -> None:
        self.which, self._table_id, self._to_id = "", "", ""
        self.places, self.guests, self.going = [], [], []

    def _open(self, which: str, table: FloorTable) -> None:
        self.which, self._table_id, self._to_id = which, str(table.id), ""
        self.guests, self.going = [], []
        self.title = translate(LANGUAGE, _TITLES[which], number=table.number)


def _fits(what: str, table: FloorTable, other: FloorTable) -> bool:
    """Whether another table can be offered; the service decides."""
    if other.id == table.id or other.status is TableStatus.OUT_OF_SERVICE:
        return False
    if what == "move":
        return other.sitting is None
    return what == "split" or other.number not in table.together


def _place(table: FloorTable, area: str) -> PlaceView:
    return PlaceView(
        id=str(table.id),
        number=table.number,
        look=LOOKS[table.status][0],
        caption=f"{area} · {seats_text(table)}",
    )
