"""The floor, on tablets and desks, phones and walls."""

from dataclasses import replace

import reflex as rx

from components.staff.floor import FloorVars, floor
from components.staff.floor_dialogs import (
    FloorDialogVars,
    MoveDialogVars,
    floor_dialogs,
    move_dialogs,
)
from components.staff.floor_panel import PanelVars
from components.staff.floor_plan import PlanVars
from components.staff.floor_questions import (
    PaidDialogVars,
    WaiterDialogVars,
    paid_dialog,
    waiter_dialog,
)
from components.staff.floor_seat import SeatDialogVars, seat_dialog
from components.staff.floor_wall import WallVars, wall
from components.staff.live_screen import live_screen
from components.staff.shell import staff_page
from pages.staff.frame import frame
from pages.staff.pause import pause
from services.base import addresses
from state.staff.floor import FloorState
from state.staff.floor_waiters import FloorWaitersState
from state.staff.frame import FrameState
from state.staff.party_moves import PartyMovesState
from state.staff.pause import PauseState
from state.staff.seat_party import SeatPartyState
from state.staff.table_service import TableServiceState


def page() -> rx.Component:
    """One of two layouts; a table is drawn exactly once in either."""
    around = frame(is_ready=FloorState.is_ready, on_undo=FloorState.undo)
    plan = PlanVars(
        title=FloorState.texts["plan"],
        areas=FloorState.areas,
        tables=FloorState.tables,
        ties=FloorState.ties,
        view=FloorState.view,
        area_id=FloorState.area_id,
        chosen_id=FloorState.chosen_id,
        search=FloorState.search,
        on_open=FloorState.open_table,
        mine=rx.cond(FloorState.only_mine, FloorState.my_id, ""),  # pyright: ignore[reportArgumentType]
    )
    return live_screen(
        rx.el.link(
            rel="stylesheet", href="/floor-live.css", custom_attrs={"precedence": "default"}
        ),
        rx.el.script(src="/floor-drag.js", custom_attrs={"async": True}),
        rx.cond(
            FloorState.is_wall,
            wall(around, _wall(replace(plan, on_open=None))),
            staff_page(around, floor(around, _floor(plan)), _dialogs(), active="floor", wide=True),
        ),
        times=FloorState.times,
        server_now=FloorState.server_now,
        pending_count=FrameState.pending_count + FloorState.calls.length(),
        is_ready=FloorState.is_ready,
    )


def _floor(plan: PlanVars) -> FloorVars:
    return FloorVars(
        texts=FloorState.texts,
        is_ready=FloorState.is_ready,
        as_of_text=FloorState.as_of_text,
        plan=plan,
        legend=FloorState.legend,
        table_count=FloorState.tables.length(),
        steps=FloorState.steps,
        guest_count=FloorState.guest_count,
        available_text=FloorState.available_text,
        is_list=FloorState.is_list,
        on_area=FloorState.choose_area,
        on_search=FloorState.set_search.debounce(200),
        on_toggle_list=FloorState.toggle_list,
        calls=FloorState.calls,
        may_work=FloorState.may_work,
        only_mine=FloorState.only_mine,
        on_answer=TableServiceState.answer,
        on_toggle_mine=FloorState.toggle_mine,
        on_seat_party=SeatPartyState.begin,
        on_area_waiter=lambda area_id: FloorWaitersState.ask("area", area_id),
        panel=PanelVars(
            texts=FloorState.texts,
            is_open=FloorState.chosen_id != "",
            table=FloorState.card,
            may_work=FloorState.may_work,
            is_editing_note=FloorState.is_editing_note,
            on_close=FloorState.close_table,
            on_set_state=FloorState.set_state,
            on_ask_party=FloorState.ask_party,
            on_edit_note=FloorState.edit_note,
            on_save_note=FloorState.save_note,
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
        ),
        pause=pause(),
    )


def _dialogs() -> rx.Component:
    texts = FloorState.texts
    return rx.fragment(
        floor_dialogs(
            FloorDialogVars(
                texts=texts,
                which=FloorState.dialog,
                warning=FloorState.warning,
                on_seat=FloorState.seat,
                on_release=FloorState.release_anyway,
                on_close=FloorState.close_dialog,
            )
        ),
        move_dialogs(
            MoveDialogVars(
                texts=texts,
                which=PartyMovesState.which,
                title=PartyMovesState.title,
                places=PartyMovesState.places,
                guests=PartyMovesState.guests,
                going=PartyMovesState.going,
                can_move=PartyMovesState.can_move,
                on_choose_guest=PartyMovesState.choose_guest,
                on_go=PartyMovesState.go,
                on_do_drop=PartyMovesState.do_drop,
                on_drop=PartyMovesState.drop,
                on_close=PartyMovesState.close,
            )
        ),
        seat_dialog(
            SeatDialogVars(
                texts=texts,
                is_open=SeatPartyState.is_open,
                size=SeatPartyState.size,
                guests=SeatPartyState.guests,
                guest_id=SeatPartyState.guest_id,
                free=SeatPartyState.free,
                soon=SeatPartyState.soon,
                on_size=SeatPartyState.choose_size,
                on_search=SeatPartyState.search.debounce(200),
                on_guest=SeatPartyState.choose_guest,
                on_seat=SeatPartyState.seat,
                on_close=SeatPartyState.close,
            )
        ),
        paid_dialog(
            PaidDialogVars(
                texts=texts,
                title=TableServiceState.title,
                total_text=TableServiceState.total_text,
                on_settle=TableServiceState.settle,
                on_close=TableServiceState.close,
            )
        ),
        waiter_dialog(
            WaiterDialogVars(
                texts=texts,
                title=FloorWaitersState.title,
                people=FloorWaitersState.people,
                chosen_id=FloorWaitersState.chosen_id,
                on_assign=FloorWaitersState.assign,
                on_close=FloorWaitersState.close,
            )
        ),
    )


def _wall(plan: PlanVars) -> WallVars:
    return WallVars(
        texts=FloorState.texts,
        as_of_text=FloorState.as_of_text,
        time_zone=FloorState.time_zone,
        plan=plan,
        legend=FloorState.legend,
        needs=FloorState.needs,
        ready=FloorState.ready,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_FLOOR,
        title="Floor · SmartMenu",
        on_load=[FrameState.enter, FloorState.live, PauseState.live],
    )
