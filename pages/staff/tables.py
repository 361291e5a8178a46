"""The tables' screen: areas and tables; what is printed for them is under Codes."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import confirm, savebar, skeleton
from components.staff.menu_forms import form_head
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from components.staff.tables import area_form, area_lists, table_form
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.tables import TablesState
from state.staff.tables_forms import AreaFormState, TableFormState

TEXTS = TablesState.texts


def page() -> rx.Component:
    """The list, or one form at a time."""
    return staff_page(
        frame(is_ready=TablesState.is_ready),
        rx.el.main(
            rx.cond(
                TablesState.is_ready,
                rx.match(TablesState.view, ("table", _table()), ("area", _area()), _list()),
                skeleton(FrameState.texts["loading"]),
            ),
            _question(),
            form_script(),
            class_name="main",
        ),
        active="tables",
    )


def _list() -> rx.Component:
    has_areas = TablesState.areas.length() > 0
    return rx.fragment(
        rx.el.header(
            rx.el.h1(TEXTS["title"]),
            rx.el.span(class_name="grow"),
            rx.cond(
                has_areas,
                rx.fragment(
                    rx.el.a(
                        icon("printer", 18),
                        TEXTS["all_codes"],
                        href=addresses.codes_pdf(),
                        target="_blank",
                        class_name="b gh",
                        custom_attrs={"data-testid": "tables-codes-pdf"},
                    ),
                    rx.el.a(
                        icon("qr-code", 18),
                        TEXTS["codes"],
                        href=addresses.STAFF_CODES,
                        class_name="b sec",
                        custom_attrs={"data-testid": "tables-codes"},
                    ),
                    rx.el.a(
                        icon("pencil", 18),
                        TEXTS["draw_room"],
                        href=addresses.STAFF_FLOOR_EDIT,
                        class_name="b sec",
                        custom_attrs={"data-testid": "draw-room"},
                    ),
                    rx.el.button(
                        icon("plus", 18),
                        TEXTS["add_area"],
                        type="button",
                        class_name="b pri",
                        on_click=AreaFormState.start,
                        custom_attrs={"data-testid": "add-area"},
                    ),
                ),
                rx.fragment(),
            ),
            class_name="ph",
        ),
        area_lists(TEXTS, TablesState, table_form=TableFormState, area_form=AreaFormState),
    )


def _table() -> rx.Component:
    state = TableFormState
    return rx.fragment(
        form_head(
            rx.cond(
                state.table.id != "",
                f"{TEXTS['edit_table']} {state.table.number}",
                TEXTS["new_table"],
            ),
            TEXTS["back"],
            state.leave,
            _archive(state.table.id, TablesState.ask_archive("table", state.table.id)),
        ),
        table_form(TEXTS, state, id="table-form"),
        _savebar(state, "table-form"),
    )


def _area() -> rx.Component:
    state = AreaFormState
    return rx.fragment(
        form_head(
            rx.cond(state.area.id != "", state.area.name, TEXTS["new_area"]),
            TEXTS["back"],
            state.leave,
            _archive(state.area.id, TablesState.ask_archive("area", state.area.id)),
        ),
        area_form(TEXTS, state, id="area-form"),
        _savebar(state, "area-form"),
    )


def _archive(subject_id: Any, on_click: Any) -> rx.Component:
    return rx.cond(
        subject_id != "",
        rx.el.button(
            icon("trash-2", 18),
            TEXTS["archive"],
            type="button",
            class_name="b badb",
            on_click=on_click,
            custom_attrs={"data-testid": "archive"},
        ),
        rx.fragment(),
    )


def _savebar(state: type[rx.State], form_id: str) -> rx.Component:
    return savebar(
        form_id=form_id,
        is_dirty=state.is_dirty,
        not_saved=TEXTS["not_saved"],
        discard=TEXTS["discard"],
        save=TEXTS["save"],
        on_discard=state.leave,
    )


def _question() -> rx.Component:
    asks = TablesState.asks
    return confirm(
        is_open=asks != "",
        title=rx.cond(asks == "table", TEXTS["archive_table_title"], TEXTS["archive_area_title"]),
        text=rx.cond(asks == "table", TEXTS["archive_table_text"], TEXTS["archive_area_text"]),
        yes=TEXTS["archive"],
        no=TEXTS["cancel"],
        on_yes=TablesState.archive,
        on_no=TablesState.keep,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_TABLES,
        title="Tables · SmartMenu",
        on_load=[FrameState.enter, TablesState.enter],
    )
