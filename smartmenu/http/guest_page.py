"""What every page of a guest's menu is made of: built shell, the restaurant's look, first paint."""

import math
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from html import escape

import brotli
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from components.guest.brand import brand_style
from components.markup import Html
from services.base.cookies import VISIT_COOKIE
from services.base.database import reading
from services.base.texts import direction
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.http.guests import new_visit_header
from smartmenu.http.policy import policy
from smartmenu.http.shell import GUEST_SHEETS, client_file, shell

PAGES_KEPT = 512
# How old the known version of a menu may be: a busy menu costs one small read a second, not one a
# guest.
RESTAURANT_SECONDS = 1.0
# As long as the column: nobody has a longer one, and what is asked for is kept.
MOST_SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class GuestPage:
    """A whole page, plain and compressed once for everybody, and the policy it runs under."""

    plain: bytes
    brotli: bytes
    policy: str


# With the moment from which nobody asks for it any more.
_pages: OrderedDict[tuple[object, ...], tuple[GuestPage, float]] = OrderedDict()
_restaurants: dict[str, tuple[float, RestaurantInfo | None]] = {}


async def find_restaurant(slug: str) -> RestaurantInfo | None:
    """The restaurant of a path, at most a second old."""
    if len(slug) > MOST_SLUG_LENGTH:
        return None
    known = _restaurants.get(slug)
    if known is not None and time.monotonic() - known[0] < RESTAURANT_SECONDS:
        return known[1]
    async with reading() as session:
        found = await restaurants.find_by_slug(session, slug)
    if len(_restaurants) > PAGES_KEPT:
        _restaurants.clear()
    _restaurants[slug] = (time.monotonic(), found)
    return found


def kept_page(key: tuple[object, ...]) -> GuestPage | None:
    """A page that was made before under this key."""
    kept = _pages.get(key)
    return kept[0] if kept is not None else None


def keep_page(key: tuple[object, ...], page: GuestPage, *, seconds: float = math.inf) -> GuestPage:
    """Keep a page for the next guest; the oldest goes when there are too many.

    Args:
        key: everything that makes it another page.
        page: a tenth of a megabyte.
        seconds: how long somebody may ask for this key. Pages of a menu change with the clock: 40
            tables left 50 MB behind, of pages that nobody could get any more.
    """
    now = time.monotonic()
    for past in [old for old, (_, until) in _pages.items() if until < now]:
        del _pages[past]
    _pages[key] = (page, now + seconds)
    while len(_pages) > PAGES_KEPT:
        _pages.popitem(last=False)
    return page


def guest_shell(
    restaurant: RestaurantInfo,
    *,
    language: str,
    title: str,
    first_paint: Html,
    meta: str = "",
    first: str = "",
    later: str = "",
) -> GuestPage:
    """The built shell with the restaurant's colours, the guest's sheet inline and a first paint.

    Args:
        restaurant: whose page it is.
        language: of the texts.
        title: of the window.
        first_paint: what stands until the live page takes over.
        meta: more markup for <head>, already escaped.
        first: links to what a browser shall fetch for the first screen.
        later: links to what only the live page needs.
    """
    head = "".join(
        (
            f"<title>{escape(title)}</title>",
            meta,
            f'<meta name="theme-color" content="{escape(restaurant.brand_color)}">',
            '<link rel="icon" href="/favicon.svg" type="image/svg+xml">',
            f"<style>{_sheets()}",
            f"{brand_style(restaurant.brand_tokens)}</style>",
            f"<script>{_minified('first-paint.js')}</script>",
            '<script src="/guest.js" defer></script>',
        )
    )
    html = shell().page(
        language=language,
        direction=direction(language),
        head=head,
        first_paint=first_paint,
        first=first,
        later=later,
    )
    plain = html.encode()
    return GuestPage(plain, brotli.compress(plain, quality=9), policy(html))


def plain_page(
    restaurant: RestaurantInfo,
    *,
    language: str,
    title: str,
    body: Html,
    sheet: str,
    script: str,
    status: int = 200,
) -> Response:
    """A whole page that needs no socket: a form that works without any script.

    Args:
        restaurant: whose page it is.
        language: of the texts.
        title: of the window.
        body: the page.
        sheet: name of its own sheet, after the guests' sheet.
        script: name of a script that makes it smoother.
        status: of the answer; a refused form is sent back with what was typed.
    """
    html = (
        f'<!DOCTYPE html><html lang="{language}" dir="{direction(language)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f'<meta name="theme-color" content="{escape(restaurant.brand_color)}">'
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f"<style>{_sheets()}{_minified(sheet)}"
        f"{brand_style(restaurant.brand_tokens)}</style>"
        f'<script src="/{script}" defer></script></head><body>{body}'
        # What automates pages waits for this mark; nothing here waits for a socket.
        '<span hidden data-live="true"></span></body></html>'
    )
    return HTMLResponse(
        html,
        status,
        {
            "content-security-policy": policy(html),
            "cache-control": "private, no-store",
            "vary": "accept-language, cookie",
        },
    )


def sheet_style(name: str) -> str:
    """A sheet of one page, inline for its first paint."""
    return f"<style>{_minified(name)}</style>"


def _sheets() -> str:
    return "".join(_minified(name) for name in GUEST_SHEETS)


def answer_page(request: Request, page: GuestPage) -> Response:
    """Send a page, and give a browser without one the cookie of this visit."""
    takes_brotli = "br" in request.headers.get("accept-encoding", "")
    response = Response(
        page.brotli if takes_brotli else page.plain,
        media_type="text/html",
        headers={
            "cache-control": "private, no-cache",
            "content-security-policy": page.policy,
            "vary": "accept-encoding, accept-language, cookie",
        },
    )
    if takes_brotli:
        response.headers["content-encoding"] = "br"
    if VISIT_COOKIE not in request.cookies:
        response.raw_headers.append(new_visit_header())
    return response


@cache
def _minified(name: str) -> str:
    return minified(client_file(name).read_text(encoding="utf-8"))


def minified(text: str) -> str:
    """A sheet or script without its comments and indentation.

    Both are our own and hold no such strings.
    """
    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in without_comments.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
