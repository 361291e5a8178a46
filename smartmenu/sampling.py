"""Numbers that are states, looked at every few seconds: sockets, subscriptions, connections."""

import asyncio
import time

import reflex as rx
from sqlalchemy.pool import QueuePool

from services import live
from services.base import metrics
from services.base.database import engine

EVERY_SECONDS = 2.0


async def sample_forever(app: rx.App) -> None:
    """Look until cancelled; how late the loop comes back is itself a number."""
    while True:
        due = time.monotonic() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        metrics.LOOP_DELAY.set(max(0.0, time.monotonic() - due))
        sample(app)


def sample(app: rx.App) -> None:
    """Look once."""
    namespace = app.event_namespace
    metrics.SOCKETS.set(len(namespace.token_to_sid) if namespace is not None else 0)
    metrics.SUBSCRIPTIONS.set(live.subscription_count())
    pool = engine().pool
    if isinstance(pool, QueuePool):
        metrics.POOL_IN_USE.set(pool.checkedout())
        metrics.POOL_SIZE.set(pool.size() + pool._max_overflow)  # noqa: SLF001 - told nowhere else
