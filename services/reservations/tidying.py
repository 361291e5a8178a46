"""What time does to reservations: parties leave, do not come, and are forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import QUEUED_STATUSES, ReservationStatus, WaitStatus
from models.reservations import (
    ReservationSettings,
    ReservationSlot,
    TableReservation,
    WaitlistEntry,
)
from models.seating import Sitting
from services.reservations.changes import mark_no_show
from services.reservations.contacts import forgotten
from services.reservations.errors import AlreadyClosedError
from services.reservations.holding import let_go
from services.reservations.rules import ceil_quarter
from services.reservations.types import ReservationChange, ReservationRules
from services.reservations.waitlist import LONGEST_WAIT

AT_ONCE = 200
_DEFAULT_DAYS = ReservationRules().retention_days


async def close_left(session: AsyncSession, *, now: datetime) -> list[ReservationChange]:
    """Complete reservations whose party has left; the rest of their time is free for others."""
    rows = await session.execute(
        sa.select(TableReservation, col(Sitting.released_at))
        .join(Sitting, col(Sitting.id) == col(TableReservation.sitting_id))
        .where(
            col(TableReservation.status) == ReservationStatus.SEATED,
            col(Sitting.released_at).is_not(None),
        )
        .order_by(col(TableReservation.id))
        .limit(AT_ONCE)
    )
    changes: list[ReservationChange] = []
    for row, released_at in rows.all():
        row.status, row.closed_at = ReservationStatus.COMPLETED, released_at
        await let_go(
            session,
            restaurant_id=row.restaurant_id,
            reservation_id=row.id,
            since=ceil_quarter(now),
        )
        changes.append(ReservationChange(row.id, row.restaurant_id, ReservationStatus.COMPLETED))
    await session.flush()
    return changes


async def close_missed(session: AsyncSession, *, now: datetime) -> list[ReservationChange]:
    """Mark as not come what nobody has touched until its time was over."""
    found = await session.execute(
        sa.select(col(TableReservation.restaurant_id), col(TableReservation.id))
        .where(
            col(TableReservation.status) == ReservationStatus.CONFIRMED,
            col(TableReservation.ends_at) <= now,
        )
        .order_by(col(TableReservation.id))
        .limit(AT_ONCE)
    )
    changes: list[ReservationChange] = []
    for restaurant_id, reservation_id in found.all():
        try:
            change = await mark_no_show(
                session,
                restaurant_id=restaurant_id,
                reservation_id=reservation_id,
                by=None,
                now=now,
            )
        except AlreadyClosedError:
            continue
        changes.append(change)
    return changes


async def close_waits(session: AsyncSession, *, now: datetime) -> set[UUID]:
    """Take those out of the queue who forgot to leave; returns the restaurants concerned."""
    gone = await session.scalars(
        sa.update(WaitlistEntry)
        .where(
            col(WaitlistEntry.status).in_(QUEUED_STATUSES),
            col(WaitlistEntry.joined_at) <= now - LONGEST_WAIT,
        )
        .values(status=WaitStatus.LEFT, closed_at=now)
        .returning(col(WaitlistEntry.restaurant_id))
        .execution_options(synchronize_session=False)
    )
    return set(gone.all())


async def forget_past(session: AsyncSession, *, now: datetime) -> int:
    """Delete names, numbers and wishes whose time is over, and quarter hours that are past.

    Reservations keep theirs for the days the restaurant has set; the queue until the next day.
    Numbers of people, times and tables stay: the restaurant's statistics need them.

    Returns:
        How many reservations and places in the queue lost what they knew of their guest.
    """
    count = 0
    own = await session.execute(
        sa.select(col(ReservationSettings.restaurant_id), col(ReservationSettings.retention_days))
    )
    days: dict[UUID, int] = {row[0]: row[1] for row in own}
    for restaurant_id, kept in days.items():
        count += await _forget(
            session, col(TableReservation.restaurant_id) == restaurant_id, kept, now
        )
    others = col(TableReservation.restaurant_id).not_in(list(days))
    count += await _forget(session, others, _DEFAULT_DAYS, now)
    waits = await session.scalars(
        sa.update(WaitlistEntry)
        .where(
            col(WaitlistEntry.status).not_in(QUEUED_STATUSES),
            col(WaitlistEntry.forgotten_at).is_(None),
            col(WaitlistEntry.closed_at) <= now - timedelta(days=1),
        )
        .values(
            name_encrypted=None,
            phone_number_encrypted=None,
            phone_hash=None,
            booked_by_hash=None,
            forgotten_at=now,
        )
        .returning(col(WaitlistEntry.id))
        .execution_options(synchronize_session=False)
    )
    count += len(waits.all())
    await session.execute(
        sa.delete(ReservationSlot)
        .where(col(ReservationSlot.slot_at) <= now - timedelta(days=1))
        .execution_options(synchronize_session=False)
    )
    return count


async def _forget(
    session: AsyncSession, whose: sa.ColumnElement[bool], kept_days: int, now: datetime
) -> int:
    rows = await session.scalars(
        sa.update(TableReservation)
        .where(
            whose,
            col(TableReservation.forgotten_at).is_(None),
            col(TableReservation.ends_at) <= now - timedelta(days=kept_days),
        )
        .values(**forgotten(now))
        .returning(col(TableReservation.id))
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())
