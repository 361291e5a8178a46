"""The order board."""

import reflex as rx

from components.staff.board import BoardVars, board
from components.staff.board_dialogs import DialogVars, dialogs
from components.staff.board_ticket import TicketHandlers
from components.staff.live_screen import live_screen
from components.staff.shell import staff_page
from pages.staff.frame import frame
from pages.staff.pause import pause
from services.base import addresses
from state.staff.board import BoardState
from state.staff.frame import FrameState
from state.staff.pause import PauseState


def page() -> rx.Component:
    """Four columns of tickets."""
    pending_count = BoardState.new.length()
    around = frame(
        is_ready=BoardState.is_ready, on_undo=BoardState.undo, pending_count=pending_count
    )
    return live_screen(
        staff_page(
            around, board(around, _board()), dialogs(_dialogs()), active="orders", wide=True
        ),
        times=BoardState.times,
        server_now=BoardState.server_now,
        pending_count=pending_count,
        is_ready=BoardState.is_ready,
    )


def _board() -> BoardVars:
    return BoardVars(
        texts=BoardState.texts,
        is_ready=BoardState.is_ready,
        as_of_text=BoardState.as_of_text,
        new=BoardState.new,
        preparing=BoardState.preparing,
        ready=BoardState.ready,
        served=BoardState.served,
        order_count=BoardState.order_count,
        late_count=BoardState.late_count,
        average_text=BoardState.average_text,
        tab=BoardState.tab,
        on_tab=BoardState.show_tab,
        on_recall=BoardState.open_recall,
        tickets=TicketHandlers(
            accept=BoardState.accept,
            decline=BoardState.ask_decline,
            mark_ready=BoardState.mark_ready,
            mark_served=BoardState.mark_served,
            complete=BoardState.complete,
            more=BoardState.ask_more,
        ),
        pause=pause(),
    )


def _dialogs() -> DialogVars:
    return DialogVars(
        texts=BoardState.texts,
        which=BoardState.dialog,
        subject=BoardState.subject,
        problem=BoardState.problem,
        reasons=BoardState.reasons,
        can_step_back=BoardState.can_step_back,
        recalled=BoardState.recalled,
        on_decline=BoardState.confirm_decline,
        on_cancel=BoardState.confirm_cancel,
        on_step_back=BoardState.step_back,
        on_ask_cancel=BoardState.ask_cancel,
        on_bring_back=BoardState.bring_back,
        on_close=BoardState.close_dialog,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_ORDERS,
        title="Orders · SmartMenu",
        on_load=[FrameState.enter, BoardState.live, PauseState.live],
    )
