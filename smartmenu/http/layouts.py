"""A layout of the floor as a PDF to print."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.accounts.errors import NotLoggedInError
from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import SmartMenuError
from services.layouts import queries, sheet
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor
from smartmenu.http.answers import refusal
from smartmenu.http.press import one_press


async def plan_pdf(request: Request) -> Response:
    """The draft as it is saved now, on one page."""
    layout_id = request.path_params["layout_id"]
    try:
        actor = await get_actor(request, Permission.EDIT_TABLES)
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            name, items = await queries.get_items(
                session, restaurant_id=actor.restaurant_id, layout_id=layout_id
            )
        async with one_press:
            body = await sheet.render(
                restaurant_name=restaurant.name, layout_name=name, items=items, now=clock.now()
            )
    except NotLoggedInError:
        query = urlencode({"next": addresses.STAFF_FLOOR_EDIT})
        return RedirectResponse(f"{addresses.LOGIN}?{query}", 303)
    except SmartMenuError as error:
        return refusal(error)
    headers = {
        "content-disposition": f'inline; filename="{restaurant.slug}-plan.pdf"',
        # Asked again every time: the draft and who may see it can change.
        "cache-control": "private, no-cache",
    }
    return Response(body, media_type="application/pdf", headers=headers)


routes = [Route(addresses.layout_pdf("{layout_id:uuid}"), plan_pdf, methods=["GET"])]
