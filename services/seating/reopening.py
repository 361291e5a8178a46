"""A sitting that was released is open again: taking back what ended it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import TableStatus
from models.seating import Sitting, Table
from services.seating.errors import SittingOverError, TableChangedError, TableTakenError
from services.seating.sittings import find_open, lock_table

# Why a sitting was released with its last order; staff who release by hand give another reason.
ORDERS_COMPLETED = "orders_completed"


async def reopen(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, now: datetime
) -> None:
    """Take a release back, of all tables that the party left, as part of an undo.

    Raises:
        TableTakenError: the next party sits there already.
        TableChangedError: it sat there and has left.
    """
    ended = await session.scalar(
        sa.select(Sitting).where(
            col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == sitting_id
        )
    )
    if ended is None:
        raise SittingOverError
    lead_id = ended.joined_to_id or ended.id
    left_together = sa.and_(
        col(Sitting.restaurant_id) == restaurant_id,
        sa.or_(col(Sitting.id) == lead_id, col(Sitting.joined_to_id) == lead_id),
        col(Sitting.released_at) == ended.released_at,
    )
    rows = await session.execute(
        sa.select(col(Sitting.table_id), col(Sitting.id))
        .where(left_together)
        .order_by(col(Sitting.table_id))
    )
    left = {row[0]: row[1] for row in rows}
    for table_id in left:
        table = await lock_table(session, restaurant_id=restaurant_id, table_id=table_id)
        if await find_open(session, restaurant_id=restaurant_id, table_id=table_id) is not None:
            raise TableTakenError(table=table.table_number)
    if await _had_others(session, restaurant_id, left, since=ended.released_at):
        raise TableChangedError
    await session.execute(
        sa.update(Sitting)
        .where(left_together)
        .values(released_at=None, release_reason=None, last_activity_at=now)
        .execution_options(synchronize_session=False)
    )


async def _had_others(
    session: AsyncSession, restaurant_id: UUID, left: Mapping[UUID, UUID], *, since: datetime | None
) -> bool:
    """Whether another party sat down at one of these tables since they were left."""
    found = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id).in_(left),
            col(Sitting.id).not_in(left.values()),
            col(Sitting.opened_at) > since,
        )
        .limit(1)
    )
    return found is not None


async def sit_again(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, now: datetime
) -> None:
    """Reopen a sitting that its last order had ended, when that order is open again.

    One that is still open, or that staff had ended by hand, stays as it is. A table that waits for
    its cleaning since then has guests again.

    Raises:
        TableTakenError: the next party sits there already.
        TableChangedError: it sat there and has left.
    """
    table_id = await session.scalar(
        sa.select(col(Sitting.table_id)).where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.id) == sitting_id,
            col(Sitting.released_at).is_not(None),
            col(Sitting.release_reason) == ORDERS_COMPLETED,
        )
    )
    if table_id is None:
        return
    await reopen(session, restaurant_id=restaurant_id, sitting_id=sitting_id, now=now)
    await session.execute(
        sa.update(Table)
        .where(
            col(Table.restaurant_id) == restaurant_id,
            col(Table.id) == table_id,
            col(Table.status) == TableStatus.CLEANING,
        )
        .values(status=TableStatus.AVAILABLE)
        .execution_options(synchronize_session=False)
    )
