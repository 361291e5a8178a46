"""Counts one business day from its orders and visits, whole, and puts it in place of what was.

→ docs/algorithms/reports.md
"""

from dataclasses import asdict
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
from services.loyalty import measuring
from services.reports.day_types import DayCount, DayTotals, DishTotals, HourTotals, Part
from services.restaurants.hours import business_day_span
from services.restaurants.types import RestaurantInfo

# A business day lies within these around its date's midnight UTC, in any zone, at any cut-off.
_EARLIEST, _LATEST = timedelta(hours=-15), timedelta(hours=61)
# So far somebody may have moved the cut-off today.
_MOVED = timedelta(hours=3)


async def count_day(session: AsyncSession, *, restaurant: RestaurantInfo, day: date) -> DayCount:
    """Count one business day; writes nothing.

    Args:
        session: open transaction.
        restaurant: whose; its time zone decides the hours.
        day: the business day, over or not.
    """
    counted = DayCount()
    since = _earliest(day)
    await _count_orders(session, restaurant, day, counted)
    await _count_visits(session, restaurant, day, counted, since)
    await _count_dishes(session, restaurant.id, day, counted)
    await _count_loyalty(session, restaurant.id, day, counted.totals)
    counted.returns = await _returns(session, restaurant.id, day, since)
    _count_guests(counted)
    return counted


async def count_today(
    session: AsyncSession, *, restaurant: RestaurantInfo, day: date, parts: frozenset[Part]
) -> DayCount:
    """Count the orders of the day that runs, and what else a page shows of it.

    Args:
        session: open transaction.
        restaurant: whose.
        day: the business day.
        parts: what else.
    """
    counted = DayCount()
    has_hours = Part.HOURS in parts
    await _count_orders(session, restaurant, day, counted, has_hours=has_hours)
    since = _began(restaurant, day)
    if Part.VISITS in parts:
        await _count_visits(session, restaurant, day, counted, since, has_hours=has_hours)
    if Part.DISHES in parts:
        # Who ordered a dish twice counts twice: no page says of how many orders today.
        await _count_dishes(session, restaurant.id, day, counted, is_exact=False)
    elif Part.PORTIONS in parts:
        await _count_portions(session, restaurant.id, day, counted.totals)
    if Part.POINTS in parts:
        await _count_loyalty(session, restaurant.id, day, counted.totals)
    if Part.GUESTS in parts:
        # A second visit shows in the rates of 30 days only, and these end with days that are over.
        counted.returns = await _returns(session, restaurant.id, day, since, has_seconds=False)
        _count_guests(counted)
    return counted


async def count_so_far(
    session: AsyncSession, *, restaurant: RestaurantInfo, day: date
) -> DayTotals:
    """The orders and visits of a day alone: for screens that follow it, without any history."""
    counted = DayCount()
    since = _began(restaurant, day)
    await _count_orders(session, restaurant, day, counted, has_hours=False)
    await _count_visits(session, restaurant, day, counted, since, has_hours=False)
    counted.totals.customer_count = (
        await session.scalar(
            sa.select(sa.func.count(sa.distinct(col(Visit.customer_id)))).where(
                *visited_on(restaurant.id, day, since)
            )
        )
        or 0
    )
    return counted.totals


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


def visited_on(
    restaurant_id: UUID, day: date, since: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    """Visits of a business day, by the index on their time: there is none on the day."""
    return (
        col(Visit.restaurant_id) == restaurant_id,
        col(Visit.visited_at) >= since,
        col(Visit.visited_at) < _midnight(day) + _LATEST,
        col(Visit.business_day) == day,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _earliest(day: date) -> datetime:
    """When a business day may have begun, whatever the clock and the cut-off were then."""
    return _midnight(day) + _EARLIEST


def _began(restaurant: RestaurantInfo, day: date) -> datetime:
    """When the running business day began, or a little before: as the restaurant is set now."""
    begin = business_day_span(day, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)[0]
    return begin - _MOVED


def _minute(moment: Any) -> Any:  # noqa: ANN401 - a column
    """The minute of a moment, to group by: no hour of any zone begins within one."""
    return sa.func.substr(sa.cast(moment, sa.String), 1, 16)


def _hour(counted: DayCount, moment: datetime, restaurant: RestaurantInfo) -> HourTotals:
    hour = to_local(moment, restaurant.time_zone).hour
    return counted.hours.setdefault(hour, HourTotals())


async def _count_orders(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    day: date,
    counted: DayCount,
    *,
    has_hours: bool = True,
) -> None:
    is_known = col(Order.customer_id).is_not(None)
    groups: list[Any] = [col(Order.order_status), is_known]
    if has_hours:
        groups.append(_minute(col(Order.placed_at)))
    rows = await session.execute(
        sa.select(
            sa.func.min(col(Order.placed_at)),
            col(Order.order_status),
            is_known,
            sa.func.count(),
            sa.func.sum(col(Order.total_minor)),
        )
        .where(col(Order.restaurant_id) == restaurant.id, col(Order.business_day) == day)
        .group_by(*groups)
    )
    totals = counted.totals
    for placed_at, status, known, count, minor in rows:
        totals.placed_count += count
        totals.refused_count += count if status in REFUSED_ORDER_STATUSES else 0
        if status != OrderStatus.COMPLETED:
            continue
        revenue_minor = int(minor)
        totals.order_count += count
        totals.revenue_minor += revenue_minor
        if known:
            totals.known_order_count += count
            totals.known_revenue_minor += revenue_minor
        if not has_hours:
            continue
        hour = _hour(counted, placed_at, restaurant)
        hour.order_count += count
        hour.revenue_minor += revenue_minor


async def _count_dishes(
    session: AsyncSession,
    restaurant_id: UUID,
    day: date,
    counted: DayCount,
    *,
    is_exact: bool = True,
) -> None:
    """What each dish sold, and how many portions of all came from suggestions."""
    order_id = col(OrderLine.order_id)
    rows = await session.execute(
        sa.select(
            col(OrderLine.dish_id),
            col(OrderLine.category_id),
            sa.func.sum(col(OrderLine.quantity)),
            sa.func.count(sa.distinct(order_id) if is_exact else order_id),
            sa.func.sum(col(OrderLine.line_total_minor)),
            sa.func.sum(col(OrderLine.suggested_quantity)),
        )
        .join(Order, col(Order.id) == order_id)
        .where(*_sold(restaurant_id, day))
        .group_by(col(OrderLine.dish_id), col(OrderLine.category_id))
    )
    for dish_id, category_id, quantity, orders, revenue, suggested in rows:
        # One that moved to another category in the middle of the day has two rows.
        dish = counted.dishes.setdefault(dish_id, DishTotals(category_id))
        dish.quantity += int(quantity)
        dish.order_count += orders
        dish.revenue_minor += int(revenue)
        counted.totals.item_count += int(quantity)
        counted.totals.suggested_count += int(suggested)


async def _count_portions(
    session: AsyncSession, restaurant_id: UUID, day: date, totals: DayTotals
) -> None:
    """The same without telling dishes apart."""
    found = await session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(col(OrderLine.quantity)), 0),
            sa.func.coalesce(sa.func.sum(col(OrderLine.suggested_quantity)), 0),
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(*_sold(restaurant_id, day))
    )
    portions, suggested = found.one()
    totals.item_count, totals.suggested_count = int(portions), int(suggested)


def _sold(restaurant_id: UUID, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(OrderLine.restaurant_id) == restaurant_id,
        col(Order.restaurant_id) == restaurant_id,
        col(Order.business_day) == day,
        col(Order.order_status) == OrderStatus.COMPLETED,
    )


async def _count_visits(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    day: date,
    counted: DayCount,
    since: datetime,
    *,
    has_hours: bool = True,
) -> None:
    begun = _minute(col(Visit.visited_at))
    rows = await session.execute(
        sa.select(
            sa.func.min(col(Visit.visited_at)),
            sa.func.count(),
            sa.func.count(col(Visit.customer_id)),
            sa.func.sum(col(Visit.session_duration_seconds)),
            sa.func.sum(col(Visit.product_views)),
            sa.func.sum(col(Visit.carts_abandoned)),
        )
        .where(*visited_on(restaurant.id, day, since))
        # Without hours all are one group, and none where nobody came.
        .group_by(begun if has_hours else col(Visit.restaurant_id))
    )
    totals = counted.totals
    for visited_at, count, known, seconds, views, abandoned in rows:
        totals.visit_count += count
        totals.known_visit_count += known
        totals.menu_seconds += int(seconds)
        totals.product_views += int(views)
        totals.abandoned_count += int(abandoned)
        if has_hours:
            _hour(counted, visited_at, restaurant).visit_count += count


def _count_guests(counted: DayCount) -> None:
    counted.totals.customer_count = sum(count for count, _ in counted.returns.values())
    counted.totals.new_count = counted.returns.get(NEVER, (0, 0))[0]


async def _count_loyalty(
    session: AsyncSession, restaurant_id: UUID, day: date, totals: DayTotals
) -> None:
    members = await measuring.load_member_spend(session, restaurant_id=restaurant_id, day=day)
    totals.member_order_count = members.order_count
    totals.member_revenue_minor = members.revenue_minor
    flow = await measuring.load_flow(session, restaurant_id=restaurant_id, day=day)
    totals.points_earned = flow.earned
    totals.points_undone = flow.undone
    totals.points_redeemed = flow.redeemed
    totals.points_expired = flow.expired
    totals.points_adjusted = flow.adjusted


async def _returns(
    session: AsyncSession,
    restaurant_id: UUID,
    day: date,
    since: datetime,
    *,
    has_seconds: bool = True,
) -> dict[date, tuple[int, int]]:
    """How many guests of a day came before on which day last, and who of them for the second time.

    Without seconds these are nobody: that spares a look for each guest.
    """
    here = (
        sa.select(col(Visit.customer_id))
        .where(*visited_on(restaurant_id, day, since), col(Visit.customer_id).is_not(None))
        .distinct()
        # In the order of the index that each is looked up in: neighbours lie on one page.
        .order_by(col(Visit.customer_id))
    )
    guest = here.subquery("here")
    # A look or two into an index a guest, whatever the length of the past.
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
    looked = [last.label("latest"), *([first.label("earliest")] if has_seconds else [])]
    known = sa.select(*looked).select_from(guest).subquery("known")
    latest = known.c.latest
    seconds = sa.func.count().filter(known.c.earliest == latest) if has_seconds else sa.literal(0)
    # Thousands of guests, of a hundred days.
    rows: Any = await session.execute(sa.select(latest, sa.func.count(), seconds).group_by(latest))
    return {before or NEVER: (count, again) for before, count, again in rows}
