"""Counts one business day from its orders and visits, whole, and puts it in place of what was.

→ docs/algorithms/reports.md
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import REFUSED_ORDER_STATUSES, OrderStatus
from models.ordering import Order, OrderLine
from models.sales import NEVER, DishDay, ReturnDay, SalesDay, SalesHour
from models.visits import Visit
from services.base.clock import to_local
from services.base.locks import one_at_a_time
from services.restaurants.types import RestaurantInfo

# A business day lies within these around its date's midnight UTC, in any zone, at any cut-off.
_EARLIEST, _LATEST = timedelta(hours=-15), timedelta(hours=61)


@dataclass(slots=True)
class DayTotals:
    """Sums of one or more business days; the columns of `SalesDay`."""

    order_count: int = 0
    refused_count: int = 0
    placed_count: int = 0
    item_count: int = 0
    suggested_count: int = 0
    revenue_minor: int = 0
    known_order_count: int = 0
    known_revenue_minor: int = 0
    visit_count: int = 0
    known_visit_count: int = 0
    customer_count: int = 0
    new_count: int = 0
    menu_seconds: int = 0
    product_views: int = 0
    abandoned_count: int = 0


@dataclass(slots=True)
class HourTotals:
    """What happened in one hour of the clock."""

    visit_count: int = 0
    order_count: int = 0
    revenue_minor: int = 0


@dataclass(slots=True)
class DishTotals:
    """What one dish sold: portions, orders with it, its price before discounts."""

    category_id: UUID
    quantity: int = 0
    order_count: int = 0
    revenue_minor: int = 0


@dataclass(slots=True)
class DayCount:
    """Everything that is counted of one business day.

    `returns`: guests by the visit day before it, and how many of them came for the second time.
    """

    totals: DayTotals = field(default_factory=DayTotals)
    hours: dict[int, HourTotals] = field(default_factory=dict)
    dishes: dict[UUID, DishTotals] = field(default_factory=dict)
    returns: Mapping[date, tuple[int, int]] = field(default_factory=dict[date, tuple[int, int]])


async def count_day(session: AsyncSession, *, restaurant: RestaurantInfo, day: date) -> DayCount:
    """Count one business day; writes nothing.

    Args:
        session: open transaction.
        restaurant: whose; its time zone decides the hours.
        day: the business day, over or not.
    """
    hours: dict[int, HourTotals] = defaultdict(HourTotals)
    totals = DayTotals()
    await _count_orders(session, restaurant, day, totals, hours)
    dishes, totals.suggested_count = await _count_dishes(session, restaurant.id, day)
    totals.item_count = sum(dish.quantity for dish in dishes.values())
    guests = await _count_visits(session, restaurant, day, totals, hours)
    returns = await _returns(session, restaurant.id, day, guests)
    totals.customer_count = len(guests)
    totals.new_count = returns.get(NEVER, (0, 0))[0]
    return DayCount(totals, dict(hours), dishes, returns)


async def count_so_far(
    session: AsyncSession, *, restaurant: RestaurantInfo, day: date
) -> DayTotals:
    """The orders and visits of a day alone: for screens that follow it, without any history."""
    totals = DayTotals()
    hours: dict[int, HourTotals] = defaultdict(HourTotals)
    await _count_orders(session, restaurant, day, totals, hours)
    guests = await _count_visits(session, restaurant, day, totals, hours)
    totals.customer_count = len(guests)
    return totals


async def store_day(
    session: AsyncSession, *, restaurant_id: UUID, day: date, counted: DayCount
) -> None:
    """Put the count of a business day in place of what was there; flushed, not committed."""
    await one_at_a_time(session, f"sales:{restaurant_id}")
    for model in (SalesDay, SalesHour, DishDay, ReturnDay):
        await session.execute(
            sa.delete(model).where(
                col(model.restaurant_id) == restaurant_id, col(model.business_day) == day
            )
        )
    keys: dict[str, Any] = {"restaurant_id": restaurant_id, "business_day": day}
    rows: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (SalesDay, [keys | asdict(counted.totals)]),
        (
            SalesHour,
            [
                keys | {"hour": hour, "weekday": day.weekday()} | asdict(one)
                for hour, one in counted.hours.items()
            ],
        ),
        (DishDay, [keys | {"dish_id": key} | asdict(one) for key, one in counted.dishes.items()]),
        (
            ReturnDay,
            [
                keys
                | {
                    "previous_day": before,
                    "gap_days": 0 if before == NEVER else (day - before).days,
                    "customer_count": count,
                    "second_count": seconds,
                }
                for before, (count, seconds) in counted.returns.items()
            ],
        ),
    )
    for model, values in rows:
        if values:
            await session.execute(sa.insert(model), values)


def visited_on(restaurant_id: UUID, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Visits of a business day, by the index on their time: there is none on the day."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (
        col(Visit.restaurant_id) == restaurant_id,
        col(Visit.visited_at) >= begin + _EARLIEST,
        col(Visit.visited_at) < begin + _LATEST,
        col(Visit.business_day) == day,
    )


async def _count_orders(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    day: date,
    totals: DayTotals,
    hours: dict[int, HourTotals],
) -> None:
    rows = await session.execute(
        sa.select(
            col(Order.placed_at),
            col(Order.order_status),
            col(Order.total_minor),
            col(Order.customer_id).is_not(None),
        ).where(col(Order.restaurant_id) == restaurant.id, col(Order.business_day) == day)
    )
    for placed_at, status, total_minor, is_known in rows:
        totals.placed_count += 1
        totals.refused_count += status in REFUSED_ORDER_STATUSES
        if status != OrderStatus.COMPLETED:
            continue
        totals.order_count += 1
        totals.revenue_minor += total_minor
        if is_known:
            totals.known_order_count += 1
            totals.known_revenue_minor += total_minor
        hour = hours[to_local(placed_at, restaurant.time_zone).hour]
        hour.order_count += 1
        hour.revenue_minor += total_minor


async def _count_dishes(
    session: AsyncSession, restaurant_id: UUID, day: date
) -> tuple[dict[UUID, DishTotals], int]:
    """What each dish sold, and how many portions of all came from suggestions."""
    rows = await session.execute(
        sa.select(
            col(OrderLine.dish_id),
            col(OrderLine.category_id),
            sa.func.sum(col(OrderLine.quantity)),
            sa.func.count(sa.distinct(col(OrderLine.order_id))),
            sa.func.sum(col(OrderLine.line_total_minor)),
            sa.func.sum(col(OrderLine.suggested_quantity)),
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            col(OrderLine.restaurant_id) == restaurant_id,
            col(Order.restaurant_id) == restaurant_id,
            col(Order.business_day) == day,
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .group_by(col(OrderLine.dish_id), col(OrderLine.category_id))
    )
    found: dict[UUID, DishTotals] = {}
    suggested_count = 0
    for dish_id, category_id, quantity, orders, revenue, suggested in rows:
        # One that moved to another category in the middle of the day has two rows.
        dish = found.setdefault(dish_id, DishTotals(category_id))
        dish.quantity += int(quantity)
        dish.order_count += orders
        dish.revenue_minor += int(revenue)
        suggested_count += int(suggested)
    return found, suggested_count


async def _count_visits(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    day: date,
    totals: DayTotals,
    hours: dict[int, HourTotals],
) -> set[UUID]:
    rows = await session.execute(
        sa.select(
            col(Visit.visited_at),
            col(Visit.customer_id),
            col(Visit.session_duration_seconds),
            col(Visit.product_views),
            col(Visit.carts_abandoned),
        ).where(*visited_on(restaurant.id, day))
    )
    guests: set[UUID] = set()
    for visited_at, customer_id, seconds, views, abandoned in rows:
        totals.visit_count += 1
        totals.menu_seconds += seconds
        totals.product_views += views
        totals.abandoned_count += abandoned
        hours[to_local(visited_at, restaurant.time_zone).hour].visit_count += 1
        if customer_id is not None:
            totals.known_visit_count += 1
            guests.add(customer_id)
    return guests


async def _returns(
    session: AsyncSession, restaurant_id: UUID, day: date, guests: set[UUID]
) -> dict[date, tuple[int, int]]:
    """How many of these guests came before on which day last; the others never had."""
    here = (
        sa.select(col(Visit.customer_id))
        .where(*visited_on(restaurant_id, day), col(Visit.customer_id).is_not(None))
        .distinct()
    )
    guest = here.subquery("here")
    # Two looks into an index a guest, whatever the length of the past.
    last, first = (
        sa.select(col(Visit.business_day))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id) == guest.c.customer_id,
            col(Visit.business_day) < day,
        )
        .order_by(moment)
        .limit(1)
        .scalar_subquery()
        for moment in (col(Visit.visited_at).desc(), col(Visit.visited_at))
    )
    rows: Any = await session.execute(sa.select(last, first).select_from(guest))
    counts, seconds = Counter[date](), Counter[date]()
    for latest, earliest in rows:
        if latest is not None:
            counts[latest] += 1
            seconds[latest] += earliest == latest
    if len(guests) > counts.total():
        counts[NEVER] = len(guests) - counts.total()
    return {before: (count, seconds[before]) for before, count in counts.items()}
