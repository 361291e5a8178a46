"""A guest's orders and privacy page: the built shell with the restaurant's look and grey boxes.

What they show is one guest's alone, so nothing of it is in the answer: it comes over the socket.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from components.markup import STATIC as h
from components.markup import Html
from services.base.errors import UnavailableError
from services.base.guest_texts import MENU, STATUS
from services.base.texts import N_, translate
from services.restaurants.types import RestaurantInfo
from smartmenu.http.guest_page import (
    GuestPage,
    answer_page,
    find_restaurant,
    guest_shell,
    keep_page,
    kept_page,
)
from smartmenu.http.guests import language_of
from smartmenu.http.pages import missing_link_page, missing_page, unavailable_page

# Nobody's page for search engines.
NO_INDEX = '<meta name="robots" content="noindex">'
PANELS = 3
LOADING = N_("Loading the page")


async def orders(request: Request) -> Response:
    """GET /menu/{slug}/orders and /menu/{slug}/orders/{order_id}."""
    return await _answer(request, STATUS["my_orders"])


async def privacy(request: Request) -> Response:
    """GET /menu/{slug}/privacy."""
    return await _answer(request, MENU["privacy"])


async def missing(request: Request) -> Response:
    """Any other address under /menu: one slash too many is put right, the rest leads nowhere.

    Without this the framework would answer 200 with an empty page.
    """
    path = request.url.path
    if path.rstrip("/") != path:
        # One slash at the start, however many were typed: "//host" would leave this site.
        target = "/" + path.strip("/")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{target}{query}", 308)
    return missing_page(request)


async def missing_link(request: Request) -> Response:
    """An address under /reservation or /wait that is no link of ours."""
    return missing_link_page(request)


async def _answer(request: Request, title: str) -> Response:
    slug = request.path_params["slug"]
    try:
        restaurant = await find_restaurant(slug)
    except UnavailableError:
        return unavailable_page(request)
    if restaurant is None:
        return missing_page(request)
    language = language_of(request, restaurant)
    key = (restaurant.id, restaurant.menu_version, language, title)
    return answer_page(
        request, kept_page(key) or keep_page(key, _make(restaurant, language, title))
    )


def _make(restaurant: RestaurantInfo, language: str, title: str) -> GuestPage:
    words = translate(language, title)
    return guest_shell(
        restaurant,
        language=language,
        title=f"{words} · {restaurant.name}",
        first_paint=skeleton(words, restaurant.name, translate(language, LOADING)),
        meta=NO_INDEX,
    )


def skeleton(title: str, lead: str, loading: str) -> Html:
    """Grey boxes under the page's title."""
    panel = h(
        "section",
        h("div", cls="sk head w-m"),
        h("div", cls="sk line w-l"),
        h("div", cls="sk line w-s"),
        cls="panel",
    )
    return h(
        "div",
        h(
            "header",
            h("span", cls="hb"),
            h("div", h("h1", title), h("p", lead)),
            cls="pbar",
        ),
        h(
            "main",
            h("span", loading, cls="sr"),
            *(panel for _ in range(PANELS)),
            cls="body pad nobar",
            attrs={"aria-busy": "true"},
        ),
        cls="guest",
    )


routes = [
    Route("/menu/{slug}/orders", orders, methods=["GET", "HEAD"]),
    Route("/menu/{slug}/orders/{order_id}", orders, methods=["GET", "HEAD"]),
    Route("/menu/{slug}/privacy", privacy, methods=["GET", "HEAD"]),
]
# After all other routes.
elsewhere = [
    Route("/menu", missing, methods=["GET", "HEAD"]),
    Route("/menu/{path:path}", missing, methods=["GET", "HEAD"]),
    Route("/reservation/{path:path}", missing_link, methods=["GET", "HEAD"]),
    Route("/wait/{path:path}", missing_link, methods=["GET", "HEAD"]),
]
