"""What is counted of everything once a night: segments, and dishes that go together.

Membership of the past is not known for every day, so a segment's days are those of the guests who
are in it today. → docs/algorithms/reports.md
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.sales import DishPair, SalesDay, SalesMark, SegmentDay, SegmentDish
from models.segments import SegmentMember
from services.base.locks import one_at_a_time
from services.reports.following import today_of
from services.restaurants.types import RestaurantInfo

PAIR_DAYS = 90
# Two years and the two before them can be asked for.
SEGMENT_DAYS = 1462
EXCLUDED = "excluded"
# In fewer orders than this two dishes are together by chance.
LEAST_PAIRS = 3

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Nightly:
    """Rows of one night, and how many orders the pairs are of."""

    until: date
    segment_days: Rows
    segment_dishes: Rows
    pairs: Rows
    order_count: int


async def count(session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime) -> Nightly:
    """Count what was up to yesterday; writes nothing.

    Args:
        session: open transaction.
        restaurant: whose.
        now: aware UTC; decides which day was yesterday.
    """
    until = today_of(restaurant, now) - timedelta(days=1)
    recent = until - timedelta(days=PAIR_DAYS - 1)
    return Nightly(
        until=until,
        segment_days=await _segment_days(session, restaurant, until),
        segment_dishes=await _segment_dishes(session, restaurant, recent, until),
        pairs=await _pairs(session, restaurant, recent, until),
        order_count=await _order_count(session, restaurant, recent, until),
    )


async def store(session: AsyncSession, *, restaurant: RestaurantInfo, found: Nightly) -> None:
    """Put a night's rows in place of the last one's; flushed, not committed."""
    await one_at_a_time(session, f"sales:{restaurant.id}")
    for model, rows in (
        (SegmentDay, found.segment_days),
        (SegmentDish, found.segment_dishes),
        (DishPair, found.pairs),
    ):
        await session.execute(sa.delete(model).where(col(model.restaurant_id) == restaurant.id))
        if rows:
            await session.execute(
                sa.insert(model), [{"restaurant_id": restaurant.id} | row for row in rows]
            )
    await session.execute(
        sa.update(SalesMark)
        .where(col(SalesMark.restaurant_id) == restaurant.id)
        .values(
            nightly_until=found.until,
            nightly_order_count=found.order_count,
        )
    )


def _members(restaurant: RestaurantInfo) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(SegmentMember.restaurant_id) == restaurant.id,
        col(SegmentMember.left_at).is_(None),
        col(SegmentMember.source) != EXCLUDED,
    )


def _done(
    restaurant: RestaurantInfo, first: date, last: date
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Order.restaurant_id) == restaurant.id,
        col(Order.business_day).between(first, last),
        col(Order.order_status) == OrderStatus.COMPLETED,
    )


async def _segment_days(session: AsyncSession, restaurant: RestaurantInfo, until: date) -> Rows:
    rows = await session.execute(
        sa.select(
            col(SegmentMember.segment_id),
            col(Order.business_day),
            sa.func.count(),
            sa.func.sum(col(Order.total_minor)),
        )
        .join(SegmentMember, col(SegmentMember.customer_id) == col(Order.customer_id))
        .where(
            *_done(restaurant, until - timedelta(days=SEGMENT_DAYS - 1), until),
            *_members(restaurant),
        )
        .group_by(col(SegmentMember.segment_id), col(Order.business_day))
    )
    return [
        {
            "segment_id": segment_id,
            "business_day": day,
            "order_count": orders,
            "revenue_minor": int(revenue),
        }
        for segment_id, day, orders, revenue in rows
    ]


async def _segment_dishes(
    session: AsyncSession, restaurant: RestaurantInfo, first: date, last: date
) -> Rows:
    rows = await session.execute(
        sa.select(
            col(SegmentMember.segment_id),
            col(OrderLine.dish_id),
            sa.func.sum(col(OrderLine.quantity)),
        )
        .join(Order, col(Order.customer_id) == col(SegmentMember.customer_id))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(*_done(restaurant, first, last), *_members(restaurant))
        .group_by(col(SegmentMember.segment_id), col(OrderLine.dish_id))
    )
    return [
        {"segment_id": segment_id, "dish_id": dish_id, "quantity": int(quantity)}
        for segment_id, dish_id, quantity in rows
    ]


async def _pairs(
    session: AsyncSession, restaurant: RestaurantInfo, first: date, last: date
) -> Rows:
    other = aliased(OrderLine)
    together = sa.func.count(sa.distinct(col(OrderLine.order_id)))
    rows = await session.execute(
        sa.select(col(OrderLine.dish_id), col(other.dish_id), together)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(other, col(other.order_id) == col(OrderLine.order_id))
        .where(*_done(restaurant, first, last), col(OrderLine.dish_id) < col(other.dish_id))
        .group_by(col(OrderLine.dish_id), col(other.dish_id))
        .having(together >= LEAST_PAIRS)
    )
    return [
        {"dish_id": dish_id, "other_dish_id": other_id, "order_count": orders}
        for dish_id, other_id, orders in rows
    ]


async def _order_count(
    session: AsyncSession, restaurant: RestaurantInfo, first: date, last: date
) -> int:
    found = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(SalesDay.order_count)), 0)).where(
            col(SalesDay.restaurant_id) == restaurant.id,
            col(SalesDay.business_day).between(first, last),
        )
    )
    return int(found or 0)
