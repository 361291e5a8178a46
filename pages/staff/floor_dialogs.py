"""The dialogs of the floor, filled with the Vars of their states."""

import reflex as rx

from components.staff.floor_dialogs import (
    FloorDialogVars,
    MoveDialogVars,
    floor_dialogs,
    move_dialogs,
)
from components.staff.floor_questions import (
    PaidDialogVars,
    WaiterDialogVars,
    paid_dialog,
    waiter_dialog,
)
from components.staff.floor_seat import SeatDialogVars, seat_dialog
from pages.staff.bound import bound
from state.staff.floor import FloorState
from state.staff.floor_waiters import FloorWaitersState
from state.staff.party_moves import PartyMovesState
from state.staff.seat_party import SeatPartyState
from state.staff.table_panel import TablePanelState
from state.staff.table_service import TableServiceState


def dialogs() -> rx.Component:
    """One of them is open at most."""
    texts = FloorState.texts
    searched = SeatPartyState.search.debounce(200)
    return rx.fragment(
        floor_dialogs(bound(FloorDialogVars, TablePanelState, texts=texts)),
        move_dialogs(bound(MoveDialogVars, PartyMovesState, texts=texts)),
        seat_dialog(bound(SeatDialogVars, SeatPartyState, texts=texts, on_search=searched)),
        paid_dialog(bound(PaidDialogVars, TableServiceState, texts=texts)),
        waiter_dialog(bound(WaiterDialogVars, FloorWaitersState, texts=texts)),
    )
