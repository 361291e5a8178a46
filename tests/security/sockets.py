"""Events as a browser sends them, through the whole path of the wired app, without a browser.

Only the wire itself is missing: an event is put where the socket would put it, with the headers of
the handshake, and passes the gate, the state's lock, the framework's conversions and the door.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
# How long a handler that follows something is left alone before its socket is closed.
LISTENS_SECONDS = 0.02
_tokens = count(1)


class _TokenManager:
    def is_token_connected(self, _token: str) -> bool:
        return True


class _Namespace:
    """Where updates for browsers arrive."""

    def __init__(self) -> None:
        self._token_manager = _TokenManager()
        self.updates: dict[str, list[Any]] = {}

    async def emit_update(self, update: Any, token: str) -> None:
        self.updates.setdefault(token, []).append(update)


class Sockets:
    """The app's event processor with everything that reached it and came out of it."""

    def __init__(self) -> None:
        from smartmenu.smartmenu import app

        self.failures: list[Exception] = []
        self.namespace = _Namespace()
        self.processor = BaseStateEventProcessor(
            middleware=app, backend_exception_handler=self._keep
        ).configure(state_manager=StateManagerMemory(), event_namespace=self.namespace)  # type: ignore[arg-type]

    def _keep(self, exception: Exception) -> None:
        self.failures.append(exception)

    def tab(self, *, cookie: str = "", path: str = "/login") -> "Tab":
        """A new tab of a browser with some cookies, on a page."""
        return Tab(self, f"tab-{next(_tokens)}", cookie, path)


class Tab:
    """One browser tab: its token, and what its handshake and its page say."""

    def __init__(self, sockets: Sockets, token: str, cookie: str, path: str) -> None:
        self.sockets, self.token = sockets, token
        self._data = {
            "pathname": _route(path.partition("?")[0]),
            "asPath": path,
            "query": {},
            "headers": {"cookie": cookie, "user-agent": BROWSER, "origin": "http://localhost:3000"},
            "ip": "203.0.113.7",
            "token": token,
            "sid": f"sid-{token}",
        }

    async def start(self, handler: str, payload: Any = None) -> asyncio.Future[Any]:
        """Send an event and do not wait for it."""
        payload = {} if payload is None else payload
        event = Event(name=handler, payload=payload, router_data=dict(self._data))
        return await self.sockets.processor.enqueue(self.token, event)

    async def send(self, handler: str, payload: Any = None) -> None:
        """Send an event and wait for it; what follows something is cut off after a moment."""
        future = await self.start(handler, payload)
        found = RegistrationContext.get().event_handlers[handler].handler
        limit = LISTENS_SECONDS if found.is_background else 20
        done, _ = await asyncio.wait({future}, timeout=limit)
        if not done:
            assert found.is_background, f"{handler} does not end"
            future.cancel()
            await asyncio.wait({future})
        if not future.cancelled():
            future.exception()

    def told(self) -> list[str]:
        """Every sentence the toast has shown in this tab."""
        return [str(value) for value in self.values("sentence") if value]

    def values(self, var: str, *, of: str = "") -> list[Any]:
        """Every value a var was sent with, of all States or of those with a word in their name."""
        return [
            value
            for update in self.sockets.namespace.updates.get(self.token, [])
            for state, substate in (update.delta or {}).items()
            if of in state
            for name, value in substate.items()
            if name.removesuffix("_rx_state_") == var
        ]

    def redirects(self) -> list[str]:
        """Where the browser was sent."""
        return [
            str(event.payload.get("path"))
            for update in self.sockets.namespace.updates.get(self.token, [])
            for event in update.events or []
            if event.name == "_redirect"
        ]


def _route(path: str) -> str:
    parts = path.split("/")
    if parts[1] != "menu":
        return path
    parts[2] = "[slug]"
    if len(parts) > 4:
        parts[4] = "[order_id]"
    return "/".join(parts)


@asynccontextmanager
async def open_sockets() -> AsyncIterator[Sockets]:
    """The processor as long as a test needs it; every handler that still runs is cancelled."""
    sockets = Sockets()
    async with sockets.processor:
        yield sockets
