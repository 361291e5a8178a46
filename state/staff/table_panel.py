"""The panel of one table: what goes on there, its note, and the states staff set by hand."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from models.enums import TableStatus
from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import FLOOR
from services.base.texts import N_, sentence, translate
from services.base.together import Together
from services.floor import cards
from services.ordering import settling
from services.restaurants import queries as restaurants
from services.seating import tables, welcoming
from services.seating.errors import OpenOrdersError, UnknownTableError
from services.seating.types import TableChange
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.floor_card import CardView, card_view
from state.staff.floor_views import LOOKS

MAX_PARTY = 40
EMPTY_CARD = CardView()
_cards: Together[CardView] = Together()
# By what the notice's undo is about.
_TAKE_BACK = {"table": tables.undo, "bill": settling.take_back}


class TablePanelState(rx.State):
    """The chosen table. Dialogs: "party" asks how many guests, "release" warns of open orders."""

    card: CardView = EMPTY_CARD
    chosen_id: str = ""
    is_editing_note: bool = False
    dialog: str = ""
    warning: str = ""
    # What the release dialog was about to set.
    _wanted: str = ""

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def open_table(self, actor: Actor, table_id: UUID):
        """Show the panel of a table."""
        self.card = await _read_card(actor, table_id)
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
        """Seat a party at the chosen table; whoever has scanned there meanwhile belongs to it."""
        self.dialog = ""
        async with transaction() as session:
            change = await welcoming.seat_party(
                session,
                restaurant_id=actor.restaurant_id,
                table_ids=[self._chosen()],
                party_size=party_size,
                by=actor,
                now=clock.now(),
                joins=True,
            )
        await self._changed(actor, change, TableStatus.OCCUPIED)

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
        await self._reload(actor)

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
        await self._reload(actor)
        await tell(self, translate(LANGUAGE, N_("Note saved")), tone="ok")

    async def _set(self, actor: Actor, status: TableStatus, *, force: bool = False) -> None:
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
        await self._changed(actor, change, status)

    async def _changed(self, actor: Actor, change: TableChange, status: TableStatus) -> None:
        await live.publish(change.topics, "table", change.table_id)
        await self._reload(actor)
        await tell_with_undo(
            self,
            translate(
                LANGUAGE,
                N_("Table {number}: {state}"),
                number=self.card.number,
                state=translate(LANGUAGE, LOOKS[status][3]),
            ),
            undo_label=translate(LANGUAGE, FLOOR["undo"]),
            undo=Undo("table", change.entry_id),
        )

    def _chosen(self) -> UUID:
        if not self.chosen_id:
            raise UnknownTableError
        return UUID(self.chosen_id)

    async def _reload(self, actor: Actor) -> None:
        if self.chosen_id:
            self.card = await _read_card(actor, self._chosen())


async def find_card(actor: Actor, chosen_id: str) -> CardView | None:
    """The chosen table for whoever looks; None when it was taken away meanwhile."""
    try:
        return await _read_card(actor, UUID(chosen_id))
    except UnknownTableError:
        return None


async def _read_card(actor: Actor, table_id: UUID) -> CardView:
    """One reading for everybody who looks at a table and may see as much of it."""
    may_see_guests = actor.can(Permission.SERVE_CUSTOMERS)
    return await _cards.get(
        (actor.restaurant_id, table_id, may_see_guests),
        lambda: _card(actor.restaurant_id, table_id, may_see_guests=may_see_guests),
    )


async def _card(restaurant_id: UUID, table_id: UUID, *, may_see_guests: bool) -> CardView:
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        card = await cards.get_card(
            session, restaurant_id=restaurant_id, table_id=table_id, now=now
        )
    return card_view(
        card,
        restaurant=restaurant,
        may_see_guests=may_see_guests,
        now=now,
    )
