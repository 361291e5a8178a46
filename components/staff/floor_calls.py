"""Guests who call, above the plan: heard, seen and read aloud at once; one tap answers."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon
from components.texts import Texts


def calls_strip(
    texts: Texts, calls: ArrayVar[list[Any]], may_work: rx.Var[bool], on_answer: Any, on_open: Any
) -> rx.Component:
    """Always in the document: a region that appears together with its words is not read aloud."""
    return rx.el.ul(
        rx.foreach(calls, lambda call: _call(texts, call, may_work, on_answer, on_open)),
        class_name="calls",
        custom_attrs={"aria-live": "assertive", "aria-label": texts["calls"]},
    )


def _call(
    texts: Texts, call: Any, may_work: rx.Var[bool], on_answer: Any, on_open: Any
) -> rx.Component:
    return rx.el.li(
        icon(call.icon, 20),
        rx.el.button(
            rx.el.b(call.table, class_name="num"),
            " ",
            call.word,
            type="button",
            class_name="who-calls",
            on_click=on_open(call.table_id),
        ),
        rx.el.span(class_name="num age-c", custom_attrs={"data-since": call.since}),
        rx.cond(
            may_work,
            rx.el.button(
                texts["answer"],
                type="button",
                class_name="b",
                on_click=on_answer(call.key),
                custom_attrs={"data-testid": "call-answer"},
            ),
        ),
        class_name="call",
        key=call.key,
        custom_attrs={
            "data-testid": "floor-call",
            "data-floor-call": call.key,
            "data-call-table": call.table,
        },
    )


def sound_button(texts: Texts) -> rx.Component:
    """On or off on this device; the script keeps it."""
    return rx.el.button(
        icon("volume-2"),
        type="button",
        class_name="b sec sq",
        custom_attrs={"aria-label": texts["sound"], "aria-pressed": "true", "data-sound": ""},
    )
