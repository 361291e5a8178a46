"""The completed orders of the last twelve months, as far as rules of a programme ask about them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, OrderStatus
from models.loyalty import LoyaltyReward
from models.ordering import Order, OrderLine
from models.visits import Visit
from services.base.clock import business_day
from services.restaurants.types import RestaurantInfo

DAYS = 365
# Rows that are turned into objects before others have their turn.
PART = 500
# A business day's orders are placed within these of its date, in any time zone.
_AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PastOrder:
    """One completed order of a guest who could have collected. Amounts are minor units."""

    customer_id: UUID
    net_minor: int
    subtotal_minor: int
    placed_at: datetime
    business_day: date
    # By dish, of those the rules name.
    spent_on: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class PastGuest:
    """Who could have collected."""

    birthday: tuple[int, int] | None
    # Business days with a visit, all of them and those of the year in order.
    visit_days: int
    days: Sequence[date]


@dataclass(frozen=True, slots=True)
class PastYear:
    """What a programme would have worked on.

    Attributes:
        first_day: of the year.
        orders: of guests who could have collected, in the order they were placed.
        guests: by id, those with orders.
        order_count: of all completed orders, of guests nobody knows too.
        revenue_minor: of the same, net.
        cheapest_reward: points of the cheapest reward that is offered; None without one.
    """

    first_day: date
    orders: Sequence[PastOrder]
    guests: Mapping[UUID, PastGuest]
    order_count: int
    revenue_minor: int
    cheapest_reward: int | None


async def read_year(
    session: AsyncSession, *, restaurant: RestaurantInfo, dishes: Collection[UUID], now: datetime
) -> PastYear:
    """Everything that rules ask of the last twelve months, in a handful of statements.

    Args:
        session: for reading.
        restaurant: whose.
        dishes: of which it matters what was spent on them.
        now: aware UTC.
    """
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    since = today - timedelta(days=DAYS)
    who = await _guests(session, restaurant.id, now - timedelta(days=DAYS) - _AROUND)
    spent_on = await _spent_on(session, restaurant.id, since, now, dishes)
    orders: list[PastOrder] = []
    order_count = revenue_minor = 0
    nothing: Mapping[UUID, int] = {}
    async for row in _in_parts(session, _orders(restaurant.id, since, now)):
        order_count += 1
        revenue_minor += row.total_minor
        if row.customer_id in who:
            orders.append(
                PastOrder(
                    customer_id=row.customer_id,
                    net_minor=row.total_minor,
                    subtotal_minor=row.subtotal_minor,
                    placed_at=row.placed_at,
                    business_day=row.business_day,
                    spent_on=spent_on.get(row.id, nothing),
                )
            )
    days = await _visit_days(session, restaurant.id, since, now)
    ordered = {one.customer_id for one in orders}
    return PastYear(
        first_day=since,
        orders=orders,
        guests={
            customer_id: PastGuest(birthday, visit_days, sorted(days.get(customer_id, ())))
            for customer_id, (birthday, visit_days) in who.items()
            if customer_id in ordered
        },
        order_count=order_count,
        revenue_minor=revenue_minor,
        cheapest_reward=await _cheapest(session, restaurant.id, now),
    )


async def _in_parts(
    session: AsyncSession,
    statement: Any,  # noqa: ANN401 - selects of any columns
) -> AsyncIterator[Any]:
    streamed: Any = await session.stream(statement.execution_options(yield_per=PART))
    async for part in streamed.partitions():
        for row in part:
            yield row
        # SQLite's driver has the next part at hand already: nobody else would have a turn for as
        # long as there are rows. Tried: 46,000 orders held everybody up for a second and a half.
        await asyncio.sleep(0)


def _completed(restaurant_id: UUID, since: date, now: datetime) -> tuple[Any, ...]:
    begin = datetime(since.year, since.month, since.day, tzinfo=now.tzinfo) - _AROUND
    return (
        col(Order.restaurant_id) == restaurant_id,
        col(Order.placed_at).between(begin, now),
        col(Order.business_day) >= since,
        col(Order.order_status) == OrderStatus.COMPLETED,
    )


def _orders(restaurant_id: UUID, since: date, now: datetime) -> Any:  # noqa: ANN401 - a select
    return (
        sa.select(
            col(Order.id),
            col(Order.customer_id),
            col(Order.total_minor),
            col(Order.subtotal_minor),
            col(Order.placed_at),
            col(Order.business_day),
        )
        .where(*_completed(restaurant_id, since, now))
        .order_by(col(Order.placed_at), col(Order.id))
    )


async def _guests(
    session: AsyncSession, restaurant_id: UUID, seen_since: datetime
) -> dict[UUID, tuple[tuple[int, int] | None, int]]:
    """Birthday and visit days of everybody who may collect and was here in the year."""
    statement = sa.select(
        col(Customer.id),
        col(Customer.birthday_month),
        col(Customer.birthday_day),
        col(Customer.visit_days),
    ).where(
        col(Customer.restaurant_id) == restaurant_id,
        col(Customer.last_seen_at) >= seen_since,
        col(Customer.merged_into_id).is_(None),
        col(Customer.erased_at).is_(None),
        col(Customer.consent_level) != ConsentLevel.ESSENTIAL,
    )
    return {
        customer_id: ((month, day) if month and day else None, visit_days)
        async for customer_id, month, day, visit_days in _in_parts(session, statement)
    }


async def _spent_on(
    session: AsyncSession,
    restaurant_id: UUID,
    since: date,
    now: datetime,
    dishes: Collection[UUID],
) -> dict[UUID, dict[UUID, int]]:
    """What orders held of some dishes, by order and dish."""
    found: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    if not dishes:
        return found
    total = sa.func.sum(col(OrderLine.line_total_minor))
    statement = (
        sa.select(col(OrderLine.order_id), col(OrderLine.dish_id), total)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            *_completed(restaurant_id, since, now),
            col(OrderLine.restaurant_id) == restaurant_id,
            col(OrderLine.dish_id).in_(dishes),
        )
        .group_by(col(OrderLine.order_id), col(OrderLine.dish_id))
    )
    async for order_id, dish_id, minor in _in_parts(session, statement):
        found[order_id][dish_id] = int(minor)
    return found


async def _visit_days(
    session: AsyncSession, restaurant_id: UUID, since: date, now: datetime
) -> dict[UUID, set[date]]:
    begin = datetime(since.year, since.month, since.day, tzinfo=now.tzinfo) - _AROUND
    found: defaultdict[UUID, set[date]] = defaultdict(set)
    statement = sa.select(col(Visit.customer_id), col(Visit.business_day)).where(
        col(Visit.restaurant_id) == restaurant_id,
        col(Visit.visited_at).between(begin, now),
        col(Visit.business_day) >= since,
        col(Visit.customer_id).is_not(None),
    )
    async for customer_id, day in _in_parts(session, statement):
        found[customer_id].add(day)
    return found


async def _cheapest(session: AsyncSession, restaurant_id: UUID, now: datetime) -> int | None:
    ends = col(LoyaltyReward.valid_until)
    return await session.scalar(
        sa.select(sa.func.min(col(LoyaltyReward.points_required))).where(
            col(LoyaltyReward.restaurant_id) == restaurant_id,
            col(LoyaltyReward.deleted_at).is_(None),
            col(LoyaltyReward.is_active).is_(True),
            col(LoyaltyReward.points_required) > 0,
            sa.or_(ends.is_(None), ends > now),
        )
    )
