"""Rows of the inbox: stored once by their id, claimed, noted as done with the work itself."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

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


def _statements() -> tuple[sa.Select[tuple[UUID]], sa.Update, sa.Update]:
    """Whether anything is due, taking it, and noting that it is done: built once, asked often."""
    now = sa.bindparam("moment", type_=_inbox.c.received_at.type)
    # Received before the clock was set back: it would wait for as long as the clock jumped.
    is_from_later = sa.and_(_inbox.c.attempt_count == 0, _inbox.c.received_at > now)
    due = (
        sa.select(_inbox.c.id)
        .where(
            _inbox.c.status == DeliveryStatus.WAITING,
            sa.or_(_inbox.c.next_attempt_at <= now, is_from_later),
            _inbox.c.source.in_(sa.bindparam("sources", expanding=True)),
        )
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
    # Apart from the update, or PostgreSQL may look for them anew for every row.
    oldest = (
        due.order_by(_inbox.c.next_attempt_at, _inbox.c.id)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    lease = sa.bindparam("lease_ends_at", type_=_inbox.c.next_attempt_at.type)
    taken = (
        sa.update(_inbox)
        .where(_inbox.c.id.in_(sa.select(oldest.c.id)))
        .values(attempt_count=_inbox.c.attempt_count + 1, next_attempt_at=lease)
        .returning(
            *(_inbox.c[name] for name in ("id", "source", "body", "received_at", "attempt_count"))
        )
    )
    done = (
        sa.update(_inbox)
        .where(
            _inbox.c.id == sa.bindparam("which", type_=_inbox.c.id.type),
            _inbox.c.status == DeliveryStatus.WAITING,
            _inbox.c.attempt_count == sa.bindparam("attempt"),
        )
        .values(status=DeliveryStatus.DONE, processed_at=now, last_error=None)
        .returning(_inbox.c.id)
    )
    return due, taken, done


_DUE, _TAKE, _DONE = _statements()


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
    found = await session.scalar(_DUE, {"sources": list(sources), "moment": now, "most": 1})
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
    taken = await session.execute(
        _TAKE,
        {
            "sources": list(sources),
            "moment": now,
            "most": limit,
            "lease_ends_at": now + rules.LEASE,
        },
    )
    return sorted((Arrived(*row) for row in taken), key=lambda one: (one.received_at, one.id))


async def mark_done(session: AsyncSession, *, arrived: Arrived, now: datetime) -> bool:
    """Note in the transaction of the work, before it, that it is done.

    Returns:
        False when somebody else has the message now: then nothing may be done with it here.
    """
    which = {"which": arrived.id, "attempt": arrived.attempt_number, "moment": now}
    return await session.scalar(_DONE, which) is not None


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


async def _change(session: AsyncSession, arrived: Arrived, **values: object) -> None:
    """Change a message that is still this claim's."""
    await session.execute(
        sa.update(InboxMessage)
        .where(
            col(InboxMessage.id) == arrived.id,
            col(InboxMessage.status) == DeliveryStatus.WAITING,
            col(InboxMessage.attempt_count) == arrived.attempt_number,
        )
        .values(**values)
    )
