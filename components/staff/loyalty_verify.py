"""Checking a guest's reward code: one field, and one large answer."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import form


def verify_panel(state: Any) -> rx.Component:
    """The field, and below it what to do.

    Args:
        state: Vars `texts`, `code`, `number`, `given`, `problem`, and the handler `verify`.
    """
    texts = state.texts
    return rx.el.div(
        rx.el.p(texts["lead"], class_name="mut"),
        form(
            rx.el.label(texts["code"], html_for="code", class_name="lbl"),
            rx.el.div(
                icon("gift"),
                rx.el.input(
                    name="code",
                    id="code",
                    type="text",
                    default_value=state.code,
                    auto_complete="off",
                    auto_capitalize="characters",
                    spell_check=False,
                    max_length=200,
                    placeholder="ABCD EFGH",
                    custom_attrs={
                        "data-testid": "verify-input",
                        "aria-describedby": "code-hint",
                        "dir": "ltr",
                        "enterKeyHint": "go",
                    },
                ),
                class_name=rx.cond(state.problem != "", "fld err", "fld"),
            ),
            rx.el.p(texts["hint"], id="code-hint", class_name="mut"),
            rx.el.button(
                texts["submit"],
                type="submit",
                class_name="b pri lg",
                custom_attrs={"data-testid": "verify-submit"},
            ),
            id="verify",
            key=state.number,
            on_submit=state.verify,
            class_name="card verify",
        ),
        rx.el.div(
            rx.cond(state.problem != "", _refused(state), rx.fragment()),
            rx.cond(state.given.name != "", _given(state), rx.fragment()),
            custom_attrs={"aria-live": "assertive"},
        ),
        rx.el.link(rel="stylesheet", href="/loyalty.css", custom_attrs={"precedence": "default"}),
        class_name="secs verifies",
    )


def _given(state: Any) -> rx.Component:
    return rx.el.section(
        icon("circle-check", 40),
        rx.el.p(state.texts["give"], class_name="lbl"),
        rx.el.h2(rx.el.bdi(state.given.name)),
        rx.el.dl(
            rx.el.div(rx.el.dt(state.texts["to"]), rx.el.dd(rx.el.bdi(state.given.alias))),
            rx.el.div(rx.el.dt(state.texts["points"]), rx.el.dd(state.given.points)),
        ),
        class_name="card answer good",
        custom_attrs={"data-testid": "verify-given"},
    )


def _refused(state: Any) -> rx.Component:
    return rx.el.section(
        icon("ban", 40),
        rx.el.p(state.texts["refused"], class_name="lbl"),
        rx.el.h2(state.problem),
        class_name="card answer bad",
        role="alert",
        custom_attrs={"data-testid": "verify-refused"},
    )
