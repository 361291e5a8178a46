"""Rows of the inbox: stored once by their id, claimed, noted as done with the work itself."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import DeliveryStatus
from models.journal import InboxMessage
from services.base.upserts import insert
from services.inbox.types import Arrived
from services.outbox import rules

# The other side may send a message again for days; what is deleted sooner would be worked twice.
KEPT_FOR = timedelta(days=30)


async def store(
    session: AsyncSession, *, source: str, external_id: str, body: bytes, now: datetime
) -> bool:
    """Keep one message; a repeated one changes nothing.

    Args:
        session: open transaction; flushed, not committed.
        source: who sends, as "whatsapp"; its signature was checked.
        external_id: the sender's id of it, the same when it is sent again.
        body: as it came in.
        now: aware UTC.

    Returns:
        Whether it was new.
    """
    made = await session.execute(
        insert(session, InboxMessage)
        .values(
            id=new_id(),
            created_at=now,
            source=source,
            external_id=external_id,
            body=body,
            status=DeliveryStatus.WAITING,
            received_at=now,
            attempt_count=0,
            next_attempt_at=now,
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(col(InboxMessage.id))
    )
    return made.first() is not None


async def has_due(session: AsyncSession, *, sources: Collection[str], now: datetime) -> bool:
    """Whether there is anything to claim: a read, so that idle ticks write nothing."""
    found = await session.scalar(
        sa.select(col(InboxMessage.id)).where(*_is_due(sources, now)).limit(1)
    )
    return found is not None


async def claim_next(
    session: AsyncSession, *, sources: Collection[str], now: datetime
) -> Arrived | None:
    """Take the oldest message nobody else has; commit the claim before the work begins.

    A message that kills its process was counted before it did, and runs out of attempts.
    """
    row = await session.scalar(
        sa.select(InboxMessage)
        .where(*_is_due(sources, now))
        .order_by(col(InboxMessage.next_attempt_at), col(InboxMessage.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    row.attempt_count += 1
    row.next_attempt_at = now + rules.LEASE
    await session.flush()
    return Arrived(
        id=row.id,
        source=row.source,
        body=row.body,
        received_at=row.received_at,
        attempt_number=row.attempt_count,
    )


async def mark_done(session: AsyncSession, *, arrived: Arrived, now: datetime) -> bool:
    """Note in the transaction of the work, before it, that it is done.

    Returns:
        False when somebody else has the message now: then nothing may be done with it here.
    """
    return await _change(
        session, arrived, status=DeliveryStatus.DONE, processed_at=now, last_error=None
    )


async def mark_failed(
    session: AsyncSession, *, arrived: Arrived, why: str, delay: timedelta | None, now: datetime
) -> None:
    """Note a failed attempt: another one after `delay`, or none and the message is dead."""
    after = {"status": DeliveryStatus.FAILED} if delay is None else {"next_attempt_at": now + delay}
    await _change(session, arrived, last_error=why, **after)


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Delete what was worked on or given up a month ago."""
    await session.execute(
        sa.delete(InboxMessage).where(
            col(InboxMessage.status) != DeliveryStatus.WAITING,
            col(InboxMessage.received_at) < now - KEPT_FOR,
        )
    )


async def _change(session: AsyncSession, arrived: Arrived, **values: object) -> bool:
    """Change a message that is still this claim's."""
    changed = await session.scalar(
        sa.update(InboxMessage)
        .where(
            col(InboxMessage.id) == arrived.id,
            col(InboxMessage.status) == DeliveryStatus.WAITING,
            col(InboxMessage.attempt_count) == arrived.attempt_number,
        )
        .values(**values)
        .returning(col(InboxMessage.id))
    )
    return changed is not None


def _is_due(sources: Collection[str], now: datetime) -> list[sa.ColumnElement[bool]]:
    # Received before the clock was set back: it would wait for as long as the clock jumped.
    is_from_later = sa.and_(
        col(InboxMessage.attempt_count) == 0, col(InboxMessage.received_at) > now
    )
    return [
        col(InboxMessage.status) == DeliveryStatus.WAITING,
        sa.or_(col(InboxMessage.next_attempt_at) <= now, is_from_later),
        col(InboxMessage.source).in_(sources),
    ]
