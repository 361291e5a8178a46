"""Open sockets of this process, each of which can be ended as if the network had.

The socket server cannot do that alone: granian closes a socket only when nobody listens to it, and
somebody always does, so that the end of a tab's messages closed nothing (tried: the tab waited for
as long as it liked).
"""

import asyncio
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Tabs that connect anew after an outage come in groups, not all in the same moment.
AT_ONCE, PAUSE_SECONDS = 20, 0.2
# One message may take this long to leave: as long as a browser may leave a ping unanswered. What is
# said meanwhile waits in memory, and whoever answers pings without ever reading would let it grow
# for as long as they liked (tried: the socket server has no limit of its own).
STALLED_SECONDS = 30.0
# Where whoever reads a socket's words finds how to end it.
HANG_UP = "smartmenu.hang_up"
# What begins whatever a page says: goodbye, an answer to a ping, a message. The socket server
# writes its surprise over anything else into the log, with a traceback, as often as it comes.
SPOKEN = ("1", "3", "4")
GONE: Message = {"type": "websocket.disconnect", "code": 1012}


class _Wire:
    """One open socket."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive: Receive | None = receive
        self._send: Send | None = send
        self._listening: asyncio.Future[Message] | None = None
        self._reader: asyncio.Task[object] | None = None
        self._is_over = False

    async def receive(self) -> Message:
        """The next message of the browser, or that it is gone."""
        self._reader = asyncio.current_task()
        if self._is_over or self._receive is None:
            return GONE
        self._listening = asyncio.ensure_future(self._receive())
        try:
            heard = await self._listening
            if heard["type"] != "websocket.receive" or _is_spoken(heard):
                return heard
            self._is_over = True
            return GONE
        except asyncio.CancelledError:
            # Cancelled from outside, or hung up.
            if not self._is_over or cast("asyncio.Task[None]", asyncio.current_task()).cancelling():
                raise
            return GONE

    async def send(self, message: Message) -> None:
        """Say something to the browser; one that does not take it is as good as gone.

        Raises:
            OSError: it is gone.
        """
        if self._send is None:
            raise OSError
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self._send(message)
        except TimeoutError:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        """Let whoever listens hear that the browser is gone."""
        self._is_over = True
        if self._listening is not None:
            self._listening.cancel()

    def let_go(self) -> None:
        """Leave nothing behind when the socket is closed.

        The socket server hears of the end as an error in a task of its own. That task, its error,
        the error's traceback and the frame in it that holds the task are a circle, and granian's
        socket in the middle of it is one that Python's collector cannot look into: of every tab
        that was ever closed these stayed in memory.
        """
        reader = self._reader
        self._receive = self._send = self._listening = self._reader = None
        if reader is not None and reader.done() and not reader.cancelled():
            error = reader.exception()
            if error is not None:
                error.__traceback__ = None


def _is_spoken(heard: Message) -> bool:
    text = heard.get("text")
    return isinstance(text, str) and text.startswith(SPOKEN)


_open: set[_Wire] = set()


class Wires:
    """Knows the sockets that are open."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        wire = _Wire(receive, send)
        scope[HANG_UP] = wire.hang_up
        _open.add(wire)
        try:
            await self.app(scope, wire.receive, wire.send)
        finally:
            _open.discard(wire)
            wire.let_go()


async def hang_up_all() -> None:
    """End every socket of this process; the tabs' scripts connect again by themselves.

    A tab whose state was lost shows what nobody updates: connecting brings it a new one.
    """
    for number, wire in enumerate(list(_open), start=1):
        wire.hang_up()
        if number % AT_ONCE == 0:
            await asyncio.sleep(PAUSE_SECONDS)
