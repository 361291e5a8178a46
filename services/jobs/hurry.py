"""Work on what has just come in now, not at the next tick; the tick stays the safety net."""

import asyncio

import structlog

from services.base import clock, logs
from services.base.settings import settings
from services.jobs import messages

log = structlog.get_logger()
_running: set[asyncio.Task[None]] = set()
_again = asyncio.Event()


def hurry() -> None:
    """Have this process work on the inbox, then deliver what that put into the outbox.

    Called while that runs it goes round once more; claims in the database keep processes apart.
    """
    if settings().inbox_paused:
        return
    _again.set()
    if not _running:
        task = asyncio.get_running_loop().create_task(_go_round())
        _running.add(task)
        task.add_done_callback(_running.discard)


async def _go_round() -> None:
    while _again.is_set():
        _again.clear()
        try:
            await messages.work_inbox(clock.now())
            await messages.deliver_outbox(clock.now())
        except Exception as failure:  # noqa: BLE001 - the next tick tries again
            log.warning("hurry_failed", kind=logs.kinds_of(failure))
