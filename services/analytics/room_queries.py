"""Reads the analytics of the room from its day counts; how long its history is hardly matters."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.rollups import RollupMark, TableDay
from services.analytics import room_areas, room_guests
from services.analytics.room_facts import clock_of
from services.analytics.room_open import OpenTime
from services.analytics.room_tables import (
    RoomTable,
    TableSums,
    figures_of,
    offered_seconds,
    read_sums,
    read_tables,
)
from services.analytics.room_types import (
    DayFigures,
    Figures,
    PartyFit,
    Period,
    RoomReport,
    TableFigures,
)
from services.restaurants.types import RestaurantInfo


async def load_report(
    session: AsyncSession, *, restaurant: RestaurantInfo, period: Period, now: datetime
) -> RoomReport:
    """The analytics of the room over a period, beside the period before it.

    Args:
        session: open transaction.
        restaurant: whose.
        period: business days.
        now: aware UTC; what lies after it is neither used nor unused.
    """
    before = period.before
    clock = clock_of(restaurant)
    open_now, open_before = OpenTime(clock, period, now), OpenTime(clock, before, now)
    sums = await read_sums(session, restaurant.id, period, before)
    tables = await read_tables(session, restaurant, clock.day_of, sums)
    figures = [
        _table(table, sums.get(table.id, {}), open_now, open_before, period, before)
        for table in tables
        if table.is_active or table.id in sums
    ]
    whole, whole_before = (
        _whole([(one, sums.get(one.id, {}).get(is_now)) for one in tables], times, span)
        for is_now, times, span in ((1, open_now, period), (0, open_before, before))
    )
    areas = await room_areas.load_areas(
        session,
        restaurant_id=restaurant.id,
        period=period,
        before=before,
        times=(open_now, open_before),
        tables=[one for one in tables if one.is_active],
        by_tables=_by_area(tables, sums, (open_now, open_before), (period, before)),
    )
    days = await _days(session, restaurant.id, before.first_day, period.last_day)
    mark = await session.get(RollupMark, restaurant.id)
    return RoomReport(
        period=period,
        before=before,
        has_hours=any(restaurant.opening_hours.values()),
        open_hours=open_now.total_seconds / 3600,
        whole=whole,
        whole_before=whole_before,
        tables=tuple(figures),
        areas=areas.areas,
        slots=areas.slots,
        days=_each_day(days, period),
        days_before=_each_day(days, before),
        party_fit=_fit(figures),
        best_guests=await room_guests.load_best_guests(
            session, restaurant_id=restaurant.id, period=period, tables=figures
        ),
        counted_until_at=mark.followed_until_at if mark else None,
    )


def _by_area(
    tables: Sequence[RoomTable],
    sums: dict[UUID, dict[int, TableSums]],
    times: tuple[OpenTime, OpenTime],
    periods: tuple[Period, Period],
) -> dict[UUID, tuple[Figures, Figures]]:
    found: dict[UUID, tuple[Figures, Figures]] = {}
    for area_id in {table.area_id for table in tables}:
        own = [table for table in tables if table.area_id == area_id]
        now, before = (
            _whole([(one, sums.get(one.id, {}).get(is_now)) for one in own], time, period)
            for is_now, time, period in zip((1, 0), times, periods, strict=True)
        )
        found[area_id] = (now, before)
    return found


def _table(
    table: RoomTable,
    sums: dict[int, TableSums],
    open_now: OpenTime,
    open_before: OpenTime,
    period: Period,
    before: Period,
) -> TableFigures:
    now, then = sums.get(1), sums.get(0)
    return TableFigures(
        id=table.id,
        number=table.number,
        area_id=table.area_id,
        area_name=table.area_name,
        is_active=table.is_active,
        now=figures_of(
            [now] if now else [], table.seats, *offered_seconds([table], open_now, period)
        ),
        before=figures_of(
            [then] if then else [], table.seats, *offered_seconds([table], open_before, before)
        ),
        parties=tuple(sorted(now.parties.items())) if now else (),
    )


def _whole(
    tables: Sequence[tuple[RoomTable, TableSums | None]], times: OpenTime, period: Period
) -> Figures:
    offered = offered_seconds([table for table, _ in tables], times, period)
    seats = sum(table.seats for table, _ in tables if table.is_active)
    return figures_of([row for _, row in tables if row is not None], seats, *offered)


async def _days(
    session: AsyncSession, restaurant_id: UUID, first: date, last: date
) -> dict[date, DayFigures]:
    rows = await session.execute(
        sa.select(
            col(TableDay.business_day),
            sa.func.sum(col(TableDay.revenue_minor)),
            sa.func.sum(col(TableDay.order_count)),
            sa.func.sum(col(TableDay.sitting_count)),
        )
        .where(
            col(TableDay.restaurant_id) == restaurant_id,
            col(TableDay.business_day).between(first, last),
        )
        .group_by(col(TableDay.business_day))
    )
    return {row[0]: DayFigures(*row) for row in rows}


def _each_day(found: dict[date, DayFigures], period: Period) -> tuple[DayFigures, ...]:
    """Days without anything are zero, not missing."""
    days = (period.first_day + timedelta(days=count) for count in range(period.day_count))
    return tuple(found.get(day, DayFigures(day, 0, 0, 0)) for day in days)


def _fit(tables: Sequence[TableFigures]) -> tuple[PartyFit, ...]:
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for table in tables:
        for size, count in table.parties:
            counts[size][table.now.seats] += count
    return tuple(PartyFit(size, tuple(sorted(counts[size].items()))) for size in sorted(counts))
