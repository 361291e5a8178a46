"""Which tables the best guests prefer, and when a table is busy."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.seating import Sitting
from models.visits import Visit
from services.analytics.room_facts import clock_of
from services.analytics.room_types import BestGuests, BestTable, Period, TableFigures
from services.restaurants.types import RestaurantInfo

# The guests with the highest net spend, and the visits below which their places say nothing.
GUEST_COUNT = 50
ENOUGH_VISITS = 30
ENOUGH_AT_TABLE = 5
SHOWN = 6
# A table they choose this much more often than everybody does is one they prefer.
PREFERRED = 1.25


async def load_best_guests(
    session: AsyncSession, *, restaurant_id: UUID, period: Period, tables: Sequence[TableFigures]
) -> BestGuests:
    """Tables that the 50 guests with the highest net spend choose more often than others do.

    Args:
        session: open transaction.
        restaurant_id: whose.
        period: business days of the visits.
        tables: figures of the same period; their sittings are what is compared with.
    """
    best = (
        sa.select(col(Customer.id))
        .where(
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.total_spent_minor) > 0,
            col(Customer.merged_into_id).is_(None),
        )
        .order_by(col(Customer.total_spent_minor).desc(), col(Customer.id).desc())
        .limit(GUEST_COUNT)
    )
    best_ids = list(await session.scalars(best))
    earliest = datetime.combine(period.first_day - timedelta(days=1), time(), UTC)
    # Visits are found by their time, a day wider than the business days that are then counted.
    counts = await session.execute(
        sa.select(col(Visit.table_id), sa.func.count())
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).in_(best_ids),
            col(Visit.business_day).between(period.first_day, period.last_day),
            col(Visit.visited_at) >= earliest,
            col(Visit.table_id).is_not(None),
            col(Visit.order_placed),
        )
        .group_by(col(Visit.table_id))
    )
    visits = {row[0]: int(row[1]) for row in counts}
    whole, sittings = sum(visits.values()), sum(one.now.sitting_count for one in tables)
    if whole < ENOUGH_VISITS or not sittings:
        return BestGuests(len(best_ids), whole, ())
    found = [
        BestTable(
            table_id=one.id,
            number=one.number,
            visit_count=visits.get(one.id, 0),
            visit_share=visits.get(one.id, 0) / whole,
            sitting_share=one.now.sitting_count / sittings,
        )
        for one in tables
        if visits.get(one.id, 0) >= ENOUGH_AT_TABLE
    ]
    preferred = [one for one in found if one.visit_share >= PREFERRED * one.sitting_share]
    preferred.sort(key=lambda one: (-one.visit_share / max(one.sitting_share, 1e-9), one.number))
    return BestGuests(len(best_ids), whole, tuple(preferred[:SHOWN]))


async def seated_by_hour(
    session: AsyncSession, *, restaurant: RestaurantInfo, table_id: UUID, period: Period
) -> dict[int, int]:
    """When one table is busy: parties seated there by hour of the restaurant's clock."""
    clock = clock_of(restaurant)
    start, end = clock.day(period.first_day)[0], clock.day(period.last_day)[1]
    opened = await session.scalars(
        sa.select(col(Sitting.opened_at)).where(
            col(Sitting.restaurant_id) == restaurant.id,
            col(Sitting.table_id) == table_id,
            col(Sitting.opened_at) >= start,
            col(Sitting.opened_at) < end,
        )
    )
    return dict(Counter(moment.astimezone(clock.zone).hour for moment in opened))
