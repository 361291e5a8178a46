"""Calls that somebody answers, and the bill. The floor hears of it by the live news."""

from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import FLOOR
from services.base.texts import N_, money_text, sentence, translate
from services.floor import cards
from services.ordering import settling
from services.ordering.errors import BillChangedError
from services.restaurants import queries as restaurants
from services.seating import calls
from state.doors import anyone, row_id
from state.notice import Undo, tell_with_undo
from state.staff.access import LANGUAGE, staff


class TableServiceState(rx.State):
    """The question whether a table has paid is open while it has a title."""

    title: str = ""
    total_text: str = ""
    # The sum is another one than a moment ago: why.
    changed_text: str = ""
    _owed_minor: int = 0
    _table_id: str = ""
    _number: str = ""

    @rx.event
    @anyone
    async def close(self):
        """It is not paid yet."""
        self.title, self._table_id = "", ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def answer(self, actor: Actor, call_id: UUID):
        """Somebody goes there; all screens and the guest's phone hear of it."""
        async with transaction() as session:
            change = await calls.answer(
                session,
                restaurant_id=actor.restaurant_id,
                call_id=call_id,
                by=actor,
                now=clock.now(),
            )
        await live.publish(change.topics, "call", call_id)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def ask_bill(self, actor: Actor, table_id: UUID):
        """The guests asked for their bill in words."""
        async with transaction() as session:
            change = await calls.ask_for_bill(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=table_id,
                by=actor,
                now=clock.now(),
            )
        await live.publish(change.topics, "table", table_id)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def ask_paid(self, actor: Actor, table_id: UUID):
        """Show the sum before it counts as paid."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            card = await cards.get_card(
                session, restaurant_id=actor.restaurant_id, table_id=table_id
            )
            owed_minor = await settling.bill_minor(
                session, restaurant_id=actor.restaurant_id, table_id=table_id
            )
        self.title = translate(
            LANGUAGE, N_("Table {number}: is it paid?"), number=card.table.number
        )
        self._table_id, self._number = str(table_id), card.table.number
        self._show(owed_minor, restaurant.currency)
        self.changed_text = ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def settle(self, actor: Actor):
        """It is paid; a table with nothing open is free."""
        if not self.title:
            return
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        try:
            async with transaction() as session:
                settled = await settling.settle(
                    session,
                    restaurant=restaurant,
                    table_id=row_id(self._table_id),
                    expected_minor=self._owed_minor,
                    by=actor,
                    now=clock.now(),
                )
        except BillChangedError as error:
            self.changed_text = sentence(LANGUAGE, error)
            self._show(error.owed_minor, restaurant.currency)
            return
        await live.publish(settled.topics, "table", settled.table_id)
        await tell_with_undo(
            self,
            translate(LANGUAGE, N_("Table {number}: paid"), number=self._number),
            undo_label=translate(LANGUAGE, FLOOR["undo"]),
            undo=Undo("bill", settled.entry_id),
        )
        self.title, self._table_id = "", ""

    def _show(self, owed_minor: int, currency: str) -> None:
        self._owed_minor = owed_minor
        self.total_text = money_text(owed_minor, currency, LANGUAGE)
