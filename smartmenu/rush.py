"""The wire of every tab: how much one tab may send, and silence for tabs that are gone.

Handlers of all tabs share one event loop. A script in one tab that sends without end must not make
the others wait, and is told so.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import reflex as rx
import structlog
from reflex.app import EventNamespace
from reflex.state import StateUpdate
from reflex.utils.token_manager import RedisTokenManager

from services.base.limits import Bucket
from state.doors import end_followers
from state.rush import RushState

log = structlog.get_logger()
# Nobody taps or types as fast for longer than a moment; a page that starts sends a handful.
BURST = 100
EVENTS_A_SECOND = 20
# How often a tab that goes on is told.
TELL_EVERY_SECONDS = 5.0
MOST_SOCKETS = 100_000
_TELL = f"{RushState.get_full_name()}.slow_down"


class Tabs(EventNamespace):
    """Reflex's namespace with a limit of events for each socket."""

    def __init__(
        self, namespace: str, app: rx.App, *, moment: Callable[[], float] = time.monotonic
    ) -> None:
        """Let every socket start with a whole burst.

        Args:
            namespace: the address of the events.
            app: the app whose handlers run.
            moment: seconds on a clock that never goes back.
        """
        super().__init__(namespace, app)
        self._moment = moment
        self._events = Bucket(
            capacity=BURST, refill_per_second=EVENTS_A_SECOND, max_keys=MOST_SOCKETS
        )
        self._tellings = Bucket(
            capacity=1, refill_per_second=1 / TELL_EVERY_SECONDS, max_keys=MOST_SOCKETS
        )

    async def on_event(self, sid: str, data: Any) -> None:  # noqa: ANN401 - what a browser sent
        """Hand an event on, unless this socket has sent too many."""
        now = self._moment()
        if self._events.take(sid, moment=now):
            await super().on_event(sid, data)
        elif self._tellings.take(sid, moment=now):
            log.warning("a tab sends too much")
            await super().on_event(sid, _instead_of(data))

    def on_disconnect(self, sid: str) -> asyncio.Task[Any] | None:
        """Let go of a tab, and of everything it follows."""
        token = self._token_manager.sid_to_token.get(sid, "")
        record = self._token_manager.token_to_socket.get(token)
        # A tab that is here again has a socket of its own by now.
        if record is not None and record.sid == sid:
            end_followers(token)
        return super().on_disconnect(sid)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Send an update; a tab that was closed meanwhile gets nothing, and that is no news."""
        is_here = token in self._token_manager.token_to_socket
        # With Redis the socket may be another process's.
        if is_here or isinstance(self._token_manager, RedisTokenManager):
            await super().emit_update(update, token)


def limit_tabs(app: rx.App) -> None:
    """Put the limit in front of an app that was just made."""
    if app.sio is None or app.event_namespace is None:
        msg = "the app has no sockets"
        raise RuntimeError(msg)
    tabs = Tabs(app.event_namespace.namespace, app)
    app._event_namespace = tabs  # noqa: SLF001 - Reflex offers no way to choose it
    app.sio.register_namespace(tabs)


def _instead_of(data: Any) -> dict[str, Any]:  # noqa: ANN401 - what a browser sent
    """The event that tells, from the same page."""
    router_data = data.get("router_data") if isinstance(data, dict) else None
    is_whole = isinstance(router_data, dict)
    return {"name": _TELL, "payload": {}, "router_data": router_data if is_whole else {}}
