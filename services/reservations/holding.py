"""Quarter hours that a reservation holds: the place where a double booking fails."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.reservations import ReservationSlot
from services.base.upserts import insert
from services.reservations.rules import quarters


async def try_to_hold(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    reservation_id: UUID,
    table_ids: Sequence[UUID],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> bool:
    """Hold tables for a span, all of it or nothing.

    Rows that exist already are held by somebody else, also by somebody whose transaction is not
    over: the database waits for its end.

    Returns:
        False when somebody else has a part of it; then nothing is held.
    """
    rows = [
        {
            "id": new_id(),
            "created_at": now,
            "restaurant_id": restaurant_id,
            "table_id": table_id,
            "reservation_id": reservation_id,
            "slot_at": slot_at,
        }
        # The same order for everybody: two who want the same tables never wait for each other.
        for table_id in sorted(table_ids)
        for slot_at in quarters(starts_at, ends_at)
    ]
    inner = await session.begin_nested()
    held = await session.scalars(
        insert(session, ReservationSlot)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["table_id", "slot_at"])
        .returning(col(ReservationSlot.id))
    )
    if len(held.all()) == len(rows):
        await inner.commit()
        return True
    await inner.rollback()
    return False


async def let_go(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    reservation_id: UUID,
    since: datetime | None = None,
) -> None:
    """Hold nothing any more, or nothing from a moment on."""
    gone = sa.delete(ReservationSlot).where(
        col(ReservationSlot.restaurant_id) == restaurant_id,
        col(ReservationSlot.reservation_id) == reservation_id,
    )
    if since is not None:
        gone = gone.where(col(ReservationSlot.slot_at) >= since)
    await session.execute(gone.execution_options(synchronize_session=False))
