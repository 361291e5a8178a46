"""The floor, on tablets and desks, phones and walls."""

from dataclasses import replace

import reflex as rx

from components.staff.floor import FloorVars, floor
from components.staff.floor_bar import BarVars
from components.staff.floor_panel import PanelVars
from components.staff.floor_plan import PlanVars
from components.staff.floor_wall import WallVars, wall
from components.staff.live_screen import live_screen
from components.staff.shell import staff_page
from pages.staff.bound import bound
from pages.staff.floor_dialogs import dialogs
from pages.staff.frame import frame
from pages.staff.pause import pause
from services.base import addresses
from state.staff.floor import FloorState
from state.staff.floor_waiters import FloorWaitersState
from state.staff.frame import FrameState
from state.staff.party_moves import PartyMovesState
from state.staff.pause import PauseState
from state.staff.seat_party import SeatPartyState
from state.staff.table_panel import TablePanelState
from state.staff.table_service import TableServiceState


def page() -> rx.Component:
    """One of two layouts; a table is drawn exactly once in either."""
    around = frame(is_ready=FloorState.is_ready, on_undo=TablePanelState.undo)
    plan = bound(
        PlanVars,
        FloorState,
        title=FloorState.texts["plan"],
        chosen_id=TablePanelState.chosen_id,
        mine=rx.cond(FloorState.only_mine, FloorState.my_id, ""),
        on_gap=FloorState.tell_all,
        on_open=TablePanelState.open_table,
    )
    on_wall = bound(WallVars, FloorState, plan=replace(plan, on_open=None))
    return live_screen(
        rx.el.link(
            rel="stylesheet", href="/floor-live.css", custom_attrs={"precedence": "default"}
        ),
        rx.el.script(src="/floor-drag.js", custom_attrs={"async": True}),
        rx.cond(
            FloorState.is_wall,
            wall(around, on_wall),
            staff_page(around, floor(around, _floor(plan)), dialogs(), active="floor", wide=True),
        ),
        times=FloorState.times,
        server_now=FloorState.server_now,
        pending_count=FrameState.pending_count + FloorState.calls.length(),
        is_ready=FloorState.is_ready,
    )


def _floor(plan: PlanVars) -> FloorVars:
    return bound(
        FloorVars,
        FloorState,
        bar=bound(
            BarVars,
            FloorState,
            table_count=FloorState.places.length(),
            on_search=FloorState.set_search.debounce(200),
        ),
        plan=plan,
        on_answer=TableServiceState.answer,
        on_seat_party=SeatPartyState.begin,
        on_area_waiter=lambda area_id: FloorWaitersState.ask("area", area_id),
        panel=_panel(),
        pause=pause(),
    )


def _panel() -> PanelVars:
    return bound(
        PanelVars,
        TablePanelState,
        texts=FloorState.texts,
        is_open=TablePanelState.chosen_id != "",
        table=TablePanelState.card,
        may_work=FloorState.may_work,
        on_close=TablePanelState.close_table,
        on_action={
            "bill": TableServiceState.ask_bill,
            "paid": TableServiceState.ask_paid,
            "move": lambda table_id: PartyMovesState.ask("move", table_id),
            "merge": lambda table_id: PartyMovesState.ask("merge", table_id),
            "split": lambda table_id: PartyMovesState.ask("split", table_id),
            "part": PartyMovesState.part,
            "waiter": lambda table_id: FloorWaitersState.ask("table", table_id),
        },
        on_answer=TableServiceState.answer,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_FLOOR,
        title="Floor · SmartMenu",
        on_load=[FrameState.enter, FloorState.live, PauseState.live],
    )
