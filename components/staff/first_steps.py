"""What a new restaurant does first, in place of a room that is still empty."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts
from services.base import addresses


def first_steps(texts: Texts, steps: Any) -> rx.Component:
    """The list of steps; each leads to the screen on which it is taken."""
    return rx.el.div(
        rx.el.h2(texts["first_title"]),
        rx.el.p(texts["first_note"]),
        rx.el.ol(rx.foreach(steps, lambda step: _step(texts, step)), class_name="card"),
        class_name="steps1",
        custom_attrs={"data-testid": "first-steps"},
    )


def _step(texts: Texts, step: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                icon(rx.cond(step.is_done, "check", step.icon)),
                class_name=rx.cond(step.is_done, "av a1", "av a4"),
            ),
            rx.el.span(
                rx.el.b(
                    step.title,
                    rx.cond(
                        step.is_done,
                        rx.el.span(f": {texts['first_done']}", class_name="sr"),
                        rx.fragment(),
                    ),
                ),
                rx.el.small(step.note),
            ),
            icon("chevron-right", 18, "flip"),
            href=step.href,
            class_name=rx.cond(step.is_done, "done", ""),
        ),
        key=step.key,
    )


def no_dishes_yet(texts: Texts, is_shown: Any) -> rx.Component:
    """The room stands, but guests who scan find an empty menu."""
    return rx.cond(
        is_shown,
        rx.el.div(
            icon("book-open"),
            rx.el.span(texts["no_dishes"]),
            rx.el.a(texts["no_dishes_link"], href=addresses.STAFF_MENU, class_name="b sec"),
            class_name="todo",
        ),
        rx.fragment(),
    )
