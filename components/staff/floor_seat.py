"""The dialog that finds a table for a party at the door."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, NumberVar, StringVar

from components.icons import icon
from components.staff.floor_dialogs import PARTY_SIZES, modal
from components.texts import Texts


@dataclass(frozen=True)
class SeatDialogVars:
    """How many they are, who they are, and where they can sit."""

    texts: Texts
    is_open: rx.Var[bool]
    size: NumberVar[int]
    guests: ArrayVar[list[Any]]
    guest_id: rx.Var[str]
    expected: ArrayVar[list[Any]]
    party_key: StringVar
    free: ArrayVar[list[Any]]
    soon: ArrayVar[list[Any]]
    on_choose_size: Any
    on_search: Any
    on_choose_guest: Any
    on_choose_party: Any
    on_seat: Any
    on_close: Any


def seat_dialog(dialog: SeatDialogVars) -> rx.Component:
    """Size first; the tables appear below it."""
    texts = dialog.texts
    return rx.cond(
        dialog.is_open,
        modal(texts["back"], dialog.on_close, texts["seat_party"], _body(dialog)),
        rx.fragment(),
    )


def _body(dialog: SeatDialogVars) -> rx.Component:
    texts = dialog.texts
    return rx.el.div(
        rx.cond(
            dialog.expected.length() > 0,
            rx.fragment(
                rx.el.h3(texts["expected"]),
                rx.el.ul(
                    rx.foreach(dialog.expected, lambda one: _expected(one, dialog)),
                    class_name="expected",
                ),
            ),
        ),
        rx.el.h3(texts["party"]),
        rx.el.div(
            *(
                rx.el.button(
                    str(size),
                    type="button",
                    class_name=rx.cond(dialog.size == size, "b tint num", "b sec num"),
                    on_click=dialog.on_choose_size(size),
                    custom_attrs={
                        "aria-pressed": rx.cond(dialog.size == size, "true", "false"),
                        "data-testid": f"seat-size-{size}",
                    },
                )
                for size in PARTY_SIZES
            ),
            class_name="party",
        ),
        rx.el.label(
            icon("search", 18),
            rx.el.input(
                type="search",
                placeholder=texts["known_guest"],
                on_change=dialog.on_search,
                custom_attrs={
                    "aria-label": texts["known_guest"],
                    "data-testid": "seat-search",
                },
            ),
            class_name="fld",
        ),
        rx.el.div(rx.foreach(dialog.guests, lambda guest: _guest(guest, dialog)), class_name="who"),
        rx.cond(dialog.size > 0, _places(dialog)),
        class_name="seat-help",
    )


def _expected(one: Any, dialog: SeatDialogVars) -> rx.Component:
    """Somebody with a reservation, or next in the queue."""
    is_on = dialog.party_key == one.key
    return rx.el.li(
        rx.el.button(
            icon(one.icon, 20),
            rx.el.span(
                rx.el.b(one.name, custom_attrs={"dir": "auto"}),
                rx.el.small(one.caption, class_name="num"),
            ),
            rx.cond(is_on, icon("check", 20), rx.fragment()),
            type="button",
            class_name=rx.cond(is_on, "on", ""),
            on_click=dialog.on_choose_party(one.kind, one.key.split(":")[1]),
            custom_attrs={
                "aria-pressed": rx.cond(is_on, "true", "false"),
                "data-testid": "seat-expected",
            },
        ),
        key=one.key,
    )


def _guest(guest: Any, dialog: SeatDialogVars) -> rx.Component:
    is_on = dialog.guest_id == guest.id
    return rx.el.button(
        guest.alias,
        rx.cond(guest.caption != "", rx.el.small(guest.caption)),
        type="button",
        class_name=rx.cond(is_on, "b tint", "b sec"),
        on_click=dialog.on_choose_guest(guest.id),
        key=guest.id,
        custom_attrs={
            "aria-pressed": rx.cond(is_on, "true", "false"),
            "data-testid": "seat-guest",
        },
    )


def _places(dialog: SeatDialogVars) -> rx.Component:
    texts = dialog.texts
    return rx.fragment(
        rx.el.h3(texts["free_now"]),
        rx.cond(
            dialog.free.length() > 0,
            rx.el.div(
                rx.foreach(
                    dialog.free,
                    lambda place: rx.el.button(
                        rx.el.span(place.number, _liked(place), class_name="n num"),
                        rx.el.small(place.caption),
                        type="button",
                        class_name="place s-free",
                        on_click=dialog.on_seat(place.id),
                        key=place.id,
                        custom_attrs={"data-testid": "seat-place", "data-place": place.number},
                    ),
                ),
                class_name="places",
            ),
            rx.el.p(texts["none_free"]),
        ),
        rx.cond(
            dialog.soon.length() > 0,
            rx.fragment(
                rx.el.h3(texts["free_soon"]),
                rx.el.ul(
                    rx.foreach(
                        dialog.soon,
                        lambda place: rx.el.li(
                            rx.el.b(place.number, _liked(place), class_name="num"),
                            rx.el.span(place.caption),
                            key=place.id,
                            custom_attrs={"data-testid": "seat-soon"},
                        ),
                    ),
                    class_name="soon",
                ),
            ),
        ),
    )


def _liked(place: Any) -> rx.Component:
    return rx.cond(place.is_liked, icon("heart", 16), rx.fragment())
