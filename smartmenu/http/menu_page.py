"""The guest's menu before any script has run: the built shell with the menu's HTML inside.

A page is made once per restaurant, menu version, language and table, and kept compressed. What
changes with the clock (open until, served from) is made anew every half minute.
"""

import asyncio
import time
from functools import cache
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from components.guest.menu import MenuParts, menu_body, menu_header, table_ways
from components.markup import STATIC, Html
from services.base import addresses, clock
from services.base.booking_texts import BOOK, WAIT
from services.base.database import reading
from services.base.errors import UnavailableError
from services.base.guest_texts import MENU
from services.base.texts import N_, language_label, page_texts, translate
from services.base.threads import in_thread
from services.codes import codes
from services.menu.cache import cached_menu
from services.menu.page import MenuPage, allergen_list, menu_page
from services.reservations.settings import load_rules
from services.reservations.types import ReservationRules
from services.restaurants.types import RestaurantInfo
from services.seating.words import find_seat_text
from smartmenu.http.guest_page import (
    GuestPage,
    answer_page,
    find_restaurant,
    guest_shell,
    keep_page,
    kept_page,
)
from smartmenu.http.guests import keep_language, language_of
from smartmenu.http.pages import missing_page, unavailable_page
from smartmenu.http.shell import client_file, page_script

CLOCK_SECONDS = 30
MAX_CODE_LENGTH = 32
SEATS_KEPT = 2000
SEAT_SECONDS = 5.0
# As many rows as a phone shows at once.
INLINED_PICTURES = 2
DRAWING_BYTES = 12_000
FIRST_PICTURES = 4
PAGE_SCRIPT = "_menu_.__slug_._index"

# By restaurant, version, language and code: when it was looked up, and the words.
_seats: dict[tuple[object, ...], tuple[float, str]] = {}
_making: dict[tuple[object, ...], asyncio.Task[GuestPage]] = {}


async def menu(request: Request) -> Response:
    """GET /menu/{slug}."""
    slug = request.path_params["slug"]
    try:
        restaurant = await find_restaurant(slug)
        if restaurant is None:
            return missing_page(request)
        page = await _page(request, restaurant)
    except UnavailableError:
        return unavailable_page(request)
    response = answer_page(request, page)
    keep_language(request, response, restaurant)
    return response


async def menu_app(scope: Scope, receive: Receive, send: Send) -> None:
    """The same for a navigation that no router has looked at: its path is a menu's."""
    slug = scope["path"].removeprefix("/menu/")
    request = Request({**scope, "path_params": {"slug": slug}}, receive)
    response = await menu(request)
    await response(scope, receive, send)


async def _page(request: Request, restaurant: RestaurantInfo) -> GuestPage:
    language = language_of(request, restaurant)
    seat = await _seat(request, restaurant, language)
    key = (
        restaurant.id,
        restaurant.menu_version,
        language,
        seat,
        int(time.time()) // CLOCK_SECONDS,
    )
    kept = kept_page(key)
    if kept is not None:
        return kept
    making = _making.get(key)
    if making is None:
        # A dining room that scans at once waits for one page, and not for as many as it has guests.
        making = asyncio.create_task(_make(restaurant, language, seat))
        making.add_done_callback(lambda _: _making.pop(key, None))
        _making[key] = making
    return keep_page(key, await asyncio.shield(making), seconds=CLOCK_SECONDS)


async def _seat(request: Request, restaurant: RestaurantInfo, language: str) -> str:
    """Where a code seats this guest, in words; nothing for no code, an old one or a made-up one."""
    code = request.query_params.get("table", "")[:MAX_CODE_LENGTH]
    if not code:
        return ""
    key = (restaurant.id, restaurant.menu_version, language, code)
    known = _seats.get(key)
    if known is not None and time.monotonic() - known[0] < SEAT_SECONDS:
        return known[1]
    async with reading() as session:
        found = await codes.find_code(session, restaurant_id=restaurant.id, code=code)
        seat = ""
        if found is not None and not found.is_retired:
            seat = await find_seat_text(
                session, restaurant_id=restaurant.id, table_id=found.table_id, language=language
            )
    if len(_seats) > SEATS_KEPT:
        _seats.clear()
    _seats[key] = (time.monotonic(), seat)
    return seat


async def _make(restaurant: RestaurantInfo, language: str, seat: str) -> GuestPage:
    async with reading() as session:
        menu = await cached_menu(session, restaurant=restaurant, language=language)
        rules = await load_rules(session, restaurant_id=restaurant.id)
    rows = menu_page(menu, restaurant=restaurant, now=clock.now())
    parts = MenuParts(
        texts=page_texts(language, MENU),
        name=rows.name,
        hours_text=rows.hours_text,
        logo=rows.logo,
        language_label=language_label(language),
        languages=" ".join(restaurant.languages),
        allergens=allergen_list(language),
        seat=seat,
        sections=rows.sections,
        is_empty=not rows.sections,
        ways=None if seat else _ways(restaurant, rules, language),
    )
    body = STATIC("div", menu_header(STATIC, parts), menu_body(STATIC, parts), cls="guest")
    body = _with_pictures(body, rows)
    first, later = _links(rows)
    # In a thread: compressing takes some 20 ms, and every guest's events wait on this loop.
    return await in_thread(
        guest_shell,
        restaurant,
        language=language,
        title=rows.name,
        first_paint=body,
        meta=_meta(rows, language),
        first=first,
        later=later,
    )


def _ways(restaurant: RestaurantInfo, rules: ReservationRules, language: str) -> Html | None:
    """Where somebody without a table gets one, as far as the restaurant allows it."""
    ways = [
        (address(restaurant.slug), translate(language, words))
        for is_open, address, words in (
            (rules.guests_may_book, addresses.reserve, BOOK["title"]),
            (rules.guests_may_queue, addresses.wait, WAIT["join_title"]),
        )
        if is_open
    ]
    return table_ways(STATIC, ways) if ways else None


def _with_pictures(body: Html, rows: MenuPage) -> Html:
    """The first drawings inside the page itself: they are on the screen with the words.

    Drawings shrink to a sixth inside the compressed page; photos do not, and are fetched.
    """
    for picture in _first_pictures(rows)[:INLINED_PICTURES]:
        drawing = _drawing(picture)
        if drawing:
            whole = f'src="{escape(picture)}" alt="" width="108" height="108" loading="lazy"'
            inside = f'src="{drawing}" alt="" width="108" height="108"'
            body = Html(body.replace(whole, inside, 1))
    return body


@cache
def _drawing(address: str) -> str:
    """A small drawing of ours as a data address; nothing for photos, which are stored elsewhere."""
    path = client_file(address.removeprefix("/"))
    if not address.endswith(".svg") or not path.is_file() or path.stat().st_size > DRAWING_BYTES:
        return ""
    return "data:image/svg+xml," + quote(path.read_text(encoding="utf-8"), safe=" ='/:;,()-.")


def _first_pictures(rows: MenuPage) -> list[str]:
    return [d.picture for s in rows.sections for d in s.dishes if d.picture][:FIRST_PICTURES]


def _links(rows: MenuPage) -> tuple[str, str]:
    """Links to what a phone fetches for its first screen, and to what the live page needs.

    What is drawn inside the page is fetched for the live page only. The page's own script goes with
    the first: nothing else names it before most scripts are there.
    """
    pictures = _first_pictures(rows)
    inside = {picture for picture in pictures[:INLINED_PICTURES] if _drawing(picture)}
    first = [_picture_link(one, "high") for one in pictures if one not in inside]
    script = page_script(PAGE_SCRIPT)
    if script:
        first.append(f'<link rel="modulepreload" href="{script}">')
    later = [_picture_link(one, "low") for one in pictures if one in inside]
    return "".join(first), "".join(later)


def _picture_link(picture: str, priority: str) -> str:
    return f'<link rel="preload" as="image" href="{escape(picture)}" fetchpriority="{priority}">'


def _meta(rows: MenuPage, language: str) -> str:
    title = escape(rows.name)
    description = escape(
        translate(language, N_("The menu of {name}. Order from your table."), name=rows.name)
    )
    address = escape(addresses.absolute(addresses.menu(rows.slug)))
    logo = escape(addresses.absolute(rows.logo)) if rows.logo else ""
    return "".join(
        (
            f'<meta name="description" content="{description}">',
            f'<meta property="og:title" content="{title}">',
            '<meta property="og:type" content="website">',
            f'<meta property="og:description" content="{description}">',
            f'<meta property="og:url" content="{address}"><link rel="canonical" href="{address}">',
            f'<meta property="og:image" content="{logo}">' if logo else "",
        )
    )


routes = [Route("/menu/{slug}", menu, methods=["GET", "HEAD"])]
