"""A guest's reservation and place in the queue, opened by the token in the address.

These pages know nobody: whoever has the link may look, and what they do is posted over HTTP.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from services import live
from services.base import clock
from services.base.booking_texts import BOOKED, WAIT
from services.base.database import reading
from services.base.texts import page_texts
from services.reservations import queries, waitlist
from services.reservations.guest_page import (
    BookedPage,
    WaitPage,
    find_booked_page,
    find_wait_page,
)
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.doors import anyone
from state.guest.access import language_of

# An estimate grows old while nothing happens.
REFRESH_SECONDS = 30
_TOKEN = re.compile(r"^/(?:reservation|wait)/([0-9a-f]{8,64})/?$")
Finder = Callable[..., Awaitable[Any]]


class BookedState(rx.State):
    """One reservation, live."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    page: BookedPage = BookedPage.empty()
    page_title: str = ""
    is_missing: bool = False
    is_ready: bool = False

    @rx.event(background=True)
    @anyone
    async def follow(self):
        """Show the reservation of this address and follow it until the page closes."""
        await _follow(self, queries.find_by_token, find_booked_page, BOOKED)


class WaitState(rx.State):
    """One place in the queue, live."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    page: WaitPage = WaitPage.empty()
    page_title: str = ""
    is_missing: bool = False
    is_ready: bool = False

    @rx.event(background=True)
    @anyone
    async def follow(self):
        """Show the place of this address and follow it until the page closes."""
        await _follow(self, waitlist.find_by_token, find_wait_page, WAIT)


async def _follow(
    state: BookedState | WaitState, find: Finder, find_page: Finder, words: dict[str, str]
) -> None:
    match = _TOKEN.match(state.router.url.path or "")
    token = match[1] if match else ""
    async with reading() as session:
        found = await find(session, token=token) if token else None
        restaurant = (
            await restaurants.get(session, found.restaurant_id) if found is not None else None
        )
    if restaurant is None:
        async with state:
            state.is_missing = state.is_ready = True
        return
    language = language_of(state, restaurant)
    async with live.subscribe([live.reservations_topic(restaurant.id)]) as news:
        while True:
            await _show(state, restaurant, token, language, find_page, words)
            await news.next(timeout_seconds=REFRESH_SECONDS)


async def _show(
    state: BookedState | WaitState,
    restaurant: RestaurantInfo,
    token: str,
    language: str,
    find_page: Finder,
    words: dict[str, str],
) -> None:
    async with reading() as session:
        page = await find_page(
            session, restaurant=restaurant, token=token, language=language, now=clock.now()
        )
    async with state:
        if not state.texts:
            state.texts = page_texts(language, words)
            state.page_title = f"{state.texts['title']} · {restaurant.name}"
        if page is not None and page != state.page:
            state.page = page
        if not state.is_ready:
            state.is_ready = True
