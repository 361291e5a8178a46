"""The buttons with which a guest calls, and what became of it."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon


def call_panel(texts: Any, calls: ArrayVar[list[Any]], sentence: Any, on_call: Any) -> rx.Component:
    """Nothing for guests without a table."""
    return rx.cond(
        calls.length() > 0,
        rx.el.section(
            rx.el.h2(texts["title"]),
            rx.el.div(rx.foreach(calls, lambda call: _button(call, on_call)), class_name="pair"),
            rx.el.p(sentence, class_name="tiny c", role="status"),
            class_name="panel call-us",
        ),
        rx.fragment(),
    )


def _button(call: Any, on_call: Any) -> rx.Component:
    waits = call.state == "waiting"
    return rx.el.button(
        icon(rx.cond(call.state == "", call.icon, "check")),
        call.word,
        type="button",
        class_name="btn sec c",
        on_click=on_call(call.kind),
        disabled=waits,
        key=call.kind,
        custom_attrs={
            "data-testid": f"call-{call.kind}",
            "data-state": call.state,
        },
    )
