"""Printed codes to download: the sheet of all tables, and each code as a picture."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.accounts.errors import NotLoggedInError
from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import SmartMenuError
from services.codes import images, queries, sheet
from services.codes.types import PrintedCode
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor
from smartmenu.http.answers import refusal

_DRAW = {"png": (images.png, "image/png"), "svg": (images.svg, "image/svg+xml")}
# Goes up when the pictures look different for the same address.
_LOOK = "1"


def _guarded(handler: Callable[[Request], Awaitable[Response]]) -> Callable[..., object]:
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except NotLoggedInError:
            query = urlencode({"next": addresses.STAFF_TABLES})
            return RedirectResponse(f"{addresses.LOGIN}?{query}", 303)
        except SmartMenuError as error:
            return refusal(error)

    return guarded


async def all_stickers(request: Request) -> Response:
    """The PDF of every active table's code."""
    actor = await get_actor(request, Permission.EDIT_TABLES)
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        codes = await queries.list_table_codes(session, restaurant=restaurant)
    body = await sheet.render(restaurant=restaurant, codes=codes, now=clock.now())
    return Response(body, media_type="application/pdf", headers=_named(f"{restaurant.slug}.pdf"))


async def one_code(request: Request) -> Response:
    """One code as PNG or SVG; a browser that has it already gets 304."""
    actor = await get_actor(request, Permission.EDIT_TABLES)
    kind = request.url.path.rpartition(".")[2]
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        code = await queries.get_code(
            session, restaurant=restaurant, code_id=request.path_params["code_id"]
        )
    tag = _etag(code, kind)
    headers = _named(f"{restaurant.slug}-{code.file_stem}.{kind}") | {"etag": tag}
    if tag in [told.strip() for told in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    draw, media_type = _DRAW[kind]
    body = await asyncio.to_thread(draw, code.address)
    return Response(body, media_type=media_type, headers=headers)


def _etag(code: PrintedCode, kind: str) -> str:
    held = f"{_LOOK}:{kind}:{code.address}"
    return f'"{hashlib.sha256(held.encode()).hexdigest()[:32]}"'


def _named(file_name: str) -> dict[str, str]:
    return {
        "content-disposition": f'inline; filename="{file_name}"',
        # Asked again every time: who may see it can change.
        "cache-control": "private, no-cache",
    }


routes = [
    Route(addresses.codes_pdf(), _guarded(all_stickers), methods=["GET"]),
    *(
        Route(
            addresses.code_picture("{code_id:uuid}", kind),
            _guarded(one_code),
            methods=["GET"],
            name=f"code_{kind}",
        )
        for kind in _DRAW
    ),
]
