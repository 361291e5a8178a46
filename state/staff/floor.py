"""The floor: the room as it is, the panel of one table, and the states staff set by hand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from models.enums import TableStatus
from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.floor_texts import FLOOR_WORK
from services.base.staff_texts import FLOOR, TIMES
from services.base.texts import N_, page_texts, sentence, translate
from services.base.together import Together
from services.floor import cards, queries
from services.ordering import settling
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating import sittings, tables
from services.seating.errors import OpenOrdersError, UnknownTableError
from services.seating.types import TableChange
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.first_steps import StepView, step_views
from state.staff.floor_card import CardView, card_view
from state.staff.floor_needs import CallView, NeedView
from state.staff.floor_room import Room, read_room
from state.staff.floor_ties import TieView
from state.staff.floor_views import (
    LOOKS,
    AreaView,
    LegendView,
    TableView,
    view_of,
)

# Without news the room is read again after this time: words stay true, and lost news heal.
REFRESH_SECONDS = 60
MAX_PARTY = 40
EMPTY_CARD = CardView()
# By what the notice's undo is about.
_TAKE_BACK = {"table": tables.undo, "bill": settling.take_back}
# One scan or order wakes the floors of all tabs: the room is read once for all of them.
_rooms: Together[Room] = Together()


class FloorState(rx.State):
    """One tab's floor. Dialogs: "party" asks how many guests, "release" warns of open orders."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    times: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    is_wall: bool = False
    is_list: bool = False
    may_work: bool = False
    time_zone: str = ""
    server_now: str = ""
    as_of_text: str = ""

    areas: rx.Field[list[AreaView]] = rx.field(default_factory=list)
    tables: rx.Field[list[TableView]] = rx.field(default_factory=list)
    legend: rx.Field[list[LegendView]] = rx.field(default_factory=list)
    ties: rx.Field[list[TieView]] = rx.field(default_factory=list)
    calls: rx.Field[list[CallView]] = rx.field(default_factory=list)
    needs: rx.Field[list[NeedView]] = rx.field(default_factory=list)
    ready: rx.Field[list[NeedView]] = rx.field(default_factory=list)
    # What a new restaurant has to do before it can serve guests; empty afterwards.
    steps: rx.Field[list[StepView]] = rx.field(default_factory=list)
    guest_count: int = 0
    available_text: str = ""
    view: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    area_id: str = ""
    search: str = ""
    # Whose screen this is, and whether other people's tables step back.
    my_id: str = ""
    only_mine: bool = False

    card: CardView = EMPTY_CARD
    chosen_id: str = ""
    is_editing_note: bool = False
    dialog: str = ""
    warning: str = ""
    # What the release dialog was about to set.
    _wanted: str = ""

    @rx.event(background=True)
    @staff_background(Permission.VIEW_FLOOR)
    async def live(self, actor: Actor):
        """Show the room and follow it; runs again when a lost socket is back."""
        topics = [live.floor_topic(actor.restaurant_id), live.orders_topic(actor.restaurant_id)]
        async with live.subscribe(topics) as news:
            async with self:
                self.texts, self.times = (
                    page_texts(LANGUAGE, FLOOR | FLOOR_WORK),
                    page_texts(LANGUAGE, TIMES),
                )
                self.is_wall = self.router.url.query_parameters.get("wall") == "1"
                self.may_work = actor.can(Permission.WORK_FLOOR)
                self.my_id = str(actor.user_id)
            while True:
                await self._refresh(actor)
                await next_news(self, Permission.VIEW_FLOOR, news, timeout_seconds=REFRESH_SECONDS)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def choose_area(self, actor: Actor, area_id: Annotated[str, Field(max_length=36)]):
        """Enlarge one area to the stage; an empty id shows the whole room."""
        async with reading() as session:
            floor = await queries.load_floor(session, restaurant_id=actor.restaurant_id)
        known = {str(area.id) for area in floor.areas}
        self.area_id = area_id if area_id in known else ""
        self.view = view_of(floor.plan, self.areas, self.area_id)

    @rx.event
    @anyone
    async def set_search(self, words: Annotated[str, Field(max_length=60)]):
        """Keep what somebody looks for; the browser compares."""
        self.search = words.strip()

    @rx.event
    @anyone
    async def toggle_list(self):
        """Plan or list."""
        self.is_list = not self.is_list

    @rx.event
    @anyone
    async def toggle_mine(self):
        """My tables, or everybody's."""
        self.only_mine = not self.only_mine

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def open_table(self, actor: Actor, table_id: UUID):
        """Show the panel of a table."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            card = await cards.get_card(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=table_id,
                now=clock.now(),
            )
        self.card = _view(card, restaurant, actor, clock.now())
        self.chosen_id = str(table_id)
        self.is_editing_note = False

    @rx.event
    @anyone
    async def close_table(self):
        """Give the plan its whole width back."""
        self.chosen_id, self.card = "", EMPTY_CARD
        self.is_editing_note = False

    @rx.event
    @anyone
    async def close_dialog(self):
        """Leave everything as it is."""
        self.dialog, self.warning, self._wanted = "", "", ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def set_state(self, actor: Actor, status: TableStatus):
        """Set the chosen table's state; a table with open orders asks first."""
        try:
            await self._set(actor, status)
        except OpenOrdersError as error:
            self._wanted = str(status)
            self.warning = sentence(LANGUAGE, error)
            self.dialog = "release"

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def release_anyway(self, actor: Actor):
        """Do what the warning was about."""
        wanted = TableStatus(self._wanted or TableStatus.AVAILABLE)
        self.dialog, self.warning, self._wanted = "", "", ""
        await self._set(actor, wanted, force=True)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def ask_party(self, actor: Actor):  # noqa: ARG002 - the door's
        """Guests without a phone: how many are they?"""
        self.dialog = "party" if self.chosen_id else ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def seat(self, actor: Actor, party_size: Annotated[int, Field(ge=1, le=MAX_PARTY)]):
        """Seat a party at the chosen table."""
        self.dialog = ""
        await self._set(actor, TableStatus.OCCUPIED, party_size=party_size)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def undo(self, actor: Actor):
        """Take the last change of a table back."""
        undone = await take_undo(self)
        if undone is None or undone.kind not in _TAKE_BACK:
            return
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await _TAKE_BACK[undone.kind](
                session,
                restaurant=restaurant,
                entry_id=undone.subject_id,
                by=actor,
                now=clock.now(),
            )
        # Tickets carry the number of their table.
        topics = {*change.topics, live.orders_topic(actor.restaurant_id)}
        await live.publish(topics, "table", change.table_id)
        if self.chosen_id:
            self.chosen_id = str(change.table_id)
        await self._reload_card(actor)

    @rx.event
    @anyone
    async def edit_note(self):
        """Open or close the note's form."""
        self.is_editing_note = not self.is_editing_note

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def save_note(self, actor: Actor, form: dict[str, str]):
        """Keep the note of the chosen table."""
        async with transaction() as session:
            await tables.set_note(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=self._chosen(),
                note=form.get("note", ""),
                by=actor,
                now=clock.now(),
            )
        await live.publish([live.floor_topic(actor.restaurant_id)], "note", self.chosen_id)
        self.is_editing_note = False
        await self._reload_card(actor)
        await tell(self, translate(LANGUAGE, N_("Note saved")), tone="ok")

    async def _set(
        self,
        actor: Actor,
        status: TableStatus,
        *,
        party_size: int | None = None,
        force: bool = False,
    ) -> None:
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await tables.set_status(
                session,
                restaurant=restaurant,
                table_id=self._chosen(),
                status=status,
                by=actor,
                now=clock.now(),
                force=force,
            )
            if change.sitting_id is not None and party_size is not None:
                await sittings.set_party_size(
                    session,
                    restaurant_id=actor.restaurant_id,
                    sitting_id=change.sitting_id,
                    party_size=party_size,
                )
        await live.publish(change.topics, "table", change.table_id)
        await self._reload_card(actor)
        await self._tell_change(change, status)

    async def _tell_change(self, change: TableChange, status: TableStatus) -> None:
        await tell_with_undo(
            self,
            translate(
                LANGUAGE,
                N_("Table {number}: {state}"),
                number=self.card.number,
                state=translate(LANGUAGE, LOOKS[status][3]),
            ),
            undo_label=self.texts.get("undo", FLOOR["undo"]),
            undo=Undo("table", change.entry_id),
        )

    def _chosen(self) -> UUID:
        if not self.chosen_id:
            raise UnknownTableError
        return UUID(self.chosen_id)

    async def _reload_card(self, actor: Actor) -> None:
        if not self.chosen_id:
            return
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            card = await cards.get_card(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=self._chosen(),
                now=clock.now(),
            )
        self.card = _view(card, restaurant, actor, clock.now())

    async def _refresh(self, actor: Actor) -> None:
        """Read the room again and assign what differs; the tab is locked only for the assigning."""
        async with self:
            chosen_id = self.chosen_id
        room = await _rooms.get(actor.restaurant_id, lambda: read_room(actor.restaurant_id))
        card = await _find_card(actor, chosen_id) if chosen_id else None
        restaurant, now = room.restaurant, room.read_at
        shown = room.shown | {"steps": step_views(room.steps, actor)}
        async with self:
            for name, value in shown.items():
                if getattr(self, name) != value:
                    setattr(self, name, value)
            view = view_of(room.floor.plan, room.shown["areas"], self.area_id)
            if view != self.view:
                self.view = view
            # Somebody may have opened another table while this one was read.
            if card is not None and self.chosen_id == chosen_id:
                card_now = _view(card, restaurant, actor, now)
                if card_now != self.card:
                    self.card = card_now
            self.server_now = now.isoformat()
            self.is_ready = True


async def _find_card(actor: Actor, chosen_id: str):
    """The chosen table, or None when it was taken away meanwhile."""
    async with reading() as session:
        try:
            return await cards.get_card(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=UUID(chosen_id),
                now=clock.now(),
            )
        except UnknownTableError:
            return None


def _view(card, restaurant: RestaurantInfo, actor: Actor, now: datetime) -> CardView:  # noqa: ANN001
    return card_view(
        card,
        restaurant=restaurant,
        may_see_guests=actor.can(Permission.VIEW_CUSTOMERS),
        now=now,
    )
