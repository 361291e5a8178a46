"""Where staff start, and addresses that people type: the bare host, /staff."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.enums import Role
from services.accounts.types import PERMISSIONS, Permission
from services.base import addresses
from services.base.database import reading
from services.restaurants.first_steps import load_first_steps
from smartmenu.http.access import find_actor


async def home(request: Request) -> Response:
    """Everybody to where they start; strangers to the floor, whose door asks them to log in."""
    actor = await find_actor(request)
    to = (
        await start_page(actor.role, restaurant_id=actor.restaurant_id)
        if actor
        else addresses.STAFF_FLOOR
    )
    return RedirectResponse(to, 303)


async def favicon(_request: Request) -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse("/favicon.svg", 301)


async def start_page(role: Role, *, restaurant_id: UUID) -> str:
    """The address where somebody starts.

    The dashboard for who sees revenue, as soon as guests can be served: before that its numbers
    are zeros, and the floor shows the first steps. Else the floor, or the orders for who has none.
    """
    allowed = PERMISSIONS[role]
    if Permission.VIEW_FLOOR not in allowed:
        return addresses.STAFF_ORDERS
    if Permission.VIEW_REVENUE not in allowed:
        return addresses.STAFF_FLOOR
    async with reading() as session:
        steps = await load_first_steps(session, restaurant_id=restaurant_id)
    return addresses.STAFF_DASHBOARD if steps.can_serve else addresses.STAFF_FLOOR


routes = [Route("/", home), Route("/staff", home), Route("/favicon.ico", favicon)]
