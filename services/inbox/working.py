"""The loop that works on what came in, one message after the other."""

import asyncio
import random
from datetime import datetime

import structlog

from services.base import clock
from services.base.database import reading, transaction
from services.inbox import messages
from services.inbox.types import Arrived, Workers
from services.outbox import rules

log = structlog.get_logger()
# Few enough to be begun before their lease ends, enough to make the claim's commit cheap.
BATCH = 3
# A run ends well before the lease of its job; what is left comes with the next tick.
RUN_SECONDS = 60


async def work_due(now: datetime, *, workers: Workers) -> None:
    """Work on everything that is due; a failure delays nobody but itself.

    Args:
        now: aware UTC, when the run began.
        workers: by source, the most urgent first; of one source, the oldest come first. Messages
            of other sources stay for a process that knows them.
    """
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + RUN_SECONDS
    while loop.time() < ends_at:
        source = await _most_urgent(workers, now)
        if source is None:
            return
        async with transaction() as session:
            claimed = await messages.claim(session, sources=(source,), limit=BATCH, now=now)
        for arrived in claimed:
            await _attempt(arrived, workers)
        now = clock.now()


async def _most_urgent(workers: Workers, now: datetime) -> str | None:
    """The first source that has something due."""
    async with reading() as session:
        for source in workers:
            if await messages.has_due(session, sources=(source,), now=now):
                return source
    return None


async def _attempt(arrived: Arrived, workers: Workers) -> None:
    after = None
    try:
        async with asyncio.timeout(rules.ATTEMPT_SECONDS), transaction() as session:
            # First the note: it locks the row, and with it whoever has claimed the message since.
            if await messages.mark_done(session, arrived=arrived, now=clock.now()):
                after = await workers[arrived.source](session, arrived, clock.now())
    except Exception as failure:  # noqa: BLE001 - whatever it is, the others must be worked on
        await _note_failure(arrived, failure)
        return
    if after is not None:
        try:
            await after()
        except Exception as failure:  # noqa: BLE001 - the work itself is done and committed
            log.warning("inbox_after_failed", source=arrived.source, why=rules.reason(failure))


async def _note_failure(arrived: Arrived, failure: Exception) -> None:
    why = rules.reason(failure)
    delay = rules.delay_after(arrived.attempt_number, failure=failure, rng=random.SystemRandom())
    log.warning(
        "inbox_work_failed" if delay is not None else "inbox_message_dead",
        source=arrived.source,
        message_id=str(arrived.id),
        attempt=arrived.attempt_number,
        why=why,
    )
    async with transaction() as session:
        await messages.mark_failed(session, arrived=arrived, why=why, delay=delay, now=clock.now())
