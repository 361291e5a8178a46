"""A layout of the floor as a PDF to print."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading
from services.layouts import queries, sheet
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor, staff_only


async def plan_pdf(request: Request) -> Response:
    """The draft as it is saved now, on one page."""
    actor = await get_actor(request, Permission.EDIT_TABLES)
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        name, items = await queries.get_items(
            session,
            restaurant_id=actor.restaurant_id,
            layout_id=request.path_params["layout_id"],
        )
    body = await sheet.render(
        restaurant_name=restaurant.name, layout_name=name, items=items, now=clock.now()
    )
    headers = {
        "content-disposition": f'inline; filename="{restaurant.slug}-plan.pdf"',
        # Asked again every time: the draft and who may see it can change.
        "cache-control": "private, no-cache",
    }
    return Response(body, media_type="application/pdf", headers=headers)


routes = [
    Route(
        addresses.layout_pdf("{layout_id:uuid}"),
        staff_only(plan_pdf, back_to=addresses.STAFF_FLOOR_EDIT),
        methods=["GET"],
    )
]
