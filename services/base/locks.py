"""One at a time: what must not happen twice when it is asked for twice at the same moment."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession


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
