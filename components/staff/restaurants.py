"""The list of restaurants to go to."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.native_form import native_form
from components.texts import Texts
from services.base import addresses


def restaurant_list(texts: Texts, rows: Any) -> rx.Component:
    """Every restaurant of whoever looks, with the way there."""
    return rx.el.div(
        rx.el.p(texts["lead"], class_name="mut"),
        rx.el.ul(rx.foreach(rows, lambda row: _restaurant(texts, row)), class_name="card list"),
        class_name="secs",
    )


def _restaurant(texts: Texts, row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("utensils"), class_name="av a4", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(rx.el.b(rx.el.bdi(row.name)), rx.el.small(row.role), class_name="grow"),
        rx.cond(
            row.is_here,
            rx.el.span(icon("check", 16), texts["here"], class_name="chip ok"),
            native_form(
                rx.el.input(type="hidden", name="restaurant_id", value=row.id, read_only=True),
                rx.el.button(
                    texts["go"],
                    type="submit",
                    class_name="b sec",
                    custom_attrs={"aria-label": f"{texts['go']}: {row.name}"},
                ),
                action=addresses.AUTH_RESTAURANT,
            ),
        ),
        key=row.id,
        custom_attrs={"data-testid": "restaurant", "data-restaurant-id": row.id},
    )
