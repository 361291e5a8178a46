"""Printed codes to download: on paper as PDF, as a ZIP of pictures, and each code alone."""

import hashlib
from typing import Literal
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.base import addresses, clock, fields
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.threads import in_thread
from services.codes import archive, images, printing, queries
from services.codes.printing import Form, Paper, Print
from services.codes.queries import MAX_CHOSEN, Selection
from services.codes.types import PrintedCode
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.http.access import Handler, get_actor, staff_only

_DRAW = {"png": (images.png, "image/png"), "svg": (images.svg, "image/svg+xml")}
# Goes up when the pictures look different for the same address.
_LOOK = "1"
MAX_NOTE = 90


async def all_stickers(request: Request) -> Response:
    """The PDF of every active table's code."""
    restaurant, codes = await _chosen(request, Selection())
    return await _paper(restaurant, codes, Print())


async def on_paper(request: Request) -> Response:
    """Chosen codes as stickers, tents or posters."""
    query = request.query_params
    how = Print(
        form=Form(_one_of("form", query.get("form", "sheet"), list(Form))),
        paper=Paper(_one_of("paper", query.get("paper", "a4"), list(Paper))),
        note=fields.line(query.get("note", ""), field="note", most=MAX_NOTE),
    )
    restaurant, codes = await _chosen(request, _selection(request))
    return await _paper(restaurant, codes, how)


async def as_zip(request: Request) -> Response:
    """Chosen codes as pictures and drawings, named by area and table."""
    restaurant, codes = await _chosen(request, _selection(request))
    body = await archive.render(codes=codes, now=clock.now())
    headers = _named(f"{restaurant.slug}-codes.zip", shown="attachment")
    return Response(body, media_type="application/zip", headers=headers)


async def one_code(request: Request) -> Response:
    """One code as PNG or SVG; a browser that has it already gets 304."""
    actor = await get_actor(request, Permission.PRINT_CODES)
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
    body = await in_thread(draw, code.address)
    return Response(body, media_type=media_type, headers=headers)


async def _chosen(
    request: Request, selection: Selection
) -> tuple[RestaurantInfo, list[PrintedCode]]:
    actor = await get_actor(request, Permission.PRINT_CODES)
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        return restaurant, await queries.select_codes(
            session, restaurant=restaurant, selection=selection
        )


async def _paper(restaurant: RestaurantInfo, codes: list[PrintedCode], how: Print) -> Response:
    body = await printing.render(restaurant=restaurant, codes=codes, how=how, now=clock.now())
    name = restaurant.slug if how.form is Form.SHEET else f"{restaurant.slug}-{how.form}"
    return Response(body, media_type="application/pdf", headers=_named(f"{name}.pdf"))


def _selection(request: Request) -> Selection:
    named = request.query_params.getlist("code")
    if len(named) > MAX_CHOSEN:
        msg = N_("Please choose at most {count} codes.")
        raise InvalidInputError(msg, field="code", count=MAX_CHOSEN)
    return Selection(_which(request.query_params.get("which", "tables")), tuple(named))


def _which(text: str) -> Literal["tables", "everything"] | UUID:
    if text == "tables":
        return "tables"
    if text == "everything":
        return "everything"
    try:
        return UUID(text)
    except ValueError as error:
        msg = N_("There is no such code.")
        raise InvalidInputError(msg, field="which") from error


def _one_of(field: str, value: str, offered: list[str]) -> str:
    if value not in offered:
        msg = N_("Please choose one of the offered values.")
        raise InvalidInputError(msg, field=field)
    return value


def _etag(code: PrintedCode, kind: str) -> str:
    held = f"{_LOOK}:{kind}:{code.address}"
    return f'"{hashlib.sha256(held.encode()).hexdigest()[:32]}"'


def _named(file_name: str, *, shown: str = "inline") -> dict[str, str]:
    return {
        "content-disposition": f'{shown}; filename="{file_name}"',
        # Asked again every time: who may see it can change.
        "cache-control": "private, no-cache",
    }


def _guarded(handler: Handler) -> Handler:
    return staff_only(handler, back_to=addresses.STAFF_CODES)


routes = [
    Route(addresses.codes_pdf(), _guarded(all_stickers), methods=["GET"]),
    Route(addresses.codes_print(), _guarded(on_paper), methods=["GET"]),
    Route(addresses.codes_zip(), _guarded(as_zip), methods=["GET"]),
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
