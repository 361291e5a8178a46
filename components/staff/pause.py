"""Pausing orders: the button in the bar, and the strip that says so as long as it lasts."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts


@dataclass(frozen=True)
class PauseVars:
    """Vars of the pause's state, and its handler."""

    texts: Texts
    is_paused: rx.Var[bool]
    may_pause: rx.Var[bool]
    on_set: Any


def pause_button(pause: PauseVars) -> rx.Component:
    """In the board's bar, for those who may; while orders are paused the strip has the way back."""
    return rx.cond(
        pause.may_pause & ~pause.is_paused,
        rx.el.button(
            icon("pause", 18),
            rx.el.span(pause.texts["pause"]),
            type="button",
            class_name="b sec pause",
            on_click=pause.on_set(True),
            custom_attrs={"data-testid": "pause"},
        ),
        rx.fragment(),
    )


def pause_strip(pause: PauseVars) -> rx.Component:
    """Over a screen while no orders are taken."""
    return rx.cond(
        pause.is_paused,
        rx.el.div(
            icon("pause"),
            rx.el.div(pause.texts["paused"], rx.el.p(pause.texts["paused_note"])),
            rx.cond(
                pause.may_pause,
                rx.el.button(
                    pause.texts["resume"],
                    type="button",
                    class_name="b pri",
                    on_click=pause.on_set(False),
                    custom_attrs={"data-testid": "resume"},
                ),
                rx.fragment(),
            ),
            class_name="off",
            role="status",
            custom_attrs={"data-testid": "paused"},
        ),
        rx.fragment(),
    )
