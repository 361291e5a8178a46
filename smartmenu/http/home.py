"""Addresses that people type: the bare host, /staff."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.base import addresses
from smartmenu.http.access import find_actor


async def home(request: Request) -> Response:
    """Who sees revenue starts at the dashboard, others at the floor; it sends strangers on."""
    actor = await find_actor(request)
    is_owner = actor is not None and actor.can(Permission.VIEW_REVENUE)
    return RedirectResponse(addresses.STAFF_DASHBOARD if is_owner else addresses.STAFF_FLOOR, 303)


async def favicon(_request: Request) -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse("/favicon.svg", 301)


routes = [Route("/", home), Route("/staff", home), Route("/favicon.ico", favicon)]
