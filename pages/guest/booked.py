"""A guest's reservation and place in the queue, behind their links."""

from typing import Any

import reflex as rx

from components.connection import is_offline, live_marker
from components.guest.booked import booked_body, sheet, wait_body
from components.guest.notices import offline_strip
from components.markup import LIVE
from state.guest.booked import BookedState, WaitState


def reservation_page() -> rx.Component:
    """/reservation/{token}."""
    return _page(BookedState, booked_body(LIVE, BookedState.texts, BookedState.page))


def wait_page() -> rx.Component:
    """/wait/{token}."""
    return _page(WaitState, wait_body(LIVE, WaitState.texts, WaitState.page))


def _page(state: Any, body: rx.Component) -> rx.Component:
    return rx.fragment(
        sheet(),
        rx.cond(
            state.is_ready & ~state.is_missing,
            rx.fragment(offline_strip(is_offline, state.texts["offline"]), body),
            rx.fragment(),
        ),
        live_marker(state.is_ready),
    )


def register(app: rx.App) -> None:
    """Add both pages."""
    app.add_page(
        reservation_page,
        route="/reservation/[reservation_token]",
        title=BookedState.page_title,
        on_load=BookedState.follow,
    )
    app.add_page(
        wait_page,
        route="/wait/[wait_token]",
        title=WaitState.page_title,
        on_load=WaitState.follow,
    )
