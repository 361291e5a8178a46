"""One at a time: two tabs of one phone that start at the same moment must not make two visits."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession


async def one_at_a_time(session: AsyncSession, key: str) -> None:
    """Wait until no other transaction holds this key; it is let go at the end of this one.

    SQLite has one writer at a time anyway. On PostgreSQL a row that does not exist yet cannot be
    locked, so the lock is on the hash of a word. Take the session's key before the customer's.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
        )
