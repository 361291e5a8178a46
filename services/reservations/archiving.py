"""Put a table away that parties may be coming to: first it is asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.base.locks import one_at_a_time
from services.base.texts import SOURCE_LANGUAGE
from services.reservations.errors import TableHasReservationsError
from services.reservations.queries import upcoming_at
from services.reservations.rehousing import party_words
from services.restaurants import queries as restaurants
from services.seating import rooms
from services.seating.errors import UnknownTableError
from services.seating.plan import lock_plan
from services.seating.room_types import RoomChange

# As many as a sentence holds.
LISTED = 5


async def archive_table(
    session: AsyncSession, *, by: Actor, table_id: UUID, now: datetime
) -> RoomChange:
    """Put a table away that nobody is coming to.

    Raises:
        UnknownTableError: the restaurant has no such table.
        TableHasReservationsError: lists who is coming; nothing was written.
        ConflictError: somebody sits there.
    """
    # Bookings first, then the plan: the order in which publishing locks too.
    await one_at_a_time(session, f"reservations:{by.restaurant_id}")
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    table = next((one for one in plan.tables if one.id == table_id), None)
    if table is None:
        raise UnknownTableError
    coming = await upcoming_at(
        session, restaurant_id=by.restaurant_id, table_ids=[table_id], now=now
    )
    if coming:
        restaurant = await restaurants.get(session, by.restaurant_id)
        listed = [party_words(one, restaurant, SOURCE_LANGUAGE) for one in coming[:LISTED]]
        more = ["…"] if len(coming) > LISTED else []
        raise TableHasReservationsError(
            table=table.table_number, reservations=", ".join(listed + more)
        )
    return await rooms.archive_table(session, by=by, table_id=table_id, now=now)
