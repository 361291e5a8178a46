"""What no page of ours says over its socket: nothing of it is kept, done or logged without end."""

import asyncio
import json
import logging
from typing import Any, Self

import pytest
import socketio
from starlette.types import Message

from smartmenu import wires
from smartmenu.sockets import MOST_BYTES, socket_server

EVENT = "/_event"
PART = b"\x00" * 1000


class _Heard(socketio.AsyncNamespace):
    """In the place of Reflex's namespace: it has handlers of the same names."""

    def __init__(self) -> None:
        super().__init__(EVENT)
        self.connected: list[Any] = []
        self.events: list[Any] = []

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        self.connected.append(environ.get("QUERY_STRING"))

    async def on_event(self, sid: str, data: Any) -> None:
        self.events.append(data)

    async def on_client_error(self, sid: str, data: Any) -> None:
        self.events.append(data)


class _Socket:
    """One browser's socket, as the server hands it to the app."""

    def __init__(self) -> None:
        self.server = socket_server()
        self.heard = _Heard()
        self.server.register_namespace(self.heard)
        self.told: list[str] = []
        self.was_closed = False
        self._waiting: asyncio.Queue[Message] = asyncio.Queue()
        self._app = wires.Wires(socketio.ASGIApp(self.server, socketio_path="_event"))
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        scope = {
            "type": "websocket",
            "path": "/_event/",
            "raw_path": b"/_event/",
            "query_string": b"EIO=4&transport=websocket&token=one",
            "headers": [
                (b"host", b"localhost"),
                (b"upgrade", b"websocket"),
                (b"connection", b"upgrade"),
            ],
            "client": ("203.0.113.7", 4711),
            "scheme": "ws",
            "server": ("localhost", 3000),
        }
        self._waiting.put_nowait({"type": "websocket.connect"})
        self._running = asyncio.ensure_future(self._app(scope, self._waiting.get, self._send))
        self.say(f"40{EVENT},")
        await self.until(lambda: self.heard.connected != [])
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._waiting.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._running, 20)

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.told.append(message.get("text") or "")

    def say(self, words: str | bytes) -> None:
        kind = "text" if isinstance(words, str) else "bytes"
        self._waiting.put_nowait({"type": "websocket.receive", kind: words})

    def emit(self, *data: Any) -> None:
        self.say(f"42{EVENT},{json.dumps(list(data))}")

    @property
    def is_over(self) -> bool:
        return self._running is not None and self._running.done()

    async def until(self, is_so: Any) -> None:
        async with asyncio.timeout(20):
            while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.005)


async def test_what_pages_say_is_heard() -> None:
    async with _Socket() as socket:
        socket.emit("event", {"name": "state.tap", "payload": {}})
        socket.emit("client_error", {"message": "Ups"})
        await socket.until(lambda: len(socket.heard.events) == 2)
        assert not socket.is_over


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            f"4599999999-{EVENT}," + '["event",{"_placeholder":true,"num":0}]', id="parts"
        ),
        pytest.param(f"462-{EVENT},1" + '[{"_placeholder":true,"num":0}]', id="parts of an answer"),
        pytest.param(f"4299-{EVENT}," + '["event",{}]', id="parts of a plain event"),
        pytest.param(b"bytes", id="bytes"),
        pytest.param(f"43{EVENT},1[]", id="an answer to nothing"),
        pytest.param(f'42{EVENT},["connect",{{"QUERY_STRING":"token=two"}}]', id="connect"),
        pytest.param(f'42{EVENT},["disconnect","reason"]', id="disconnect"),
        pytest.param(f'42{EVENT},["ping"]', id="ping"),
        pytest.param(f'42{EVENT},["event"]', id="no data"),
        pytest.param(f'42{EVENT},["event",{{}},{{}}]', id="too much data"),
        pytest.param(f'42{EVENT},[["event"],{{}}]', id="a list for a name"),
        pytest.param(f'42{EVENT},{{"0":"event"}}', id="no list"),
        pytest.param(f"42{EVENT},nonsense", id="no JSON"),
        pytest.param(f"42{EVENT}," + "[" * 100_000, id="very deep"),
        pytest.param(f"42{EVENT}," + "1" * 200, id="a long number"),
        pytest.param("x", id="no packet"),
        pytest.param("", id="an empty packet"),
        pytest.param("9", id="a packet nobody knows"),
        pytest.param("2probe", id="a ping of a browser"),
        pytest.param("0{}", id="an opening of a browser"),
        pytest.param("b!!!", id="bytes as text"),
        pytest.param("4x", id="no kind"),
        pytest.param("4", id="nothing"),
        pytest.param("49", id="a kind nobody knows"),
        pytest.param("44", id="a refusal from a browser"),
        pytest.param("4" + "x" * (MOST_BYTES + 1), id="too long"),
    ],
)
async def test_whoever_says_what_no_page_says_is_hung_up_on(
    words: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Takes `PlainPacket` out of `socket_server` to fail: parts pile up, "connect" connects."""
    with caplog.at_level(logging.WARNING):
        async with _Socket() as socket:
            socket.say(words)
            # What follows is not heard any more.
            for _ in range(50):
                socket.say(PART)
            await socket.until(lambda: socket.is_over)
            assert socket.heard.connected == ["EIO=4&transport=websocket&token=one"]
            assert socket.heard.events == []
            assert socket.server._binary_packet == {}
            assert socket.server.environ == {}
    assert caplog.records == []


async def test_a_socket_that_says_goodbye_does_not_come_back() -> None:
    """Each time would be another connection, which no limit of events counts."""
    async with _Socket() as socket:
        for _ in range(20):
            socket.say(f"41{EVENT},")
            socket.say(f"40{EVENT},")
        await socket.until(lambda: socket.is_over)
        assert len(socket.heard.connected) == 1


async def test_a_second_connect_of_one_socket_is_no_second_tab() -> None:
    async with _Socket() as socket:
        for _ in range(20):
            socket.say(f"40{EVENT},")
        socket.emit("event", {"name": "state.tap"})
        await socket.until(lambda: socket.heard.events != [])
        assert len(socket.heard.connected) == 1
