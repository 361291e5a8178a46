"""What customers like, and when and where they come: reads for the list and the page."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Area, Sitting, Table
from models.visits import Visit
from services.base.clock import to_local
from services.customers.types import DAYPARTS, Favourite, Preferred
from services.identity.running import is_running
from services.restaurants.types import RestaurantInfo
from services.totals.rules import daypart, months_up_to

WEEKDAY_COUNT = 7
PREFERRED_COUNT = 3


async def favourites(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID], limit: int
) -> dict[UUID, tuple[Favourite, ...]]:
    """The dishes each customer has had most of, in completed orders; of equals the last one."""
    count = sa.func.sum(col(OrderLine.quantity))
    rows = await session.execute(
        sa.select(
            col(Order.customer_id),
            col(OrderLine.dish_id),
            sa.func.max(col(OrderLine.dish_name)),
            count,
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.customer_id).in_(customer_ids),
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .group_by(col(Order.customer_id), col(OrderLine.dish_id))
        .order_by(count.desc(), sa.func.max(col(Order.placed_at)).desc(), col(OrderLine.dish_id))
    )
    found: dict[UUID, list[Favourite]] = {}
    for customer_id, dish_id, name, how_many in rows:
        if customer_id is None:
            continue
        mine = found.setdefault(customer_id, [])
        if len(mine) < limit:
            mine.append(Favourite(dish_id=dish_id, name=name, count=int(how_many)))
    return {customer_id: tuple(mine) for customer_id, mine in found.items()}


async def monthly_visits(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID], today: date
) -> dict[UUID, tuple[int, ...]]:
    """Visits in each of the last 12 months by business day, the running month last."""
    months = months_up_to(today)
    first_year, first_month = months[0]
    rows = await session.execute(
        sa.select(col(Visit.customer_id), col(Visit.business_day), sa.func.count())
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).in_(customer_ids),
            col(Visit.business_day) >= date(first_year, first_month, 1),
        )
        .group_by(col(Visit.customer_id), col(Visit.business_day))
    )
    counts: Counter[tuple[UUID | None, int, int]] = Counter()
    for customer_id, day, how_many in rows:
        counts[customer_id, day.year, day.month] += how_many
    return {one: tuple(counts[one, *month] for month in months) for one in customer_ids}


async def who_is_here(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID], now: datetime
) -> set[UUID | None]:
    """Which of these customers are in the middle of a visit."""
    found = await session.scalars(
        sa.select(col(Visit.customer_id))
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).in_(customer_ids),
            is_running(now),
        )
    )
    return set(found)


async def when_counts(
    session: AsyncSession, *, restaurant: RestaurantInfo, customer_id: UUID
) -> tuple[tuple[int, ...], ...]:
    """Visits by weekday of the business day and by part of the day, in local time."""
    rows = await session.execute(
        sa.select(col(Visit.visited_at), col(Visit.business_day)).where(
            col(Visit.restaurant_id) == restaurant.id, col(Visit.customer_id) == customer_id
        )
    )
    counts = Counter(
        (
            day.weekday(),
            daypart(to_local(moment, restaurant.time_zone), cutoff=restaurant.day_cutoff),
        )
        for moment, day in rows
    )
    return tuple(
        tuple(counts[weekday, part] for part in range(len(DAYPARTS)))
        for weekday in range(WEEKDAY_COUNT)
    )


async def preferred_tables(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[Preferred, ...]:
    """The tables a customer has sat at most often."""
    count = sa.func.count()
    rows = await session.execute(
        sa.select(col(Table.table_number), count)
        .join(Visit, col(Visit.table_id) == col(Table.id))
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id) == customer_id)
        .group_by(col(Table.id), col(Table.table_number))
        .order_by(count.desc(), sa.func.max(col(Visit.visited_at)).desc())
        .limit(PREFERRED_COUNT)
    )
    return tuple(Preferred(name=number, visit_count=how_many) for number, how_many in rows)


async def preferred_areas(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[Preferred, ...]:
    """The areas a customer has been in most often."""
    count = sa.func.count()
    rows = await session.execute(
        sa.select(col(Area.name), count)
        .join(Visit, col(Visit.area_id) == col(Area.id))
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id) == customer_id)
        .group_by(col(Area.id), col(Area.name))
        .order_by(count.desc(), sa.func.max(col(Visit.visited_at)).desc())
        .limit(PREFERRED_COUNT)
    )
    return tuple(Preferred(name=name, visit_count=how_many) for name, how_many in rows)
