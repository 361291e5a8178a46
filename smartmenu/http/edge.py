"""Everything that is answered before Reflex: routes, then headers around them all."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from smartmenu.http import (
    accounts,
    codes,
    cohorts,
    consent,
    customers,
    events,
    guest_data,
    guest_pages,
    health,
    home,
    layouts,
    menu_page,
    models,
    numbers,
    orders,
    pictures,
    policy_page,
    privacy,
    rating,
    reports,
    reserve,
    rewards,
    room_stats,
    token_pages,
    waitlist,
    whatsapp,
    whatsapp_phone,
)
from smartmenu.http.failures import Failures
from smartmenu.http.headers import Headers
from smartmenu.http.static_pages import StaticPages

MODULES = (
    health,
    numbers,
    home,
    accounts,
    menu_page,
    orders,
    rating,
    guest_pages,
    guest_data,
    policy_page,
    reserve,
    rewards,
    waitlist,
    token_pages,
    consent,
    privacy,
    events,
    codes,
    customers,
    layouts,
    pictures,
    reports,
    room_stats,
    cohorts,
    models,
    whatsapp,
    whatsapp_phone,
)


def routes() -> list[BaseRoute]:
    """Every HTTP route of our own; the door test walks them."""
    return [route for module in MODULES for route in module.routes]


def menu_edge() -> ASGIApp:
    """The menu under the same net and headers, but without routers: most guests ask nothing else.

    The routers of two frameworks took half of the time of an answer.
    """
    return Headers(Failures(menu_page.menu_app))


def edge(inner: ASGIApp) -> ASGIApp:
    """Put our routes and headers around Reflex's app."""
    return Headers(
        Starlette(
            routes=[*routes(), *guest_pages.elsewhere, Mount("", app=StaticPages(inner))],
            # Inside Starlette's own net, which would raise again and have the server log values.
            middleware=[Middleware(Failures)],
        )
    )
