"""The door of guest screens: a restaurant from the address, a guest from the cookies."""

import random
import re
from dataclasses import dataclass
from typing import Any

import reflex as rx

from services import live
from services.base import clock
from services.base.cookies import CLIENT_COOKIE, LANGUAGE_COOKIE, VISIT_COOKIE
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.base.texts import choose_language, languages, preferred_languages, sentence
from services.guests import visits
from services.identity.devices import device_info, looks_like_bot
from services.identity.types import Arrival, BegunVisit, Guest, Signals
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.doors import EventBody, Handler, background_door, cookie, door
from state.log_in import find_actor
from state.notice import tell

_SLUG = re.compile(r"^/menu/([a-z0-9-]{1,60})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Here:
    """Where a guest is, and who they are in this visit."""

    restaurant: RestaurantInfo
    guest: Guest
    language: str


def signals(state: rx.State) -> Signals:
    """What this browser shows: cookies of the socket's handshake.

    Without cookies the tab itself stands for the session: its guest can order, and is new with
    every tab.
    """
    session_token = cookie(state, VISIT_COOKIE) or f"tab:{state.router.session.client_token}"
    return Signals(session_token=session_token, client_id=cookie(state, CLIENT_COOKIE))


def language_of(state: rx.State, restaurant: RestaurantInfo) -> str:
    """The guest's choice, else what the browser prefers, among what the restaurant offers."""
    return choose_language(_wanted_languages(state), list(restaurant.languages))


def _wanted_languages(state: rx.State) -> list[str]:
    return preferred_languages(
        cookie(state, LANGUAGE_COOKIE), str(state.router.headers.accept_language or "")
    )


async def get_restaurant(state: rx.State) -> RestaurantInfo:
    """The restaurant whose menu this page is.

    Raises:
        NotFoundError: there is none at this address.
    """
    match = _SLUG.match(state.router.url.path or "")
    async with reading() as session:
        return await restaurants.get_by_slug(session, match[1] if match else "")


async def find_here(state: rx.State) -> Here | None:
    """The guest of a running visit, without beginning one."""
    restaurant = await get_restaurant(state)
    async with reading() as session:
        guest = await visits.find_guest(
            session, restaurant=restaurant, signals=signals(state), now=clock.now()
        )
    return Here(restaurant, guest, language_of(state, restaurant)) if guest else None


async def begin(state: rx.State, restaurant: RestaurantInfo) -> tuple[Here, BegunVisit]:
    """A live browser has arrived, or acts: its visit begins or goes on."""
    language = language_of(state, restaurant)
    query = state.router.url.query_parameters
    headers = state.router.headers
    arrival = Arrival(
        table_code=str(query.get("table", ""))[:32],
        area_code=str(query.get("area", ""))[:32],
        campaign_code=str(query.get("campaign", ""))[:32],
        general_code=str(query.get("general", ""))[:32],
        # One sign more than a code has: what was cut off must not fit.
        invite_code=str(query.get("friend", ""))[:33],
        wants_delivery=query.get("type") == "delivery",
        language=language,
        device_info=device_info(str(headers.user_agent or "")),
    )
    async with transaction() as session:
        begun = await visits.begin_visit(
            session,
            restaurant=restaurant,
            signals=signals(state),
            arrival=arrival,
            now=clock.now(),
            rng=random.SystemRandom(),
        )
    for table_id in {begun.guest.table_id, begun.left_table_id} - {None}:
        await live.publish([live.floor_topic(restaurant.id)], "visit", table_id or "")
    return Here(restaurant, begun.guest, language), begun


async def is_onlooker(state: rx.State) -> bool:
    """Link previews, crawlers and logged-in staff look at a menu without being guests."""
    if looks_like_bot(str(state.router.headers.user_agent or "")):
        return True
    return await find_actor(state) is not None


async def _admit(state: rx.State) -> Here:
    # Somebody who acts is a guest, even staff who try their own menu; looking alone begins nothing.
    here = await find_here(state)
    return here if here is not None else (await begin(state, await get_restaurant(state)))[0]


async def _refuse(state: rx.State, error: SmartMenuError) -> Any:  # noqa: ANN401 - an event or nothing
    try:
        language = language_of(state, await get_restaurant(state))
    except SmartMenuError:
        # No such restaurant, or the database is away: the guest is told all the same.
        language = choose_language(_wanted_languages(state), list(languages()))
    await tell(state, sentence(language, error), tone="bad")


def guest(handler: Handler) -> EventBody:
    """Below `@rx.event`: the handler gets `Here` after self."""
    return door(name="guest", admit=_admit, refuse=_refuse)(handler)


def guest_background(handler: Handler) -> EventBody:
    """Below `@rx.event(background=True)`: the same."""
    return background_door(name="guest", admit=_admit, refuse=_refuse)(handler)
