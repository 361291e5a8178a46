"""Web processes that start at once: everything is imported before, each is a fork.

A kill -9 test that waits seconds for every import kills ten times a minute; this one kills once a
second. What runs in the fork is the whole server: granian, the edge, Reflex, the jobs.

Reads lines: "start PORT" answers with the process id of a new fork that serves this port.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from starlette.types import ASGIApp


def main() -> None:
    """Import the app, say so, then fork for every line until the input ends."""
    from smartmenu.server import app
    from smartmenu.smartmenu import app as imported
    from state import doors
    from state.guest import menu
    from state.staff import board, floor

    assert imported is not None
    # Screens look again by themselves once a minute: here they must meet an outage of seconds.
    for screen in (board, floor, menu):
        screen.REFRESH_SECONDS = 2
    doors.RETRY_SECONDS = 1.0
    # Children that were killed are nobody's to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    for line in sys.stdin:
        port = int(line.split()[1])
        child = os.fork()
        if child == 0:
            os.close(sys.stdin.fileno())
            # What it logs must not be read as an answer, nor fill a pipe that nobody reads.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            _serve(app, port)
            os._exit(0)
        _say(str(child))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _serve(make_app: Callable[[], ASGIApp], port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    async def run() -> None:
        await Server(
            make_app(), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
        ).serve()

    asyncio.run(run())


if __name__ == "__main__":
    main()
