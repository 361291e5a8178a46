"""The tables' list, and the forms of a table and an area."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import (
    empty,
    form,
    form_refusal,
    section,
    select_field,
    text_area,
    text_field,
)
from components.staff.menu_list import icon_button
from components.texts import Texts


def area_lists(texts: Texts, state: Any, *, table_form: Any, area_form: Any) -> rx.Component:
    """Every area with its tables; `state` is the list's state, the others those of the forms."""
    return rx.cond(
        state.areas.length() > 0,
        rx.el.div(
            rx.foreach(state.areas, lambda area: _area(texts, area, table_form, area_form)),
            class_name="secs",
        ),
        empty(
            "layout-grid",
            texts["empty_title"],
            texts["empty_text"],
            rx.el.button(
                icon("plus", 18),
                texts["add_area"],
                type="button",
                class_name="b pri",
                on_click=area_form.start,
            ),
        ),
    )


def _area(texts: Texts, area: Any, table_form: Any, area_form: Any) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(area.name),
            rx.el.span(area.summary, class_name="hint num"),
            rx.el.span(class_name="grow"),
            icon_button("pencil", f"{texts['edit']}: {area.name}", area_form.open(area.id)),
            rx.el.button(
                icon("plus", 18),
                texts["add_table"],
                type="button",
                class_name="b sec",
                on_click=table_form.start(area.id),
            ),
            class_name="sec-head",
        ),
        rx.cond(
            area.tables.length() > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            *(
                                rx.el.th(texts[name], scope="col", class_name=look)
                                for name, look in (
                                    ("number", ""),
                                    ("seats", "r"),
                                    ("type", ""),
                                    ("code", ""),
                                    ("scans", "r"),
                                )
                            ),
                            rx.el.th(rx.el.span(texts["actions"], class_name="sr"), scope="col"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(area.tables, lambda t: _table(texts, t, table_form))),
                    class_name="duo",
                ),
                class_name="card wrapt flush",
            ),
            rx.el.p(texts["empty_area"], class_name="card pad mut"),
        ),
        key=area.id,
    )


def _table(texts: Texts, table: Any, table_form: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.b(table.number, class_name="num"),
            rx.cond(table.name != "", rx.el.small(" ", table.name), rx.fragment()),
            class_name="m1",
        ),
        rx.el.td(table.seats, class_name="r num"),
        rx.el.td(table.kind, class_name="s1"),
        rx.el.td(rx.el.span(table.code, class_name="code")),
        rx.el.td(table.scan_count, class_name="r num"),
        rx.el.td(
            rx.el.span(
                icon_button(
                    "pencil", f"{texts['edit']}: {table.number}", table_form.open(table.id)
                ),
                class_name="movers",
            ),
            class_name="m2 r",
        ),
        key=table.id,
        custom_attrs={"data-table": table.number},
    )


def table_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of a table; `state` is the state of that form."""
    table, wrong = state.table, state.wrong
    return form(
        form_refusal(wrong),
        section(
            rx.cond(table.id != "", texts["edit_table"], texts["new_table"]),
            rx.el.div(
                text_field(
                    "number",
                    texts["number"],
                    wrong=wrong,
                    value=table.number,
                    help=texts["number_help"],
                    maxlength="12",
                    autocomplete="off",
                ),
                text_field(
                    "name",
                    texts["name"],
                    wrong=wrong,
                    value=table.name,
                    note=texts["optional"],
                    maxlength="60",
                    autocomplete="off",
                ),
                text_field(
                    "seats",
                    texts["seats"],
                    wrong=wrong,
                    value=table.seats,
                    number=True,
                    inputmode="numeric",
                    autocomplete="off",
                ),
                select_field(
                    "area_id",
                    texts["area"],
                    options=state.areas,
                    wrong=wrong,
                    value=table.area_id,
                ),
                select_field(
                    "table_type",
                    texts["type"],
                    options=state.types,
                    wrong=wrong,
                    value=table.table_type,
                ),
                select_field(
                    "shape", texts["shape"], options=state.shapes, wrong=wrong, value=table.shape
                ),
                class_name="f2",
            ),
            text_area(
                "notes",
                texts["notes"],
                wrong=wrong,
                value=table.notes,
                note=texts["optional"],
                maxlength="500",
                rows="2",
            ),
        ),
        id=id,
        key=f"table-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def area_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of an area; `state` is the state of that form."""
    area, wrong = state.area, state.wrong
    return form(
        form_refusal(wrong),
        section(
            rx.cond(area.id != "", texts["edit_area"], texts["new_area"]),
            text_field("name", texts["name"], wrong=wrong, value=area.name, maxlength="80"),
            text_field(
                "description",
                texts["description"],
                wrong=wrong,
                value=area.description,
                note=texts["optional"],
                maxlength="200",
            ),
            rx.el.div(
                select_field(
                    "area_type",
                    texts["type"],
                    options=state.types,
                    wrong=wrong,
                    value=area.area_type,
                ),
                select_field(
                    "service_type",
                    texts["service"],
                    options=state.services,
                    wrong=wrong,
                    value=area.service_type,
                ),
                class_name="f2",
            ),
        ),
        id=id,
        key=f"area-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )
