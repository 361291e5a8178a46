"""Put a table away that parties may be coming to: first it is asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.base.clock import to_local
from services.base.texts import SOURCE_LANGUAGE, clock_text, day_text
from services.reservations.errors import TableHasReservationsError
from services.reservations.queries import upcoming_at
from services.restaurants import queries as restaurants
from services.seating import rooms, sittings
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
    table = await sittings.lock_table(session, restaurant_id=by.restaurant_id, table_id=table_id)
    coming = await upcoming_at(session, restaurant_id=by.restaurant_id, table_id=table_id, now=now)
    if coming:
        restaurant = await restaurants.get(session, by.restaurant_id)
        listed = [
            f"{day_text(to_local(one.starts_at, restaurant.time_zone).date(), SOURCE_LANGUAGE)} "
            + clock_text(one.starts_at, time_zone=restaurant.time_zone, language=SOURCE_LANGUAGE)
            + f" ({one.party_size})"
            for one in coming[:LISTED]
        ]
        more = ["…"] if len(coming) > LISTED else []
        raise TableHasReservationsError(
            table=table.table_number, reservations=", ".join(listed + more)
        )
    return await rooms.archive_table(session, by=by, table_id=table_id, now=now)
