"""The socket server: Reflex's own, with a faster writer of JSON."""

import json
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson
from reflex_base.utils import format as reflex_format
from reflex_base.utils.serializers import get_serializer, serialize, serializer
from socketio import AsyncServer

from services.base.settings import settings
from state.telling import Once

# As Reflex's own limit; what is larger ends the socket before it is read.
MOST_BYTES = 1_000_000
# Dead tablets are noticed sooner than with the defaults of 25 and 120 s.
PING_SECONDS, PING_TIMEOUT_SECONDS = 10, 20
# Only what Reflex has no word in is left to orjson: its serializers also keep cookies from going
# out with the headers of a handshake.
OPTIONS = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_NON_STR_KEYS
)


def socket_server() -> AsyncServer:
    """A Socket.IO server with Reflex's settings.

    One order is written to every screen of a restaurant: 50 boards of 20 tickets took the standard
    library 12 ms, and take this 2; what is the same for all of them is written once.
    """
    return AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=settings().allowed_origins,
        cors_credentials=True,
        max_http_buffer_size=MOST_BYTES,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_TIMEOUT_SECONDS,
        json=SimpleNamespace(dumps=write, loads=json.loads),
        allow_upgrades=False,
        transports=["websocket"],
        async_handlers=False,
    )


def write(value: Any, **_kwargs: Any) -> str:  # noqa: ANN401 - whatever a packet holds
    """JSON as Reflex writes it: its serializers for whatever is none of JSON's own types."""
    try:
        return orjson.dumps(value, default=_plain, option=OPTIONS).decode()
    except TypeError:
        # What orjson refuses: whole numbers beyond 64 bits, half of a surrogate pair.
        return reflex_format.json_dumps(value)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Once):
        if value.written is None:
            value.written = orjson.dumps(value.value, default=_plain, option=OPTIONS)
        return orjson.Fragment(value.written)
    return _serializer(type(value))(value)


@cache
def _serializer(kind: type) -> Callable[[Any], Any]:
    """Reflex's for this type; the rows we make for screens have none and are their fields."""
    if get_serializer(kind) is None and is_dataclass(kind) and not hasattr(kind, "__slots__"):
        return vars
    return serialize


@serializer
def _of_once(once: Once) -> Any:  # noqa: ANN401
    """For Reflex's own writer."""
    return once.value
