"""Dialogs of the floor: how many guests, release, move and put together, who goes, whose table."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, StringVar

from components.icons import icon
from components.texts import Texts

PARTY_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)


def modal(
    back: rx.Var[str], on_close: Any, title: rx.Var[str], body: rx.Component, *actions: rx.Component
) -> rx.Component:
    """A dialog over everything, with the way back."""
    return rx.fragment(
        rx.el.div(class_name="scrim", on_click=on_close),
        rx.el.section(
            rx.el.h2(title, id="floor-dialog"),
            body,
            rx.el.div(
                rx.el.button(
                    back,
                    type="button",
                    class_name="b gh",
                    on_click=on_close,
                    custom_attrs={"data-escape": "", "data-testid": "dialog-close"},
                ),
                *actions,
                class_name="row end",
            ),
            class_name="modal",
            role="dialog",
            custom_attrs={"aria-modal": "true", "aria-labelledby": "floor-dialog"},
        ),
    )


@dataclass(frozen=True)
class FloorDialogVars:
    """Which dialog is open ("", "party", "release") and what it says."""

    texts: Texts
    dialog: rx.Var[str]
    warning: rx.Var[str]
    on_seat: Any
    on_release_anyway: Any
    on_close_dialog: Any


def floor_dialogs(dialog: FloorDialogVars) -> rx.Component:
    """How many guests, or the warning before a table with open orders is released."""
    texts = dialog.texts
    return rx.fragment(
        rx.match(
            dialog.dialog,
            (
                "party",
                modal(
                    texts["back"],
                    dialog.on_close_dialog,
                    texts["party"],
                    rx.el.div(
                        *(
                            rx.el.button(
                                str(size),
                                type="button",
                                class_name="b sec num",
                                on_click=dialog.on_seat(size),
                                custom_attrs={"data-testid": f"party-{size}"},
                            )
                            for size in PARTY_SIZES
                        ),
                        class_name="party",
                    ),
                ),
            ),
            (
                "release",
                modal(
                    texts["back"],
                    dialog.on_close_dialog,
                    texts["release_title"],
                    rx.el.p(dialog.warning),
                    rx.el.button(
                        texts["release_sure"],
                        type="button",
                        class_name="b sure",
                        on_click=dialog.on_release_anyway,
                        custom_attrs={"data-testid": "release-confirm"},
                    ),
                ),
            ),
            rx.fragment(),
        )
    )


@dataclass(frozen=True)
class MoveDialogVars:
    """Which dialog is open ("", "move", "merge", "split", "drop"), and what can be chosen."""

    texts: Texts
    which: StringVar
    title: StringVar
    places: ArrayVar[list[Any]]
    guests: ArrayVar[list[Any]]
    going: ArrayVar[list[str]]
    can_move: rx.Var[bool]
    on_choose_guest: Any
    on_go: Any
    on_do_drop: Any
    on_drop: Any
    on_close: Any


def move_dialogs(dialog: MoveDialogVars) -> rx.Component:
    """Where a party goes; and what dropping it onto another table meant."""
    return rx.fragment(
        # The script that drags writes here which table was dropped onto which.
        rx.el.input(
            type="text",
            default_value="",
            on_change=dialog.on_drop,
            class_name="sr",
            custom_attrs={"data-floor-drop": "", "tabIndex": "-1", "aria-hidden": "true"},
        ),
        rx.cond(
            dialog.which == "drop",
            _dropped(dialog),
            rx.cond(dialog.which != "", _where_to(dialog), rx.fragment()),
        ),
    )


def _where_to(dialog: MoveDialogVars) -> rx.Component:
    texts = dialog.texts
    return modal(
        texts["back"],
        dialog.on_close,
        dialog.title,
        rx.el.div(
            rx.cond(
                dialog.which == "split",
                rx.fragment(
                    rx.el.h3(texts["who_goes"]),
                    rx.el.div(
                        rx.foreach(dialog.guests, lambda guest: _guest(guest, dialog)),
                        class_name="who",
                    ),
                    rx.el.h3(texts["where_to"]),
                ),
            ),
            rx.cond(
                dialog.places.length() > 0,
                rx.el.div(
                    rx.foreach(dialog.places, lambda place: _place(place, dialog)),
                    class_name="places",
                ),
                rx.el.p(texts["no_places"]),
            ),
        ),
    )


def _guest(guest: Any, dialog: MoveDialogVars) -> rx.Component:
    goes = dialog.going.contains(guest.id)
    return rx.el.button(
        icon(rx.cond(goes, "check", "user"), 18),
        guest.alias,
        type="button",
        class_name=rx.cond(goes, "b tint", "b sec"),
        on_click=dialog.on_choose_guest(guest.id),
        key=guest.id,
        custom_attrs={
            "aria-pressed": rx.cond(goes, "true", "false"),
            "data-testid": "split-guest",
        },
    )


def _place(place: Any, dialog: MoveDialogVars) -> rx.Component:
    return rx.el.button(
        rx.el.span(place.number, class_name="n num"),
        rx.el.small(place.caption),
        type="button",
        class_name=f"place {place.look}",
        on_click=dialog.on_go(place.id),
        disabled=(dialog.which == "split") & (dialog.going.length() == 0),
        key=place.id,
        custom_attrs={"data-testid": "place", "data-place": place.number},
    )


def _dropped(dialog: MoveDialogVars) -> rx.Component:
    texts = dialog.texts
    return modal(
        texts["cancel_drop"],
        dialog.on_close,
        dialog.title,
        rx.el.div(
            rx.cond(
                dialog.can_move,
                rx.el.button(
                    icon("arrow-right-left", 20),
                    texts["move_here"],
                    type="button",
                    class_name="b pri",
                    on_click=dialog.on_do_drop("move"),
                    custom_attrs={"data-testid": "drop-move"},
                ),
            ),
            rx.el.button(
                icon("merge", 20),
                texts["merge"],
                type="button",
                class_name="b sec",
                on_click=dialog.on_do_drop("merge"),
                custom_attrs={"data-testid": "drop-merge"},
            ),
            class_name="choices",
        ),
    )
