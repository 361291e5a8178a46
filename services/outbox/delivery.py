"""The loop that delivers: claim in one transaction, work in none, note in another."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from services.base import clock
from services.base.database import reading, transaction
from services.outbox import messages, rules
from services.outbox.types import Delivery, Handlers

log = structlog.get_logger()
# Few enough that what is more urgent is looked for between them.
BATCH = 5
# A run ends well before the lease of its job; what is left comes with the next tick.
RUN_SECONDS = 60


async def _at_once() -> None:
    """Nothing to wait for."""


async def deliver_due(
    now: datetime, *, handlers: Handlers, give_way: Callable[[], Awaitable[None]] = _at_once
) -> None:
    """Deliver everything that is due, five at a time; a failure delays nobody but itself.

    Args:
        now: aware UTC, when the run began.
        handlers: by kind. Messages of other kinds stay for a process that knows them.
        give_way: waits before each five for what is more urgent.
    """
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + RUN_SECONDS
    while loop.time() < ends_at:
        async with reading() as session:
            # An idle tick writes nothing.
            if not await messages.has_due(session, kinds=handlers.keys(), now=now):
                return
        await give_way()
        async with transaction() as session:
            claimed = await messages.claim_due(session, kinds=handlers.keys(), limit=BATCH, now=now)
        # A database that goes away while one is noted must not cut off the others' attempts.
        noted = await asyncio.gather(
            *(_attempt(delivery, handlers) for delivery in claimed), return_exceptions=True
        )
        for failure in noted:
            if failure is not None:
                raise failure
        now = clock.now()


async def _attempt(delivery: Delivery, handlers: Handlers) -> None:
    try:
        async with asyncio.timeout(rules.ATTEMPT_SECONDS):
            await handlers[delivery.kind](delivery)
    except Exception as failure:  # noqa: BLE001 - whatever it is, the others must go out
        await _note_failure(delivery, failure)
        return
    # A crash before this line has the message delivered again, with the same id.
    async with transaction() as session:
        await messages.mark_delivered(session, delivery=delivery, now=clock.now())


async def _note_failure(delivery: Delivery, failure: Exception) -> None:
    why = rules.reason(failure)
    delay = rules.delay_after(delivery.attempt_number, failure=failure, rng=random.SystemRandom())
    log.warning(
        "outbox_delivery_failed" if delay is not None else "outbox_message_dead",
        kind=delivery.kind,
        message_id=str(delivery.id),
        attempt=delivery.attempt_number,
        why=why,
    )
    async with transaction() as session:
        await messages.mark_failed(
            session, delivery=delivery, why=why, delay=delay, now=clock.now()
        )
