"""Open sockets are ended as if the browser had gone."""

import asyncio
import gc
import weakref

import pytest
from starlette.types import Message, Receive, Scope, Send

from smartmenu import wires
from smartmenu.wires import GONE, Wires, hang_up_all


class _Tab:
    """A browser that says nothing, and an app that listens to it until it is gone."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.was_cancelled = False

    async def app(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        try:
            while True:
                self.heard.append(await receive())
                if self.heard[-1]["type"] == "websocket.disconnect":
                    return
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise

    async def open(self, kind: str = "websocket") -> asyncio.Task[None]:
        said = [{"type": "websocket.connect"}]

        async def receive() -> Message:
            if said:
                return said.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(_message: Message) -> None: ...

        opened = asyncio.ensure_future(Wires(self.app)({"type": kind}, receive, send))
        while not self.heard:  # noqa: ASYNC110 - it has begun to listen in a moment
            await asyncio.sleep(0)
        return opened


async def test_every_tab_hears_that_it_is_gone() -> None:
    tabs = [_Tab() for _ in range(3)]
    opened = [await tab.open() for tab in tabs]

    await hang_up_all()
    await asyncio.gather(*opened)

    assert [tab.heard for tab in tabs] == [[{"type": "websocket.connect"}, GONE]] * 3
    # Nobody is left to be ended again.
    await hang_up_all()


async def test_requests_are_left_alone() -> None:
    tab = _Tab()
    opened = await tab.open(kind="http")

    await hang_up_all()

    assert not opened.done()
    opened.cancel()
    await asyncio.gather(opened, return_exceptions=True)


async def test_who_is_cancelled_is_cancelled() -> None:
    tab = _Tab()
    opened = await tab.open()

    opened.cancel()
    await asyncio.gather(opened, return_exceptions=True)

    assert tab.was_cancelled
    assert tab.heard == [{"type": "websocket.connect"}]


async def test_a_browser_that_takes_nothing_is_as_good_as_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It answers every ping and reads nothing: what is said to it must not pile up in memory."""
    monkeypatch.setattr(wires, "STALLED_SECONDS", 0.05)
    heard: list[Message] = []
    refused: list[BaseException] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        async def talk() -> None:
            try:
                await send({"type": "websocket.send", "text": "a board"})
            except OSError as error:
                refused.append(error)

        talking = asyncio.ensure_future(talk())
        while not heard or heard[-1]["type"] != "websocket.disconnect":
            heard.append(await receive())
        await talking

    async def receive() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "websocket.receive", "text": "3"}

    async def never(_message: Message) -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(20):
        await Wires(app)({"type": "websocket"}, receive, never)
    assert heard[-1] == GONE
    assert [type(one) for one in refused] == [TimeoutError]


async def test_a_slow_browser_is_waited_for() -> None:
    taken: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for number in range(3):
            await send({"type": "websocket.send", "text": str(number)})

    async def slowly(message: Message) -> None:
        await asyncio.sleep(0.02)
        taken.append(message)

    async def receive() -> Message:
        return GONE

    await Wires(app)({"type": "websocket"}, receive, slowly)
    assert [one["text"] for one in taken] == ["0", "1", "2"]


class _Line:
    """A server's end of a socket whose browser is gone."""

    async def receive(self) -> Message:
        return GONE

    async def send(self, _message: Message) -> None: ...


async def test_a_closed_socket_is_freed_at_once() -> None:
    """Protection: `_Wire.let_go`. Python's collector cannot look into granian's sockets."""

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        async def wait() -> None:
            if (await receive())["type"] == "websocket.disconnect":
                raise OSError

        # As python-engineio does it.
        task = asyncio.ensure_future(wait())
        try:
            await asyncio.wait_for(task, 5)
        except OSError:
            return

    line = _Line()
    freed = weakref.ref(line)
    gc.disable()
    try:
        await Wires(app)({"type": "websocket"}, line.receive, line.send)
        del line
        await asyncio.sleep(0)
        assert freed() is None
    finally:
        gc.enable()
