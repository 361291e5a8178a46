"""What is counted of everything once a night: segments, and dishes that go together.

Membership of the past is not known for every day, so a segment's days are those of the guests who
are in it today. → docs/algorithms/reports.md
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.sales import DishPair, SalesDay, SalesMark, SegmentDay, SegmentDish
from models.segments import CustomerSegment, SegmentMember
from services.base.locks import one_at_a_time
from services.reports.following import today_of
from services.restaurants.types import RestaurantInfo

PAIR_DAYS = 90
# Two years and the two before them can be asked for.
SEGMENT_DAYS = 1462
EXCLUDED = "excluded"
# In fewer orders than this two dishes are together by chance.
LEAST_PAIRS = 3
# Segments that fit into a number of 64 bits with a sign.
_BITS = 62

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
    first = until - timedelta(days=SEGMENT_DAYS - 1)
    found = await _by_segment(
        session,
        restaurant,
        col(Order.business_day),
        (sa.func.count(), sa.func.sum(col(Order.total_minor))),
        _done(restaurant, first, until),
    )
    return [
        {
            "segment_id": segment_id,
            "business_day": day,
            "order_count": orders,
            "revenue_minor": revenue,
        }
        for (segment_id, day), (orders, revenue) in found.items()
    ]


async def _segment_dishes(
    session: AsyncSession, restaurant: RestaurantInfo, first: date, last: date
) -> Rows:
    found = await _by_segment(
        session,
        restaurant,
        col(OrderLine.dish_id),
        (sa.func.sum(col(OrderLine.quantity)),),
        _done(restaurant, first, last),
        with_lines=True,
    )
    return [
        {"segment_id": segment_id, "dish_id": dish_id, "quantity": quantity}
        for (segment_id, dish_id), (quantity,) in found.items()
    ]


async def _by_segment(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    by: Any,  # noqa: ANN401 - a column
    sums: tuple[sa.ColumnElement[Any], ...],
    where: tuple[sa.ColumnElement[bool], ...],
    *,
    with_lines: bool = False,
) -> dict[tuple[UUID, Any], list[int]]:
    """Sums over orders by segment and something else.

    A guest is in five segments or more: the database adds up by the set of them, a bit each, and
    what it found is shared out afterwards.
    """
    ids = list(
        await session.scalars(
            sa.select(col(CustomerSegment.id))
            .where(col(CustomerSegment.restaurant_id) == restaurant.id)
            .order_by(col(CustomerSegment.id))
        )
    )
    found: dict[tuple[UUID, Any], list[int]] = {}
    for start in range(0, len(ids), _BITS):
        part = ids[start : start + _BITS]
        sets = _sets(restaurant, part)
        orders = sets.join(Order, col(Order.customer_id) == sets.c.customer_id)
        if with_lines:
            orders = orders.join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        rows: Any = await session.execute(
            sa.select(sets.c.which, by, *sums)
            .select_from(orders)
            .where(*where)
            .group_by(sets.c.which, by)
        )
        # A hundred thousand rows of a large restaurant: in a thread, that others have their turn.
        await asyncio.to_thread(_share_out, rows, part, found)
    return found


def _sets(restaurant: RestaurantInfo, segment_ids: Sequence[UUID]) -> sa.Subquery:
    """Guests with the set of segments that they are in: the n-th of the ids is the n-th bit."""
    bits = {one: 1 << place for place, one in enumerate(segment_ids)}
    bit = sa.case(bits, value=col(SegmentMember.segment_id), else_=0)
    who: Any = col(SegmentMember.customer_id)
    return (
        sa.select(who.label("customer_id"), sa.cast(sa.func.sum(bit), sa.BigInteger).label("which"))
        .where(*_members(restaurant), col(SegmentMember.segment_id).in_(segment_ids))
        .group_by(who)
        .subquery("sets")
    )


def _share_out(
    rows: Iterable[Any], segment_ids: Sequence[UUID], found: dict[tuple[UUID, Any], list[int]]
) -> None:
    for which, key, *sums in rows:
        numbers = [int(one) for one in sums]
        for place, segment_id in enumerate(segment_ids):
            if which >> place & 1:
                known = found.setdefault((segment_id, key), [0] * len(numbers))
                for index, number in enumerate(numbers):
                    known[index] += number


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
