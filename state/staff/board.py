"""The order board: every open order, and how it moves on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal
from uuid import UUID

import reflex as rx

from models.enums import OrderStatus
from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.staff_texts import BOARD, CANCEL_REASONS, DECLINE_REASONS, TIMES
from services.base.texts import N_, page_texts, sentence, translate
from services.ordering import board, evening, queries
from services.ordering.errors import ReasonMissingError, UnknownOrderError
from services.ordering.types import OrderChange
from services.restaurants import queries as restaurants
from state.doors import anyone
from state.log_in import session_token
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, present_actor, staff, staff_background
from state.staff.board_reading import begin_reading
from state.staff.board_views import RecallView, TicketView, recall_view, subject_text
from state.telling import Told

# Without news the board is read again after this time: ages stay true, and lost news heal.
REFRESH_SECONDS = 60
RECALL_FOR = timedelta(minutes=30)
# What the toast says after each step.
DONE: dict[OrderStatus, str] = {
    OrderStatus.PREPARING: N_("{order}: in the kitchen"),
    OrderStatus.READY: N_("{order}: ready"),
    OrderStatus.SERVED: N_("{order}: served"),
    OrderStatus.COMPLETED: N_("{order}: completed"),
    OrderStatus.DECLINED: N_("{order}: declined"),
    OrderStatus.CANCELLED: N_("{order}: cancelled"),
}
Step = Callable[..., Awaitable[OrderChange]]


class BoardState(rx.State):
    """One tab's board. Dialogs: "decline", "cancel", "more", "recall"."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    times: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    server_now: str = ""
    as_of_text: str = ""
    new: rx.Field[list[TicketView]] = rx.field(default_factory=list)
    preparing: rx.Field[list[TicketView]] = rx.field(default_factory=list)
    ready: rx.Field[list[TicketView]] = rx.field(default_factory=list)
    served: rx.Field[list[TicketView]] = rx.field(default_factory=list)
    order_count: int = 0
    late_count: int = 0
    average_text: str = ""
    tab: str = "new"

    dialog: str = ""
    subject: str = ""
    problem: str = ""
    reasons: rx.Field[list[str]] = rx.field(default_factory=list)
    can_step_back: bool = False
    recalled: rx.Field[list[RecallView]] = rx.field(default_factory=list)
    # The order the open dialog is about.
    _asked_id: str = ""

    @rx.event(background=True)
    @staff_background(Permission.VIEW_ORDERS)
    async def live(self, actor: Actor):
        """Show open orders and follow them; runs again when a lost socket is back."""
        async with live.subscribe([live.orders_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts, self.times = page_texts(LANGUAGE, BOARD), page_texts(LANGUAGE, TIMES)
            token = session_token(self)
            told = Told(self)
            asked = begin_reading(actor.restaurant_id, with_average=True)
            while True:
                read = await asyncio.shield(asked)
                # Where guests live is for who goes there, not for the kitchen.
                shows_addresses = actor.can(Permission.WORK_FLOOR)
                await told.tell(read.with_addresses if shows_addresses else read.plain)
                heard = await news.next(timeout_seconds=REFRESH_SECONDS)
                # Read while it is looked up who may still see it.
                asked = begin_reading(actor.restaurant_id, with_average=not heard)
                before, actor = actor, await present_actor(token, Permission.VIEW_ORDERS)
                if actor.role != before.role:
                    # What the former role saw does not stay.
                    told.keep_now()
                    # Orders do not wake the frame here, and its links are those of the role.
                    await live.publish([live.session_topic(actor.session_id)], "role")

    @rx.event
    @anyone
    async def show_tab(self, tab: Literal["new", "prep", "ready", "served"]):
        """Choose the column a phone shows."""
        self.tab = tab

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def accept(self, actor: Actor, order_id: UUID):
        """The kitchen starts."""
        await self._step(actor, board.accept, order_id)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def mark_ready(self, actor: Actor, order_id: UUID):
        """It stands on the pass."""
        await self._step(actor, board.mark_ready, order_id)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def mark_served(self, actor: Actor, order_id: UUID):
        """It is on the table."""
        await self._step(actor, board.mark_served, order_id)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def complete(self, actor: Actor, order_id: UUID):
        """The order is done."""
        await self._step(actor, board.complete, order_id)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def ask_decline(self, actor: Actor, order_id: UUID):
        """Ask why before an order is declined."""
        await self._ask(actor, order_id, "decline", DECLINE_REASONS)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def ask_more(self, actor: Actor, order_id: UUID):
        """Offer what is seldom needed: one step back, cancel."""
        await self._ask(actor, order_id, "more", CANCEL_REASONS)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def ask_cancel(self, actor: Actor):
        """Ask why before an order is cancelled."""
        await self._ask(actor, self._asked(), "cancel", CANCEL_REASONS)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def confirm_decline(self, actor: Actor, form: dict[str, str]):
        """Decline the order the dialog is about."""
        await self._call_off(actor, board.decline, form)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def confirm_cancel(self, actor: Actor, form: dict[str, str]):
        """Cancel the order the dialog is about."""
        await self._call_off(actor, board.cancel, form)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def step_back(self, actor: Actor):
        """Take the last step of the order back."""
        order_id = self._asked()
        self._close()
        await self._take_back(actor, order_id)

    @rx.event
    @staff(Permission.VIEW_ORDERS)
    async def open_recall(self, actor: Actor):
        """Show what was completed in the last half hour."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await evening.recently_completed(
                session, restaurant_id=actor.restaurant_id, since=clock.now() - RECALL_FOR
            )
        self.recalled = [recall_view(order, restaurant=restaurant) for order in found]
        self.dialog, self.subject = "recall", ""

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def bring_back(self, actor: Actor, order_id: UUID):
        """Open a completed order again."""
        self._close()
        await self._take_back(actor, order_id)

    @rx.event
    @staff(Permission.WORK_ORDERS)
    async def undo(self, actor: Actor):
        """Take back what the last notice told."""
        undone = await take_undo(self)
        if undone is not None and undone.kind == "order":
            await self._take_back(actor, undone.subject_id)

    @rx.event
    @anyone
    async def close_dialog(self):
        """Leave everything as it is."""
        self._close()

    async def _step(self, actor: Actor, step: Step, order_id: UUID, **facts: str) -> None:
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await step(
                session,
                restaurant=restaurant,
                order_id=order_id,
                by=actor,
                now=clock.now(),
                **facts,
            )
        await live.publish(change.topics, "order", change.order_id)
        await self._tell_step(actor, change)

    async def _call_off(self, actor: Actor, step: Step, form: dict[str, str]) -> None:
        reason = form.get("reason", "").strip() or form.get("choice", "")
        try:
            await self._step(actor, step, self._asked(), reason=reason)
        except ReasonMissingError as error:
            self.problem = sentence(LANGUAGE, error)
            return
        self._close()

    async def _take_back(self, actor: Actor, order_id: UUID) -> None:
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            change = await board.undo(
                session, restaurant=restaurant, order_id=order_id, by=actor, now=clock.now()
            )
        await live.publish(change.topics, "order", change.order_id)
        await tell(self, translate(LANGUAGE, N_("Taken back")), tone="ok")

    async def _tell_step(self, actor: Actor, change: OrderChange) -> None:
        async with reading() as session:
            order = await queries.get_order(
                session, restaurant_id=actor.restaurant_id, order_id=change.order_id
            )
        name = subject_text(number=order.number, table=order.table_number)
        await tell_with_undo(
            self,
            translate(LANGUAGE, DONE[change.status], order=name),
            undo_label=translate(LANGUAGE, BOARD["undo"]),
            undo=Undo("order", change.order_id),
        )

    async def _ask(
        self, actor: Actor, order_id: UUID, dialog: str, reasons: tuple[str, ...]
    ) -> None:
        async with reading() as session:
            order = await queries.get_order(
                session, restaurant_id=actor.restaurant_id, order_id=order_id
            )
        self._asked_id = str(order_id)
        self.subject = subject_text(number=order.number, table=order.table_number)
        self.can_step_back = order.status is not OrderStatus.PENDING
        self.reasons = [translate(LANGUAGE, reason) for reason in reasons]
        self.problem, self.dialog = "", dialog

    def _asked(self) -> UUID:
        if not self._asked_id:
            raise UnknownOrderError
        return UUID(self._asked_id)

    def _close(self) -> None:
        self.dialog, self.subject, self.problem, self._asked_id = "", "", "", ""
