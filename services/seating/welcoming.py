"""A party that walks in is seated at a free table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import TableStatus
from services.accounts.types import Actor
from services.restaurants.types import RestaurantInfo
from services.seating import sittings, tables
from services.seating.errors import TableOutOfServiceError, TableTakenError
from services.seating.types import TableChange


async def seat_party(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    party_size: int,
    by: Actor,
    now: datetime,
) -> TableChange:
    """Seat a party where nobody sits yet: of two people who choose one table the second is told.

    Raises:
        UnknownTableError: the restaurant has no such table.
        TableTakenError: somebody sits there.
        TableOutOfServiceError: nobody is seated there.
    """
    table = await sittings.lock_table(session, restaurant_id=restaurant.id, table_id=table_id)
    if table.status == TableStatus.OUT_OF_SERVICE:
        raise TableOutOfServiceError(table=table.table_number)
    taken = await sittings.find_open(session, restaurant_id=restaurant.id, table_id=table_id)
    if taken is not None:
        raise TableTakenError
    change = await tables.set_status(
        session,
        restaurant=restaurant,
        table_id=table_id,
        status=TableStatus.OCCUPIED,
        by=by,
        now=now,
    )
    if change.sitting_id is not None:
        await sittings.set_party_size(
            session,
            restaurant_id=restaurant.id,
            sitting_id=change.sitting_id,
            party_size=party_size,
        )
    return change
