"""Who is expected at the door: parties with a reservation about now, and those who wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.seating import Sitting
from services.reservations import queries, waitlist
from services.reservations.changes import EARLIEST_ARRIVAL

# A party that is later than this does not come any more.
LATEST_ARRIVAL = timedelta(hours=2)


class ExpectedKind(StrEnum):
    """How a party is known."""

    BOOKING = "booking"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class ExpectedParty:
    """One party; `at` is when it is booked for, or since when it waits."""

    kind: ExpectedKind
    id: UUID
    name: str
    party_size: int
    at: datetime
    # Of a booking: its tables, in words too, and whether nobody sits there.
    table_ids: tuple[UUID, ...] = ()
    tables: str = ""
    is_free: bool = False
    customer_id: UUID | None = None


async def load_expected(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime
) -> tuple[ExpectedParty, ...]:
    """Bookings by their time, then the queue in its order.

    Args:
        session: open transaction.
        restaurant_id: whose door.
        now: aware UTC.
    """
    booked = await queries.load_confirmed(
        session,
        restaurant_id=restaurant_id,
        first=now - LATEST_ARRIVAL,
        last=now + EARLIEST_ARRIVAL,
    )
    taken = await _taken(session, restaurant_id, {one for row in booked for one in row.table_ids})
    waits = await waitlist.load_waiting(session, restaurant_id=restaurant_id)
    return (
        *(
            ExpectedParty(
                ExpectedKind.BOOKING,
                one.id,
                one.contact.name,
                one.party_size,
                one.starts_at,
                one.table_ids,
                one.tables,
                is_free=not taken.intersection(one.table_ids),
                customer_id=one.customer_id,
            )
            for one in booked
        ),
        *(
            ExpectedParty(
                ExpectedKind.WAIT,
                one.id,
                one.contact.name or one.alias,
                one.party_size,
                one.joined_at,
            )
            for one in waits
        ),
    )


async def _taken(
    session: AsyncSession, restaurant_id: UUID, table_ids: Iterable[UUID]
) -> set[UUID]:
    found = await session.scalars(
        sa.select(col(Sitting.table_id)).where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id).in_(list(table_ids)),
            col(Sitting.released_at).is_(None),
        )
    )
    return set(found)
