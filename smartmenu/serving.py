"""From a fresh checkout to a running server: build, migrate, demo, processes."""

import asyncio
import os
import resource
import sys
import time

import typer

from services.base.settings import ROOT, settings
from services.base.shared_metrics import keep_in
from smartmenu.build import build


def prepare(*, with_demo: bool) -> None:
    """Everything that must stand before the first request."""
    started = time.monotonic()
    if build():
        typer.echo(f"Built the pages in {time.monotonic() - started:.0f} s.")
    asyncio.run(_prepare_database(with_demo=with_demo))


async def _prepare_database(*, with_demo: bool) -> None:
    from services.base.database import dispose
    from services.base.migrations import migrate
    from services.privacy import unfinished
    from smartmenu.key_check import hold_key

    await migrate()
    await hold_key()
    # Of a restore that was killed.
    await unfinished.finish(settings().data_folder)
    if with_demo:
        from smartmenu.demonstration import prepare_demo

        await prepare_demo()
    await dispose()


# A connection counts from its first byte to its last, and so does every open page. Granian's own
# limit of 1,024 over all workers let as many silent connections keep everybody else out (tried).
MOST_CONNECTIONS = 16_384
# Files and the database's connections.
OTHER_FILES = 256


def serve() -> None:
    """Replace this process by granian: one worker, or several on PostgreSQL and Redis."""
    os.chdir(ROOT)
    keep_in(settings().metrics_folder)
    os.environ.update(
        {
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "REFLEX_ENV_MODE": "prod",
        }
    )
    # Of glibc, which gives every thread a place of its own to take memory from, and gives nothing
    # of it back while the thread lives: the database's connections alone are sixteen threads.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.execv(sys.executable, server_command())  # noqa: S606 - our own command line


def server_command() -> list[str]:
    """The command line that serves this installation."""
    wanted = settings()
    options = {
        "--interface": "asgi",
        "--host": wanted.host,
        "--port": str(wanted.port),
        "--workers": str(wanted.workers),
        "--log-level": "warning",
        # A full house that connects in the same second waits, it is not refused.
        "--backlog": "4096",
        "--backpressure": str(connection_limit()),
        # Half of a request holds a place no longer than this, in ms.
        "--http1-header-read-timeout": "10000",
        # Of headers: six times as many as a browser sends to us. Granian takes 400 KB.
        "--http1-buffer-size": "65536",
        # A worker that dies is replaced at once; without this the whole server ends with it.
        "--respawn-interval": "0.5",
    }
    return [
        *(sys.executable, "-m", "granian", "--factory", "smartmenu.server:app"),
        *(word for option in options.items() for word in option),
        "--respawn-failed-workers",
        "--no-access-log",
    ]


def connection_limit() -> int:
    """How many connections a worker holds; this process and its children may open as many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_CONNECTIONS + OTHER_FILES
    files = most if hard == resource.RLIM_INFINITY else min(hard, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, files - OTHER_FILES)
