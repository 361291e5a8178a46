"""From a fresh checkout to a running server: build, migrate, demo, processes."""

import asyncio
import os
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

    await migrate()
    if with_demo:
        from smartmenu.demonstration import prepare_demo

        await prepare_demo()
    await dispose()


def serve() -> None:
    """Replace this process by granian: one worker, or several on PostgreSQL and Redis."""
    wanted = settings()
    os.chdir(ROOT)
    keep_in(wanted.metrics_folder)
    os.environ.update(
        {
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "REFLEX_ENV_MODE": "prod",
        }
    )
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "smartmenu.server:app",
        "--host",
        wanted.host,
        "--port",
        str(wanted.port),
        "--workers",
        str(wanted.workers),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    os.execv(sys.executable, command)  # noqa: S606 - our own command line
