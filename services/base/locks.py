"""One at a time: what must not happen twice when it is asked for twice at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
# What PostgreSQL says when a row is not to be had at once.
_NOT_AVAILABLE = "55P03"
_PATIENCE_SECONDS = 10
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.01, 0.2


async def one_at_a_time(session: AsyncSession, key: str) -> None:
    """Wait until no other transaction holds this key; it is let go at the end of this one.

    SQLite has one writer at a time anyway. On PostgreSQL a row that does not exist yet cannot be
    locked, so the lock is on the hash of a word.

    Args:
        session: open transaction.
        key: what happens one at a time, beginning with its kind: "order:", "session:", "customer:".
            Whoever needs several takes a session's before a customer's, or two wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
        )


async def all_or_none(session: AsyncSession, hold: Callable[[], Awaitable[T]]) -> T:
    """Hold many rows together without anybody waiting for each other for ever.

    Whoever holds a guest's record and then waits for one of their visits meets whoever holds the
    visit and then waits for the record. So the second kind of row is asked for with `NOWAIT`, and
    when somebody has one of them, everything is let go and asked for again a moment later.

    Args:
        session: open transaction; what it held before stays held.
        hold: asks for all of it; called again after each failure.

    Returns:
        What `hold` returns.

    Raises:
        OperationalError: somebody had one of them for ten seconds; `transaction()` makes the
            sentence of it.
    """
    if session.get_bind().dialect.name != "postgresql":
        # SQLite has one writer at a time.
        return await hold()
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + _PATIENCE_SECONDS
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            async with session.begin_nested():
                return await hold()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != _NOT_AVAILABLE or loop.time() > ends_at:
                raise
        await asyncio.sleep(pause)
        pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
