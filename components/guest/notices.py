"""Sentences on guest pages: what just happened, no connection, an old code."""

from typing import Any

import reflex as rx

from components.icons import icon


def guest_notice(sentence: Any, tone: Any, number: Any) -> rx.Component:
    """The toast at the foot of the page, in one polite live region."""
    return rx.el.div(
        rx.cond(
            sentence != "",
            rx.el.div(
                icon(rx.cond(tone == "bad", "circle-alert", "check")),
                rx.el.span(sentence),
                class_name="toast",
                key=number.to_string(),
                custom_attrs={"data-testid": "notice"},
            ),
            rx.fragment(),
        ),
        role="status",
    )


def offline_strip(is_offline: Any, text: Any) -> rx.Component:
    """No connection: nothing is lost."""
    return rx.cond(
        is_offline,
        rx.el.div(icon("wifi-off"), rx.el.div(text), class_name="off", role="status"),
        rx.fragment(),
    )


def seat_notice(sentence: Any, texts: Any, on_dismiss: Any) -> rx.Component:
    """What has to be said about the code this page was opened with."""
    return rx.cond(
        sentence != "",
        rx.el.div(
            icon("map-pin"),
            rx.el.div(sentence),
            rx.el.button(
                icon("x", 18),
                type="button",
                on_click=on_dismiss,
                class_name="hbtn sq",
                custom_attrs={"aria-label": texts["close"]},
            ),
            class_name="notice warn",
            role="status",
            custom_attrs={"data-testid": "seat-notice"},
        ),
        rx.fragment(),
    )
