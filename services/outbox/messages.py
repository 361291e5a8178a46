"""Rows of the outbox: written with their cause, claimed, noted as delivered or failed."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.columns import new_id
from models.enums import DeliveryStatus
from models.journal import OutboxMessage
from services.base.upserts import BuiltOnce
from services.outbox import rules
from services.outbox.types import Delivery

# Delivered messages hold addresses of people: long enough to answer a question, not longer.
KEPT_FOR = timedelta(days=14)
DEAD_KEPT_FOR = timedelta(days=90)
_outbox = OutboxMessage.metadata.tables[OutboxMessage.__tablename__]
_PUT_COLUMNS = (
    *("id", "created_at", "restaurant_id", "kind", "payload"),
    *("status", "attempt_count", "next_attempt_at", "lane"),
)


def _put_statement(insert: Callable[[sa.Table], Any]) -> sa.Executable:
    """A new row, the last of its lane."""
    new = {name: sa.bindparam(f"new_{name}", type_=_outbox.c[name].type) for name in _PUT_COLUMNS}
    waiting = _outbox.alias("waiting")
    last = (
        sa.select(sa.func.coalesce(sa.func.max(waiting.c.lane_number), 0))
        .where(waiting.c.lane == new["lane"], waiting.c.status == DeliveryStatus.WAITING)
        .scalar_subquery()
    )
    return (
        insert(_outbox)
        .values(**new, lane_number=last + 1)
        .on_conflict_do_nothing(index_elements=["id"])
    )


_PUT = BuiltOnce(_put_statement)


async def put(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    key: str = "",
    not_before: datetime | None = None,
    lane: str = "",
) -> UUID:
    """Have something done outside, if and only if this transaction commits.

    Args:
        session: the transaction of what causes it; flushed, not committed.
        restaurant_id: for whom it is done.
        kind: names the handler, as "email" or "whatsapp".
        payload: what the handler needs: ids rather than personal data.
        now: aware UTC.
        key: what is said once however often it is put, as "receipt:{order_id}"; empty for things
            that may be said again.
        not_before: the earliest moment of the first attempt.
        lane: what is put into the same one goes out one after the other, in the order of putting:
            a message waits until the one before it is delivered or given up. Empty for none.

    Returns:
        The message's id, which is also its idempotency key towards the other side.
    """
    message_id = _id_of(restaurant_id, kind, key) if key else new_id()
    row = {
        "id": message_id,
        "created_at": now,
        "restaurant_id": restaurant_id,
        "kind": kind,
        "payload": payload,
        "status": DeliveryStatus.WAITING,
        "attempt_count": 0,
        "next_attempt_at": not_before or now,
        "lane": lane or None,
    }
    await session.execute(_PUT.on(session), {f"new_{name}": value for name, value in row.items()})
    return message_id


async def withdraw(session: AsyncSession, *, restaurant_id: UUID, kind: str, key: str) -> None:
    """Take back what was put with a key, unless it has gone out already."""
    await session.execute(
        sa.delete(OutboxMessage)
        .where(
            col(OutboxMessage.restaurant_id) == restaurant_id,
            col(OutboxMessage.id) == _id_of(restaurant_id, kind, key),
            col(OutboxMessage.status) == DeliveryStatus.WAITING,
        )
        .execution_options(synchronize_session=False)
    )


async def has_due(session: AsyncSession, *, kinds: Collection[str], now: datetime) -> bool:
    """Whether there is anything to claim: a read, so that idle ticks write nothing."""
    found = await session.scalar(
        sa.select(col(OutboxMessage.id)).where(*_is_due(kinds, now)).limit(1)
    )
    return found is not None


async def find_soonest(
    session: AsyncSession, *, kinds: Collection[str], now: datetime, within: timedelta
) -> datetime | None:
    """When the next message is due that is not due yet; None when that is later than `within`."""
    return await session.scalar(
        sa.select(sa.func.min(col(OutboxMessage.next_attempt_at))).where(
            col(OutboxMessage.status) == DeliveryStatus.WAITING,
            col(OutboxMessage.next_attempt_at) > now,
            col(OutboxMessage.next_attempt_at) <= now + within,
            col(OutboxMessage.kind).in_(kinds),
            _is_first(),
        )
    )


async def claim_due(
    session: AsyncSession, *, kinds: Collection[str], limit: int, now: datetime
) -> list[Delivery]:
    """Take messages nobody else has; they are this process's until their lease ends.

    The claim is the attempt's count and a next attempt after the lease: who dies in the middle is
    replaced without anybody noticing it, and a message that kills its process runs out of attempts.

    Args:
        session: open transaction; commit it before the work begins.
        kinds: those this process has handlers for; others wait for one that has.
        limit: how many at most.
        now: aware UTC.
    """
    found = await session.scalars(
        sa.select(OutboxMessage)
        .where(*_is_due(kinds, now))
        .order_by(col(OutboxMessage.next_attempt_at), col(OutboxMessage.id))
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
        Delivery(
            id=row.id,
            restaurant_id=row.restaurant_id,
            kind=row.kind,
            payload=row.payload,
            attempt_number=row.attempt_count,
        )
        for row in rows
    ]


async def mark_delivered(session: AsyncSession, *, delivery: Delivery, now: datetime) -> None:
    """Note that the effect is there, whoever else may have claimed the message since."""
    await session.execute(
        sa.update(OutboxMessage)
        .where(
            col(OutboxMessage.restaurant_id) == delivery.restaurant_id,
            col(OutboxMessage.id) == delivery.id,
        )
        .values(status=DeliveryStatus.DONE, delivered_at=now, last_error=None)
    )


async def mark_failed(
    session: AsyncSession,
    *,
    delivery: Delivery,
    why: str,
    delay: timedelta | None,
    now: datetime,
) -> None:
    """Note a failed attempt: another one after `delay`, or none and the message is dead.

    Who was late and has lost the claim changes nothing.
    """
    # A message with attempts left stays as it is but for when it comes again.
    after = (
        {"status": DeliveryStatus.FAILED}
        if delay is None
        else {"status": DeliveryStatus.WAITING, "next_attempt_at": now + delay}
    )
    await session.execute(
        sa.update(OutboxMessage)
        .where(
            col(OutboxMessage.restaurant_id) == delivery.restaurant_id,
            col(OutboxMessage.id) == delivery.id,
            col(OutboxMessage.status) == DeliveryStatus.WAITING,
            col(OutboxMessage.attempt_count) == delivery.attempt_number,
        )
        .values(last_error=why, **after)
    )


async def revive(
    session: AsyncSession, *, restaurant_id: UUID | None, kind: str, now: datetime
) -> list[Delivery]:
    """Give dead messages all their attempts again, as after a mended address or account.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose; None for all, as only who runs the installation may ask.
        kind: of messages; empty for all.
        now: aware UTC.

    Returns:
        What goes out again; nothing is lost of what has gone out or still waits.
    """
    wanted = [col(OutboxMessage.status) == DeliveryStatus.FAILED]
    if restaurant_id is not None:
        wanted.append(col(OutboxMessage.restaurant_id) == restaurant_id)
    if kind:
        wanted.append(col(OutboxMessage.kind) == kind)
    revived = await session.execute(
        sa.update(OutboxMessage)
        .where(*wanted)
        .values(status=DeliveryStatus.WAITING, attempt_count=0, next_attempt_at=now)
        .returning(
            col(OutboxMessage.id),
            col(OutboxMessage.restaurant_id),
            col(OutboxMessage.kind),
            col(OutboxMessage.payload),
            col(OutboxMessage.attempt_count),
        )
        .execution_options(synchronize_session=False)
    )
    return [Delivery(*row) for row in revived]


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Delete what was delivered two weeks ago, and what died three months ago."""
    await session.execute(
        sa.delete(OutboxMessage).where(
            sa.or_(
                sa.and_(
                    col(OutboxMessage.status) == DeliveryStatus.DONE,
                    col(OutboxMessage.delivered_at) < now - KEPT_FOR,
                ),
                sa.and_(
                    col(OutboxMessage.status) == DeliveryStatus.FAILED,
                    col(OutboxMessage.next_attempt_at) < now - DEAD_KEPT_FOR,
                ),
            )
        )
    )


def _id_of(restaurant_id: UUID, kind: str, key: str) -> UUID:
    return uuid5(restaurant_id, f"{kind}:{key}")


def _is_due(kinds: Collection[str], now: datetime) -> list[sa.ColumnElement[bool]]:
    next_attempt_at, created_at = col(OutboxMessage.next_attempt_at), col(OutboxMessage.created_at)
    # Put before the clock was set back: it would wait for as long as the clock jumped.
    is_from_later = sa.and_(
        col(OutboxMessage.attempt_count) == 0, next_attempt_at == created_at, created_at > now
    )
    return [
        col(OutboxMessage.status) == DeliveryStatus.WAITING,
        sa.or_(next_attempt_at <= now, is_from_later),
        col(OutboxMessage.kind).in_(kinds),
        _is_first(),
    ]


def _is_first() -> sa.ColumnElement[bool]:
    """Nothing is before it in its lane. What is claimed still waits: none overtakes another."""
    earlier = aliased(OutboxMessage)
    is_earlier = sa.or_(
        col(earlier.lane_number) < col(OutboxMessage.lane_number),
        sa.and_(
            col(earlier.lane_number) == col(OutboxMessage.lane_number),
            col(earlier.id) < col(OutboxMessage.id),
        ),
    )
    before = (
        sa.select(col(earlier.id))
        .where(
            col(earlier.lane) == col(OutboxMessage.lane),
            col(earlier.status) == DeliveryStatus.WAITING,
            is_earlier,
        )
        .correlate(OutboxMessage)
        .exists()
    )
    return sa.or_(col(OutboxMessage.lane).is_(None), ~before)
