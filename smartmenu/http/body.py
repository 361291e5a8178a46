"""Request bodies of a bounded size: nothing is read beyond what a route expects."""

import asyncio
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from services.base.errors import InvalidInputError
from services.base.texts import N_

FORM_BYTES = 16_384
# A body may take this long, and longer by what a bad line needs for the largest one.
PATIENCE_SECONDS = 15.0
SLOWEST_BYTES_PER_SECOND = 16 * 1024


class BodyTooLargeError(InvalidInputError):
    """The body is larger than this route reads."""


class BodyTooSlowError(InvalidInputError):
    """The body did not arrive in time: who sends a byte a minute must not hold a place."""


async def read_body(request: Request, *, limit_bytes: int) -> bytes:
    """The whole body, as it was sent.

    Raises:
        BodyTooLargeError: it is, or says it is, larger than the limit.
        BodyTooSlowError: it is not here after the time that a body of this size may take.
    """
    announced = request.headers.get("content-length", "")
    # Headers are Latin-1: "²" is a digit there, and thousands of them are no number for Python.
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > limit_bytes):
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS + limit_bytes / SLOWEST_BYTES_PER_SECOND):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit_bytes:
                    raise _too_large()
    except TimeoutError as error:
        msg = N_("That took too long to arrive.")
        raise BodyTooSlowError(msg) from error
    return bytes(body)


async def read_form(request: Request, *, limit_bytes: int = FORM_BYTES) -> dict[str, str]:
    """The fields of a small form without files; of a repeated field the last one counts.

    Args:
        request: not yet read.
        limit_bytes: as large as this form may be.

    Raises:
        BodyTooLargeError: it is larger than forms are.
        InvalidInputError: it is not such a form.
    """
    body = await read_body(request, limit_bytes=limit_bytes)
    try:
        if content_type(request) != "application/x-www-form-urlencoded":
            raise ValueError(content_type(request))
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        msg = N_("That form could not be read.")
        raise InvalidInputError(msg) from error
    return dict(pairs)


async def read_json(request: Request, *, limit_bytes: int) -> object:
    """What a body in JSON says, of whatever shape.

    Raises:
        BodyTooLargeError: it is larger than this route reads.
        InvalidInputError: it is not JSON.
    """
    body = await read_body(request, limit_bytes=limit_bytes)
    try:
        return orjson.loads(body)
    except ValueError as error:
        raise unreadable() from error


def content_type(request: Request) -> str:
    """What kind of body was sent, without its parameters: "application/json"."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unreadable() -> InvalidInputError:
    """The refusal of a body that says nothing this route understands."""
    msg = N_("That could not be read.")
    return InvalidInputError(msg)


def _too_large() -> BodyTooLargeError:
    msg = N_("That is more than fits here.")
    return BodyTooLargeError(msg)
