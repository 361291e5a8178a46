"""Everything that is answered before Reflex: routes, then headers around them all."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from smartmenu.http import (
    accounts,
    codes,
    consent,
    events,
    guest_pages,
    health,
    menu_page,
    pictures,
    whatsapp,
)
from smartmenu.http.headers import Headers


def routes() -> list[BaseRoute]:
    """Every HTTP route of our own; the door test walks them."""
    return [
        *health.routes,
        *accounts.routes,
        *menu_page.routes,
        *guest_pages.routes,
        *consent.routes,
        *events.routes,
        *codes.routes,
        *pictures.routes,
        *whatsapp.routes,
    ]


def edge(inner: ASGIApp) -> ASGIApp:
    """Put our routes and headers around Reflex's app."""
    return Headers(Starlette(routes=[*routes(), Mount("", app=inner)]))
