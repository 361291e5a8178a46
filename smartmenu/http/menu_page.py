"""The guest's menu before any script has run: the built shell with the menu's HTML inside.

A page is made once per restaurant, menu version, language and table, and kept compressed. What changes with
the clock (open until, served from) is made anew every half minute.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from html import escape

import brotli
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.guest.brand import brand_style
from components.guest.menu import MenuParts, menu_body, menu_header
from components.markup import STATIC
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import UnavailableError
from services.base.guest_texts import MENU
from services.base.secrets import new_token
from services.base.settings import settings
from services.base.texts import choose_language, direction, page_texts, translate, N_
from services.menu.cache import cached_menu
from services.menu.page import MenuPage, allergen_list, menu_page
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating import codes
from services.seating.words import find_seat_text
from smartmenu.http.pages import missing_page, unavailable_page
from smartmenu.http.shell import client_file, shell
from state.guest.access import LANGUAGE_COOKIE, VISIT_COOKIE

PAGES_KEPT = 512
CLOCK_SECONDS = 30
# How old the known version of a menu may be: a busy menu costs one small read a second, not one a guest.
RESTAURANT_SECONDS = 1.0
MAX_CODE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class _Page:
    plain: bytes
    brotli: bytes


_pages: OrderedDict[tuple[object, ...], _Page] = OrderedDict()
_restaurants: dict[str, tuple[float, RestaurantInfo | None]] = {}


async def menu(request: Request) -> Response:
    """GET /menu/{slug}."""
    slug = request.path_params["slug"]
    try:
        restaurant = await _restaurant(slug)
        if restaurant is None:
            return missing_page(slug)
        page = await _page(request, restaurant)
    except UnavailableError:
        return unavailable_page()
    return _answer(request, page)


async def _restaurant(slug: str) -> RestaurantInfo | None:
    known = _restaurants.get(slug)
    if known is not None and time.monotonic() - known[0] < RESTAURANT_SECONDS:
        return known[1]
    async with reading() as session:
        found = await restaurants.find_by_slug(session, slug)
    if len(_restaurants) > PAGES_KEPT:
        _restaurants.clear()
    _restaurants[slug] = (time.monotonic(), found)
    return found


async def _page(request: Request, restaurant: RestaurantInfo) -> _Page:
    language = _language(request, restaurant)
    code = request.query_params.get("table", "")[:MAX_CODE_LENGTH]
    key = (
        restaurant.id,
        restaurant.menu_version,
        language,
        code,
        int(time.time()) // CLOCK_SECONDS,
    )
    page = _pages.get(key)
    if page is None:
        page = await _make(restaurant, language, code)
        _pages[key] = page
        while len(_pages) > PAGES_KEPT:
            _pages.popitem(last=False)
    return page


async def _make(restaurant: RestaurantInfo, language: str, code: str) -> _Page:
    async with reading() as session:
        menu = await cached_menu(session, restaurant=restaurant, language=language)
        found = (
            await codes.find_code(session, restaurant_id=restaurant.id, code=code) if code else None
        )
        seat = ""
        if found is not None and not found.is_revoked:
            seat = await find_seat_text(
                session,
                restaurant_id=restaurant.id,
                table_id=found.table_id,
                language=language,
            )
    rows = menu_page(menu, restaurant=restaurant, now=clock.now())
    parts = MenuParts(
        texts=page_texts(language, MENU),
        name=rows.name,
        hours_text=rows.hours_text,
        logo=rows.logo,
        language_label=language.upper(),
        languages=" ".join(restaurant.languages),
        allergens=allergen_list(language),
        seat=seat,
        sections=rows.sections,
    )
    body = STATIC("div", menu_header(STATIC, parts), menu_body(STATIC, parts), cls="guest")
    html = (
        shell()
        .page(
            language=language,
            direction=direction(language),
            head=_head(rows, restaurant, language),
            first_paint=body,
        )
        .encode()
    )
    return _Page(plain=html, brotli=brotli.compress(html, quality=9))


def _head(rows: MenuPage, restaurant: RestaurantInfo, language: str) -> str:
    title = escape(rows.name)
    description = escape(
        translate(language, N_("The menu of {name}. Order from your table."), name=rows.name)
    )
    address = escape(addresses.absolute(addresses.menu(rows.slug)))
    logo = escape(addresses.absolute(rows.logo)) if rows.logo else ""
    first = next((d.picture for s in rows.sections for d in s.dishes if d.picture), "")
    return "".join(
        (
            f"<title>{title}</title>",
            f'<meta name="description" content="{description}">',
            f'<meta property="og:title" content="{title}"><meta property="og:type" content="website">',
            f'<meta property="og:description" content="{description}">',
            f'<meta property="og:url" content="{address}"><link rel="canonical" href="{address}">',
            f'<meta property="og:image" content="{logo}">' if logo else "",
            f'<meta name="theme-color" content="{escape(restaurant.brand_color)}">',
            '<link rel="icon" href="/favicon.svg" type="image/svg+xml">',
            f'<link rel="preload" as="image" href="{escape(first)}">' if first else "",
            f"<style>{_sheets()}{brand_style(restaurant.brand_tokens)}</style>",
            f"<script>{_script('first-paint.js')}</script>",
            '<script src="/guest.js" defer></script>',
        )
    )


def _sheets() -> str:
    # Inline: another round trip before the first paint costs more than these bytes.
    return _script("tokens.css") + _script("guest.css")


def _script(name: str) -> str:
    return minified(client_file(name).read_text(encoding="utf-8"))


def minified(text: str) -> str:
    """A sheet or script without its comments and indentation. Both are our own and hold no such strings."""
    import re  # noqa: PLC0415

    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in without_comments.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _language(request: Request, restaurant: RestaurantInfo) -> str:
    wanted = [request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [
        part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")
    ]
    return choose_language([tag for tag in wanted if tag], list(restaurant.languages))


def _answer(request: Request, page: _Page) -> Response:
    takes_brotli = "br" in request.headers.get("accept-encoding", "")
    response = Response(
        page.brotli if takes_brotli else page.plain,
        media_type="text/html",
        headers={
            "cache-control": "private, no-cache",
            "vary": "accept-encoding, accept-language, cookie",
        },
    )
    if takes_brotli:
        response.headers["content-encoding"] = "br"
    if VISIT_COOKIE not in request.cookies:
        # For this visit only: gone when the browser closes, tied to nothing.
        response.set_cookie(
            VISIT_COOKIE, new_token(24), httponly=True, samesite="lax", secure=settings().uses_tls
        )
    return response


routes = [Route("/menu/{slug}", menu, methods=["GET", "HEAD"])]
