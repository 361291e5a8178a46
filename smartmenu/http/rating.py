"""Stars for an evening: a plain form on the order's page."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import ForbiddenError, SmartMenuError
from services.base.texts import N_
from services.ordering import rating
from smartmenu.http.answers import refusal
from smartmenu.http.body import read_form
from smartmenu.http.client import same_origin
from smartmenu.http.guests import get_guest, get_restaurant


async def rate(request: Request) -> Response:
    """POST /menu/{slug}/orders/{order_id}/rating: keep the answer and show the order again."""
    order_id: UUID = request.path_params["order_id"]
    try:
        if not same_origin(request):
            raise ForbiddenError(N_("This came from another page. Please open the menu again."))
        stars = (await read_form(request)).get("stars", "")
        async with transaction() as session:
            restaurant = await get_restaurant(session, request)
            await rating.rate(
                session,
                restaurant=restaurant,
                guest=await get_guest(session, request, restaurant=restaurant),
                order_id=order_id,
                stars=int(stars) if stars in {"1", "2", "3", "4", "5"} else 0,
                now=clock.now(),
            )
    except SmartMenuError as error:
        return refusal(error)
    path = addresses.order_status(request.path_params["slug"], order_id)
    return RedirectResponse(path, 303, {"cache-control": "no-store"})


routes = [Route("/menu/{slug}/orders/{order_id:uuid}/rating", rate, methods=["POST"])]
