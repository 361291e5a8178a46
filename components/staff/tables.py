"""The tables' list with its codes, and the forms of a table and an area."""

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
            rx.foreach(state.areas, lambda area: _area(texts, area, state, table_form, area_form)),
            _general(texts, state),
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


def _area(texts: Texts, area: Any, state: Any, table_form: Any, area_form: Any) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(area.name),
            rx.el.span(area.summary, class_name="hint num"),
            rx.el.span(class_name="grow"),
            icon_button(
                "refresh-cw",
                f"{texts['rotate_area']}: {area.name}",
                state.ask_rotation("codes", area.id),
            ),
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
                    rx.el.tbody(
                        rx.foreach(area.tables, lambda t: _table(texts, t, state, table_form))
                    ),
                    class_name="duo",
                ),
                class_name="card wrapt flush",
            ),
            rx.el.p(texts["empty_area"], class_name="card pad mut"),
        ),
        key=area.id,
    )


def _table(texts: Texts, table: Any, state: Any, table_form: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.b(table.number, class_name="num"),
            rx.cond(table.name != "", rx.el.small(" ", table.name), rx.fragment()),
            class_name="m1",
        ),
        rx.el.td(table.seats, class_name="r num"),
        rx.el.td(table.kind, class_name="s1"),
        rx.el.td(
            rx.cond(
                table.code.id != "",
                rx.el.span(table.code.code, class_name="code"),
                rx.el.button(
                    texts["make_code"],
                    type="button",
                    class_name="b sec",
                    on_click=state.make_code(table.id, ""),
                ),
            ),
        ),
        rx.el.td(table.code.scan_count, class_name="r num"),
        rx.el.td(
            rx.el.span(
                rx.cond(
                    table.code.id != "",
                    rx.fragment(
                        rx.el.a(
                            icon("qr-code", 18),
                            href=table.code.png,
                            target="_blank",
                            class_name="b gh sq",
                            custom_attrs={
                                "aria-label": f"{texts['png']}: {table.number}",
                                "title": texts["png"],
                            },
                        ),
                        icon_button(
                            "refresh-cw",
                            f"{texts['rotate']}: {table.number}",
                            state.ask_rotation("code", table.code.id),
                        ),
                    ),
                    rx.fragment(),
                ),
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


def code_card(
    texts: Texts, title: Any, code: Any, *, help: Any = None, on_make: Any, on_rotate: Any
) -> rx.Component:
    """One code with its pictures, or the button that makes it."""
    return rx.el.section(
        rx.el.h2(title),
        rx.el.p(help, class_name="help") if help is not None else rx.fragment(),
        rx.cond(
            code.id != "",
            rx.el.div(
                rx.el.img(
                    src=code.svg,
                    alt=f"{texts['code']} {code.code}",
                    class_name="qr",
                    custom_attrs={"width": "120", "height": "120"},
                ),
                rx.el.div(
                    rx.el.p(rx.el.span(code.code, class_name="code"), " · ", code.scans),
                    rx.el.div(
                        *(
                            rx.el.a(
                                icon("download", 18),
                                texts[kind],
                                href=href,
                                class_name="b sec",
                                custom_attrs={"download": True},
                            )
                            for kind, href in (("png", code.png), ("svg", code.svg))
                        ),
                        rx.el.button(
                            icon("refresh-cw", 18),
                            texts["rotate"],
                            type="button",
                            class_name="b gh",
                            on_click=on_rotate,
                        ),
                        class_name="row",
                    ),
                    class_name="stack",
                ),
                class_name="codebox",
            ),
            rx.el.div(
                rx.el.button(
                    icon("qr-code", 18),
                    texts["make_code"],
                    type="button",
                    class_name="b sec",
                    on_click=on_make,
                ),
                class_name="row",
            ),
        ),
        class_name="card pad stack",
    )


def _general(texts: Texts, state: Any) -> rx.Component:
    return code_card(
        texts,
        texts["general"],
        state.general,
        help=texts["general_help"],
        on_make=state.make_code("", ""),
        on_rotate=state.ask_rotation("code", state.general.id),
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
