"""Claims: any number of processes tick, one runs; who crashed while running is replaced."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.journal import JobClaim
from services.base.upserts import insert

# Ticks of one process come a little early or late; a whole period must not be lost by that.
EARLY_RATIO = 0.1
ERROR_LENGTH = 300
# Clocks of machines differ by a little. What began later than that began before the clock was set
# back, and would keep its job waiting for as long as the clock jumped.
CLOCKS_DIFFER = timedelta(minutes=1)


async def is_due(session: AsyncSession, *, name: str, every: timedelta, now: datetime) -> bool:
    """Whether `take` would succeed now: a read, so that idle ticks write nothing."""
    row = await session.scalar(sa.select(JobClaim).where(col(JobClaim.name) == name))
    if row is None:
        return True
    started = row.last_started_at
    if started is None or started > now + CLOCKS_DIFFER:
        return True
    return row.claimed_until_at <= now and started <= _latest(every, now)


async def take(
    session: AsyncSession,
    *,
    name: str,
    by: str,
    every: timedelta,
    lease: timedelta,
    now: datetime,
) -> bool:
    """Claim a job, if it is due and nobody runs it.

    Args:
        session: open transaction; commit it before the work begins.
        name: of the job.
        by: which process asks, unique to it.
        every: how long a run counts before the job is due again, less a tenth.
        lease: how long the claim holds when its process is never heard of again.
        now: aware UTC.
    """
    row = insert(session, JobClaim).values(
        name=name, claimed_until_at=now + lease, claimed_by=by, last_started_at=now
    )
    taken = await session.scalar(
        row.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "claimed_until_at": row.excluded.claimed_until_at,
                "claimed_by": row.excluded.claimed_by,
                "last_started_at": row.excluded.last_started_at,
            },
            where=sa.or_(
                col(JobClaim.last_started_at).is_(None),
                _is_of_the_future(now),
                sa.and_(
                    col(JobClaim.claimed_until_at) <= now,
                    col(JobClaim.last_started_at) <= _latest(every, now),
                ),
            ),
        ).returning(col(JobClaim.name))
    )
    return taken is not None


async def finish(
    session: AsyncSession, *, name: str, by: str, now: datetime, error: str | None = None
) -> bool:
    """Give a claim back; False when it had run out and somebody else has it now.

    Args:
        session: open transaction.
        name: of the job.
        by: the process that took the claim.
        now: aware UTC.
        error: what went wrong, in one line; None when nothing did.
    """
    finished = await session.scalar(
        sa.update(JobClaim)
        .where(col(JobClaim.name) == name, col(JobClaim.claimed_by) == by)
        .values(
            claimed_until_at=now,
            last_finished_at=now,
            last_error=error[:ERROR_LENGTH] if error else None,
        )
        .returning(col(JobClaim.name))
    )
    return finished is not None


def _latest(every: timedelta, now: datetime) -> datetime:
    """A run that began at this moment or before is one period old."""
    return now - every * (1 - EARLY_RATIO)


def _is_of_the_future(now: datetime) -> sa.ColumnElement[bool]:
    return col(JobClaim.last_started_at) > now + CLOCKS_DIFFER
