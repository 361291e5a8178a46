"""One line of the guest list."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts

_SWITCH = ("true", "false")


def guest_row(texts: Texts, row: Any, *, bulk: Any, preview: Any) -> rx.Component:
    """One guest."""
    is_chosen = bulk.chosen.contains(row.id)
    is_open = preview.card.id == row.id
    return rx.el.tr(
        rx.el.td(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=is_chosen,
                    on_change=bulk.choose(row.id),
                    custom_attrs={
                        "aria-label": f"{texts['choose']}: {row.alias}",
                        "data-testid": "customer-choose",
                    },
                ),
                class_name="box",
            ),
            class_name="pick",
        ),
        rx.el.td(
            rx.el.span(
                rx.el.span(icon(row.icon), class_name="av " + row.tint),
                rx.el.span(
                    rx.el.a(rx.el.b(row.alias), href=row.href, class_name="whole"),
                    rx.el.small(row.detail),
                ),
                class_name="g",
            ),
            class_name="m1",
        ),
        rx.foreach(row.cells, lambda cell: _cell(row, cell)),
        rx.el.td(
            rx.el.button(
                icon("eye", 18),
                type="button",
                class_name="b gh sq",
                on_click=preview.open(row.id),
                custom_attrs={
                    "aria-label": f"{texts['preview']}: {row.alias}",
                    "aria-expanded": rx.cond(is_open, *_SWITCH),
                    "title": texts["preview"],
                    "data-testid": "customer-preview",
                },
            ),
            class_name="see",
        ),
        key=row.id,
        class_name=rx.cond(
            is_chosen,
            rx.cond(is_open, "linked sel cur", "linked sel"),
            rx.cond(is_open, "linked cur", "linked"),
        ),
        custom_attrs={"data-testid": "customer-row", "data-customer-id": row.id},
    )


def _cell(row: Any, cell: Any) -> rx.Component:
    name = "c-" + cell.key
    found: Any = rx.match(
        cell.kind,
        ("status", rx.el.td(_status(row, cell), class_name=name, key=cell.key)),
        ("bars", rx.el.td(month_bars(row), class_name=name, key=cell.key)),
        (
            "money",
            rx.el.td(
                rx.cond(cell.key == "spent", rx.el.b(cell.text), rx.fragment(cell.text)),
                class_name="r num " + name,
                key=cell.key,
            ),
        ),
        ("number", rx.el.td(cell.text, class_name="r num " + name, key=cell.key)),
        rx.el.td(
            rx.el.span(cell.text, class_name="cut", custom_attrs={"title": cell.text}),
            class_name="num " + name,
            key=cell.key,
        ),
    )
    return found


def _status(row: Any, cell: Any) -> rx.Component:
    return rx.el.span(icon(row.status_icon, 16), cell.text, class_name="chip " + row.status_tone)


def month_bars(row: Any) -> rx.Component:
    """Visits of twelve months as little bars."""
    return rx.el.span(
        rx.foreach(
            row.bars,
            lambda bar: rx.el.i(style={"height": bar.height.to_string() + "px"}, key=bar.key),
        ),
        class_name="bars12",
        role="img",
        custom_attrs={"aria-label": row.bars_text},
    )
