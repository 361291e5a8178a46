"""The socket server: Reflex's own, with a faster writer of JSON and an ear for few words.

Socket.IO hears more than our pages say, and what nobody uses nobody limits. Parts of a binary event
are kept until all have come, as many as it has announced: one stranger filled the memory with them.
And "connect", sent as an event, is handled as if a tab had connected, under any name: each left a
state that was kept for ever. Whoever says such a thing is no page of ours, and is hung up on.
"""

import json
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import orjson
from reflex_base.utils import format as reflex_format
from reflex_base.utils.serializers import get_serializer, serialize, serializer
from socketio import AsyncServer
from socketio.packet import CONNECT, DISCONNECT, EVENT, Packet

from services.base import metrics
from services.base.settings import settings
from smartmenu.wires import HANG_UP
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


# What Reflex's script sends.
_EVENTS = frozenset({"event", "client_error"})
_GOODBYE = str(DISCONNECT)
_UNREADABLE = (ValueError, TypeError, LookupError, RecursionError)


class StrangeWordsError(Exception):
    """Something that no page of ours sends."""


class PlainPacket(Packet):
    """A packet of text, of the few kinds there are."""

    def decode(self, encoded_packet: str | bytes) -> int:
        """Read what has come.

        Raises:
            StrangeWordsError: no page of ours has sent it.
        """
        try:
            parts = super().decode(encoded_packet) if isinstance(encoded_packet, str) else 1
        except _UNREADABLE as error:
            raise StrangeWordsError from error
        if parts or self.packet_type not in (CONNECT, DISCONNECT, EVENT):
            raise StrangeWordsError
        if self.packet_type == EVENT and not _is_known(self.data):
            raise StrangeWordsError
        return 0


def _is_known(data: object) -> bool:
    if not isinstance(data, list) or len(cast("list[Any]", data)) != 2:
        return False
    name = cast("list[Any]", data)[0]
    return isinstance(name, str) and name in _EVENTS


class PlainServer(AsyncServer):
    """Hangs up on whoever says strange things, without a line in the log for each."""

    async def _handle_eio_message(self, eio_sid: str, data: str | bytes) -> None:
        try:
            if not data:
                # Nothing is not even read.
                raise StrangeWordsError
            await super()._handle_eio_message(eio_sid, data)
        except StrangeWordsError:
            metrics.EVENTS.labels("dropped").inc()
            self._hang_up(eio_sid)
        else:
            if isinstance(data, str) and data.startswith(_GOODBYE):
                # A socket is one tab: who came and went on it again and again was never too often.
                self._hang_up(eio_sid)

    def _hang_up(self, eio_sid: str) -> None:
        scope = self.environ.get(eio_sid, {}).get("asgi.scope", {})
        if hang_up := scope.get(HANG_UP):
            hang_up()


def socket_server() -> AsyncServer:
    """A Socket.IO server with Reflex's settings.

    One order is written to every screen of a restaurant: 50 boards of 20 tickets took the standard
    library 12 ms, and take this 2; what is the same for all of them is written once.
    """
    return PlainServer(
        serializer=PlainPacket,
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
