"""Request bodies of a bounded size: nothing is read beyond what a route expects."""

from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from services.base.errors import InvalidInputError
from services.base.texts import N_

FORM_BYTES = 16_384


class BodyTooLargeError(InvalidInputError):
    """The body is larger than this route reads."""


async def read_body(request: Request, *, limit_bytes: int) -> bytes:
    """The whole body, as it was sent.

    Raises:
        BodyTooLargeError: it is, or says it is, larger than the limit.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise _too_large()
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form without files; of a repeated field the last one counts.

    Raises:
        BodyTooLargeError: it is larger than forms are.
        InvalidInputError: it is not such a form.
    """
    body = await read_body(request, limit_bytes=FORM_BYTES)
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
