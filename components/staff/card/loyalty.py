"""Points, tier and rewards: what will stand here once there is a programme. No made-up numbers."""

from typing import Any

import reflex as rx

from components.icons import icon


def loyalty(texts: Any) -> rx.Component:
    """An honest empty part."""
    return rx.el.div(
        rx.el.span(icon("award", 30), class_name="mark"),
        rx.el.h2(texts["loyalty_title"]),
        rx.el.p(texts["loyalty_text"]),
        class_name="em slim",
        custom_attrs={"data-testid": "no-loyalty"},
    )
