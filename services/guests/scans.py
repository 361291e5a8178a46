"""A scanned code: counted once a visit, and followed to its table."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, EventType
from models.ordering import Order
from models.seating import Sitting
from models.visits import Visit
from services import events
from services.codes import codes
from services.codes.types import FoundCode
from services.identity import running
from services.identity.types import Arrival, SeatNotice
from services.restaurants.types import RestaurantInfo
from services.seating import first_orders, sittings


async def find_code(
    session: AsyncSession, *, restaurant: RestaurantInfo, arrival: Arrival
) -> FoundCode | None:
    """The code in the address of a page; None without one, or for one nobody knows."""
    if not arrival.any_code:
        return None
    return await codes.find_code(session, restaurant_id=restaurant.id, code=arrival.any_code)


def notice_of(arrival: Arrival, found: FoundCode | None) -> SeatNotice | None:
    """What the page must say about its code; None for one that seats."""
    if found is None:
        return SeatNotice.UNKNOWN_CODE if arrival.any_code else None
    return SeatNotice.OLD_CODE if found.is_retired else None


async def follow_code(
    session: AsyncSession, visit: Visit, found: FoundCode | None, *, now: datetime
) -> UUID | None:
    """Count the scan and sit down where the code says; returns the table that was left."""
    if found is None:
        return None
    # The same page loaded again, or opened in a second tab, is no second scan.
    is_scan = visit.table_code_id != found.code_id
    visit.table_code_id = found.code_id
    await session.flush()
    if is_scan:
        await _count_scan(session, visit, found, now=now)
    if found.is_retired:
        return None
    if found.table_id is not None and (is_scan or visit.sitting_id is None):
        return await seat(session, visit, table_id=found.table_id, now=now)
    if visit.sitting_id is None and found.area_id is not None:
        visit.area_id = found.area_id
        await session.flush()
    return None


async def seat(
    session: AsyncSession, visit: Visit, *, table_id: UUID, now: datetime
) -> UUID | None:
    """Put a visit, and its orders that are still to come, at a table; returns the one it left."""
    before = await running.guest_of(session, visit)
    sitting_id = await sittings.join_or_open(
        session, restaurant_id=visit.restaurant_id, table_id=table_id, now=now, opened_by="scan"
    )
    if sitting_id == visit.sitting_id:
        return None
    sitting = await session.get_one(Sitting, sitting_id)
    visit.sitting_id, visit.table_id, visit.area_id = sitting_id, sitting.table_id, sitting.area_id
    await session.flush()
    await session.execute(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == visit.restaurant_id,
            col(Order.visit_id) == visit.id,
            col(Order.order_status).in_(OPEN_ORDER_STATUSES),
        )
        .values(sitting_id=sitting_id, table_id=sitting.table_id, area_id=sitting.area_id)
        .execution_options(synchronize_session=False)
    )
    # Otherwise the table that was left would stay occupied, and the new one be freed as idle.
    for one in (before.sitting_id, sitting_id):
        if one is not None:
            await first_orders.recount_first_order(
                session, restaurant_id=visit.restaurant_id, sitting_id=one
            )
    return before.table_id if before.table_id != sitting.table_id else None


async def _count_scan(
    session: AsyncSession, visit: Visit, found: FoundCode, *, now: datetime
) -> None:
    await codes.count_scan(
        session,
        restaurant_id=visit.restaurant_id,
        code_id=found.code_id,
        visit_id=visit.id,
        now=now,
    )
    # The table of the code, not of the guest: an old code is scanned somewhere, too.
    guest = replace(
        await running.guest_of(session, visit), table_id=found.table_id, area_id=found.area_id
    )
    await events.record(
        session,
        guest=guest,
        event_type=EventType.SCAN,
        data={"kind": str(found.kind), "is_old": found.is_retired},
        now=now,
    )
