"""Rows of the inbox: stored once by their id, claimed, noted as done with the work itself."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import DeliveryStatus
from models.journal import InboxMessage
from services.base.upserts import BuiltOnce
from services.inbox.types import Arrived, Letter
from services.outbox import rules

# The other side may send a message again for days; what is deleted sooner would be worked twice.
KEPT_FOR = timedelta(days=30)
_inbox = InboxMessage.metadata.tables[InboxMessage.__tablename__]
_INSERT = BuiltOnce(
    lambda insert: (
        insert(_inbox)
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(_inbox.c.source, _inbox.c.external_id)
    )
)


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
    return bool(await store_all(session, letters=[Letter(source, external_id, body, now)]))


async def store_all(session: AsyncSession, *, letters: Sequence[Letter]) -> set[tuple[str, str]]:
    """Keep several messages with one statement; repeated ones change nothing.

    Args:
        session: open transaction; flushed, not committed.
        letters: of any sources, the same one as often as it likes.

    Returns:
        Source and id of those that were new.
    """
    # In one order everywhere: two processes that keep the same two wait for each other in turn.
    rows = [
        {
            "id": new_id(),
            "created_at": one.received_at,
            "source": one.source,
            "external_id": one.external_id,
            "body": one.body,
            "status": DeliveryStatus.WAITING,
            "received_at": one.received_at,
            "attempt_count": 0,
            "next_attempt_at": one.received_at,
        }
        for one in sorted(letters, key=lambda one: (one.source, one.external_id))
    ]
    made = await session.execute(_INSERT.on(session), rows)
    return {(str(row.source), str(row.external_id)) for row in made}


async def has_due(session: AsyncSession, *, sources: Collection[str], now: datetime) -> bool:
    """Whether there is anything to claim: a read, so that idle ticks write nothing."""
    found = await session.scalar(
        sa.select(col(InboxMessage.id)).where(*_is_due(sources, now)).limit(1)
    )
    return found is not None


async def claim(
    session: AsyncSession, *, sources: Collection[str], limit: int, now: datetime
) -> list[Arrived]:
    """Take the oldest messages nobody else has; commit the claim before the work begins.

    A message that kills its process was counted before it did, and runs out of attempts.

    Args:
        session: open transaction; flushed, not committed.
        sources: those this process has workers for.
        limit: how many at most. What is not begun before the lease ends is another process's.
        now: aware UTC.
    """
    found = await session.scalars(
        sa.select(InboxMessage)
        .where(*_is_due(sources, now))
        .order_by(col(InboxMessage.next_attempt_at), col(InboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = found.all()
    for row in rows:
        row.attempt_count += 1
        row.next_attempt_at = now + rules.LEASE
    await session.flush()
    return [
        Arrived(
            id=row.id,
            source=row.source,
            body=row.body,
            received_at=row.received_at,
            attempt_number=row.attempt_count,
        )
        for row in rows
    ]


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
