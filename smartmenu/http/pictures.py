"""Pictures of dishes and logos: taking uploads from staff screens, serving what was stored."""

import asyncio
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.accounts.types import Actor, Permission
from services.base import addresses
from services.base.errors import (
    ForbiddenError,
    InvalidInputError,
    SmartMenuError,
    TooManyTriesError,
)
from services.base.limits import Bucket
from services.base.settings import settings
from services.base.texts import N_, SOURCE_LANGUAGE, sentence
from services.base.threads import in_thread
from services.pictures import pictures
from smartmenu.http.access import get_actor
from smartmenu.http.answers import headers_of, status_of
from smartmenu.http.body import BodyTooLargeError, read_body
from smartmenu.http.client import same_origin
from smartmenu.http.headers import YEAR_SECONDS

_PREPARE = {
    "dish": (pictures.prepare_dish, Permission.EDIT_MENU),
    "logo": (pictures.prepare_logo, Permission.EDIT_SETTINGS),
    "plan": (pictures.prepare_plan, Permission.EDIT_TABLES),
}
# Unpacking a photo of 40 million pixels takes 160 MB: never more than two at once.
_WORKERS = asyncio.Semaphore(2)
# Bodies of 10 MB wait in memory until it is their turn, and stored files stay for days: a script of
# one restaurant must not fill what all of them share.
MOST_AT_ONCE = 6
_under_way: Counter[UUID] = Counter()
_per_restaurant = Bucket(capacity=200, refill_per_second=0.1)


async def upload(request: Request) -> Response:
    """Store one picture, sent as the body itself; says under which name, as JSON.

    The query's `kind` is "dish", "logo" or "plan". Nothing is changed but the data folder: the
    screen that asked for the upload saves the name with its form.
    """
    try:
        # Who asks comes first: nobody else's bytes are read.
        prepare, permission = _PREPARE[_kind(request)]
        if not same_origin(request):
            msg = N_("The picture came from another page. Please choose it here.")
            raise ForbiddenError(msg)
        actor = await get_actor(request, permission)
        with _one_of_few(actor.restaurant_id):
            body = await _picture(request)
            async with _WORKERS:
                prepared = await in_thread(prepare, body)
            name = await _store(prepared, actor)
    except SmartMenuError as error:
        return JSONResponse(
            {"error": sentence(SOURCE_LANGUAGE, error)},
            status_of(error),
            headers=headers_of(error),
        )
    return JSONResponse(
        {"picture_file": name, "url": addresses.picture(name, width=addresses.PICTURE_SIZES[-1])},
        201,
        headers={"cache-control": "no-store"},
    )


async def picture(request: Request) -> Response:
    """A stored picture. Its name changes with its content, so that it is kept for ever."""
    name = f"pictures/{request.path_params['path']}"
    path = settings().data_folder / name
    # The rule of names admits neither dots in folders nor links out of the data folder.
    if not addresses.is_picture(name) or path.is_symlink() or not await _is_file(path):
        return PlainTextResponse("Not found", 404, headers={"cache-control": "no-store"})
    return FileResponse(
        path,
        media_type="image/webp",
        headers={
            "cache-control": f"public, max-age={YEAR_SECONDS}, immutable",
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
        },
    )


@contextmanager
def _one_of_few(restaurant_id: UUID) -> Generator[None]:
    """As long as a picture is on its way.

    Raises:
        TooManyTriesError: this restaurant sends very many, or many at once.
    """
    is_room = _under_way[restaurant_id] < MOST_AT_ONCE
    if not is_room or not _per_restaurant.take(str(restaurant_id), moment=time.monotonic()):
        msg = N_("That was tried too often. Please wait a few minutes and try again.")
        raise TooManyTriesError(msg, retry_after_seconds=10)
    _under_way[restaurant_id] += 1
    try:
        yield
    finally:
        _under_way[restaurant_id] -= 1
        if not _under_way[restaurant_id]:
            del _under_way[restaurant_id]


def _kind(request: Request) -> str:
    kind = request.query_params.get("kind", "dish")
    if kind not in _PREPARE:
        msg = N_("There is no such kind of picture.")
        raise InvalidInputError(msg, field="kind")
    return kind


async def _picture(request: Request) -> bytes:
    try:
        return await read_body(request, limit_bytes=pictures.MOST_BYTES)
    except BodyTooLargeError as error:
        msg = N_("This picture is too large: at most {most} MB.")
        raise BodyTooLargeError(
            msg, field="picture", most=pictures.MOST_BYTES // 1024 // 1024
        ) from error


async def _store(prepared: pictures.PreparedPicture, actor: Actor) -> str:
    return await asyncio.to_thread(
        pictures.store_picture,
        prepared,
        restaurant_id=actor.restaurant_id,
        data_folder=settings().data_folder,
    )


async def _is_file(path: Path) -> bool:
    return await asyncio.to_thread(path.is_file)


routes = [
    Route(addresses.STAFF_PICTURES, upload, methods=["POST"]),
    Route("/pictures/{path:path}", picture),
]
