"""Addresses that people type: the bare host, /staff."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.base import addresses


async def home(_request: Request) -> Response:
    """Staff start at the floor; who is not logged in is sent on to the log-in from there."""
    return RedirectResponse(addresses.STAFF_FLOOR, 303)


async def favicon(_request: Request) -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse("/favicon.svg", 301)


routes = [Route("/", home), Route("/staff", home), Route("/favicon.ico", favicon)]
