"""Work on what has just come in now, not at the next tick; the tick stays the safety net."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from services.base import clock, logs
from services.base.settings import settings
from services.jobs import messages

log = structlog.get_logger()
# What is due later than this is the tick's.
TICK = timedelta(seconds=10)
LOOK_SECONDS = 0.05


class _Round:
    """Something that goes on as long as it is asked for again while it runs."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._running: set[asyncio.Task[None]] = set()
        self.is_wanted = False

    def begin(self) -> None:
        """Run now, or once more after the run that goes on."""
        self.is_wanted = True
        if not self._running:
            task = asyncio.get_running_loop().create_task(self._go())
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        # Asked for after the last look of a task that was about to end.
        if self.is_wanted and not task.cancelled():
            self.begin()

    async def _go(self) -> None:
        while self.is_wanted:
            self.is_wanted = False
            try:
                await self._work()
            except Exception as failure:  # noqa: BLE001 - the next tick tries again
                log.warning("hurry_failed", kind=logs.kinds_of(failure))


async def _work() -> None:
    await messages.work_inbox(clock.now())
    _sending.begin()


async def _send() -> None:
    await messages.deliver_outbox(clock.now())
    # A guest gets one message in six seconds: the second goes out then, not at some tick.
    left = await messages.next_in_seconds(clock.now(), within=TICK)
    if left is None:
        return
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + left
    # An event of this module would belong to the loop that waited for it first.
    while loop.time() < ends_at and not _sending.is_wanted:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    _sending.is_wanted = True


# Two, so that what comes in never waits for what goes out.
_working, _sending = _Round(_work), _Round(_send)


def hurry() -> None:
    """Have this process work on the inbox, and deliver what that put into the outbox.

    Called while that runs it goes round once more; claims in the database keep processes apart.
    """
    if not settings().inbox_paused:
        _working.begin()


def hurry_out() -> None:
    """Have this process deliver what has just been put into the outbox."""
    _sending.begin()
