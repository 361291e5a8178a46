"""A party changes tables: its sitting goes along, and so does what the kitchen has not served."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, TableStatus
from models.ordering import Order
from models.seating import Sitting, SittingMove, Table
from models.visits import Visit
from services import journal
from services.accounts.types import Actor
from services.restaurants.types import RestaurantInfo
from services.seating import sittings
from services.seating.errors import SittingOverError, TableOutOfServiceError, TableTakenError
from services.seating.types import TableChange


async def move_sitting(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    sitting_id: UUID,
    table_id: UUID,
    by: Actor,
    now: datetime,
) -> TableChange:
    """Take an open sitting to another table. To where it already is, nothing changes.

    Open orders are carried to the new table; those that are over stay where they were ordered.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose room.
        sitting_id: an open sitting.
        table_id: where the party goes.
        by: who moves it.
        now: aware UTC; the time before it counts for the old table.

    Raises:
        SittingOverError: it was released, or is not this restaurant's.
        UnknownTableError: the restaurant has no such table.
        TableTakenError: another party sits there.
        TableOutOfServiceError: nobody is seated there.
    """
    mine = (col(Sitting.restaurant_id) == restaurant.id, col(Sitting.id) == sitting_id)
    from_id = await session.scalar(sa.select(col(Sitting.table_id)).where(*mine))
    if from_id is None:
        raise SittingOverError
    # In one order, whoever moves in the other direction at the same moment.
    held = {
        one: await sittings.lock_table(session, restaurant_id=restaurant.id, table_id=one)
        for one in sorted({from_id, table_id})
    }
    sitting = await sittings.lock_open(session, restaurant_id=restaurant.id, sitting_id=sitting_id)
    if sitting.table_id != table_id:
        await _take_along(session, sitting, held[table_id], now=now)
    entry = journal.record(
        session,
        restaurant_id=restaurant.id,
        by=by,
        action="sitting_moved",
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={
            "sitting_id": str(sitting_id),
            "from_table_id": str(from_id),
            "to_table_id": str(table_id),
        },
    )
    await session.flush()
    return TableChange(
        restaurant_id=restaurant.id,
        table_id=table_id,
        status=TableStatus.OCCUPIED,
        sitting_id=sitting_id,
        released_sitting_id=None,
        entry_id=entry.id,
    )


async def _take_along(
    session: AsyncSession, sitting: Sitting, table: Table, *, now: datetime
) -> None:
    taken = await sittings.find_open(
        session, restaurant_id=sitting.restaurant_id, table_id=table.id
    )
    if taken is not None:
        raise TableTakenError
    if table.status == TableStatus.OUT_OF_SERVICE:
        raise TableOutOfServiceError(table=table.table_number)
    session.add(
        SittingMove(
            restaurant_id=sitting.restaurant_id,
            sitting_id=sitting.id,
            from_table_id=sitting.table_id,
            from_area_id=sitting.area_id,
            to_table_id=table.id,
            to_area_id=table.area_id,
            moved_at=now,
        )
    )
    sitting.table_id, sitting.area_id = table.id, table.area_id
    sitting.last_activity_at = now
    table.status = TableStatus.AVAILABLE
    place = {"table_id": table.id, "area_id": table.area_id}
    await session.execute(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == sitting.restaurant_id,
            col(Order.sitting_id) == sitting.id,
            col(Order.order_status).in_(OPEN_ORDER_STATUSES),
        )
        .values(**place)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        sa.update(Visit)
        .where(
            col(Visit.restaurant_id) == sitting.restaurant_id,
            col(Visit.sitting_id) == sitting.id,
        )
        .values(**place)
        .execution_options(synchronize_session=False)
    )
