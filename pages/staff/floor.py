"""The floor, on tablets and desks, phones and walls."""

from dataclasses import replace

import reflex as rx

from components.staff.floor import FloorVars, floor
from components.staff.floor_panel import FloorDialogVars, PanelVars, floor_dialogs
from components.staff.floor_plan import PlanVars
from components.staff.floor_wall import WallVars, wall
from components.staff.live_screen import live_screen
from components.staff.shell import staff_page
from pages.staff.frame import frame
from pages.staff.pause import pause
from services.base import addresses
from state.staff.floor import FloorState
from state.staff.frame import FrameState
from state.staff.pause import PauseState


def page() -> rx.Component:
    """One of two layouts; a table is drawn exactly once in either."""
    around = frame(is_ready=FloorState.is_ready, on_undo=FloorState.undo)
    plan = PlanVars(
        title=FloorState.texts["plan"],
        areas=FloorState.areas,
        tables=FloorState.tables,
        view=FloorState.view,
        area_id=FloorState.area_id,
        chosen_id=FloorState.chosen_id,
        search=FloorState.search,
        on_open=FloorState.open_table,
    )
    return live_screen(
        rx.cond(
            FloorState.is_wall,
            wall(around, _wall(replace(plan, on_open=None))),
            staff_page(around, floor(around, _floor(plan)), _dialogs(), active="floor", wide=True),
        ),
        times=FloorState.times,
        server_now=FloorState.server_now,
        pending_count=FrameState.pending_count,
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
        ),
        pause=pause(),
    )


def _dialogs() -> rx.Component:
    return floor_dialogs(
        FloorDialogVars(
            texts=FloorState.texts,
            which=FloorState.dialog,
            warning=FloorState.warning,
            on_seat=FloorState.seat,
            on_release=FloorState.release_anyway,
            on_close=FloorState.close_dialog,
        )
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
