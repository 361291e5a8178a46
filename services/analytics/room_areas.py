"""Areas and hours of the week, from the counts by area and hour."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.rollups import AreaHour
from models.seating import Area
from services.analytics.room import revpash
from services.analytics.room_open import OpenTime
from services.analytics.room_types import (
    AreaFigures,
    Figures,
    Period,
    ServiceHour,
    Slot,
)

_TOTALS = (
    "sitting_count",
    "order_count",
    "revenue_minor",
    "occupied_seconds",
    "guest_seconds",
)
_STEPS = (
    "accept_count",
    "accept_seconds",
    "cook_count",
    "cook_seconds",
    "carry_count",
    "carry_seconds",
    "service_count",
    "service_seconds",
)


class TableOfArea(Protocol):
    """What is needed of a table."""

    @property
    def area_id(self) -> UUID:
        """Where it stands now."""
        ...

    @property
    def seats(self) -> int:
        """How many may sit there."""
        ...

    def open_seconds(self, times: OpenTime, period: Period) -> float:
        """Seconds in which it was open for guests."""
        ...


@dataclass(frozen=True, slots=True)
class AreasAndWeek:
    """Every area, and the week of the whole room."""

    areas: tuple[AreaFigures, ...]
    slots: tuple[Slot, ...]


async def load_areas(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    period: Period,
    before: Period,
    times: tuple[OpenTime, OpenTime],
    tables: Sequence[TableOfArea],
    by_tables: dict[UUID, tuple[Figures, Figures]],
) -> AreasAndWeek:
    """Areas in their order; one that was taken away is there while the periods have it.

    Args:
        session: open transaction.
        restaurant_id: whose.
        period: business days.
        before: the period compared with.
        times: open time of both.
        tables: that stand in the room now.
        by_tables: figures of each area's tables in both periods: a median needs every sitting.
    """
    rows = await _hours(session, restaurant_id, period)
    sums_before = await _sums(session, restaurant_id, before)
    areas = await session.execute(
        sa.select(col(Area.id), col(Area.name), col(Area.is_active))
        .where(col(Area.restaurant_id) == restaurant_id)
        .order_by(col(Area.position), col(Area.id))
    )
    made: list[AreaFigures] = []
    for area_id, name, is_active in areas:
        now = [row for row in rows if row.area_id == area_id]
        then = [row for row in sums_before if row.area_id == area_id]
        mine = [table for table in tables if table.area_id == area_id]
        if not (now or then or (is_active and mine)):
            continue
        made.append(
            AreaFigures(
                id=area_id,
                name=name,
                table_count=len(mine),
                now=_figures(now, mine, times[0], period, by_tables[area_id][0]),
                before=_figures(
                    then,
                    mine,
                    times[1],
                    before,
                    by_tables[area_id][1],
                ),
                service=tuple(
                    service_hour(hour, [row for row in now if row.hour == hour])
                    for hour in sorted({row.hour for row in now if row.service_count})
                ),
                whole_service=service_hour(-1, now),
                slots=_slots(now, mine, times[0]),
            )
        )
    return AreasAndWeek(tuple(made), _slots(rows, tables, times[0]))


async def _hours(session: AsyncSession, restaurant_id: UUID, period: Period) -> list[Any]:
    """By area, weekday and hour."""
    keys = (col(AreaHour.area_id), col(AreaHour.weekday), col(AreaHour.hour))
    sums = [sa.func.sum(getattr(AreaHour, name)).label(name) for name in _TOTALS + _STEPS]
    rows = await session.execute(
        sa.select(*keys, *sums)
        .where(
            col(AreaHour.restaurant_id) == restaurant_id,
            col(AreaHour.business_day).between(period.first_day, period.last_day),
        )
        .group_by(*keys)
    )
    return list(rows)


async def _sums(session: AsyncSession, restaurant_id: UUID, period: Period) -> list[Any]:
    """By area alone."""
    sums = [sa.func.sum(getattr(AreaHour, name)).label(name) for name in _TOTALS]
    rows = await session.execute(
        sa.select(col(AreaHour.area_id), *sums)
        .where(
            col(AreaHour.restaurant_id) == restaurant_id,
            col(AreaHour.business_day).between(period.first_day, period.last_day),
        )
        .group_by(col(AreaHour.area_id))
    )
    return list(rows)


def service_hour(hour: int, rows: Iterable[Any]) -> ServiceHour:
    """Mean lengths of the steps over some hours together.

    Args:
        hour: of the clock; -1 for the whole day.
        rows: sums by weekday and hour.
    """
    counted = list(rows)

    def mean(name: str) -> float | None:
        count = sum(getattr(row, f"{name}_count") for row in counted)
        return sum(getattr(row, f"{name}_seconds") for row in counted) / count if count else None

    return ServiceHour(
        hour=hour,
        order_count=sum(row.service_count for row in counted),
        accept_seconds=mean("accept"),
        cook_seconds=mean("cook"),
        carry_seconds=mean("carry"),
        service_seconds=mean("service"),
    )


def _figures(
    rows: Sequence[Any],
    tables: Sequence[TableOfArea],
    times: OpenTime,
    period: Period,
    by_tables: Figures,
) -> Figures:
    """Money and minutes are those of the area's own hours, wherever its tables stand now."""
    table_seconds = sum(table.open_seconds(times, period) for table in tables)
    seat_seconds = sum(table.open_seconds(times, period) * table.seats for table in tables)
    orders = sum(row.order_count for row in rows)
    revenue = sum(row.revenue_minor for row in rows)
    occupied = sum(row.occupied_seconds for row in rows)
    people = sum(row.guest_seconds for row in rows)
    return replace(
        by_tables,
        seats=sum(table.seats for table in tables),
        sitting_count=sum(row.sitting_count for row in rows),
        order_count=orders,
        revenue_minor=revenue,
        average_order_minor=round(revenue / orders) if orders else None,
        utilisation=min(1.0, occupied / table_seconds) if table_seconds > 0 else None,
        seat_occupancy=people / seat_seconds if seat_seconds > 0 else None,
        revpash_minor=revpash(revenue, 1, seat_seconds / 3600),
    )


def _slots(rows: Iterable[Any], tables: Sequence[TableOfArea], times: OpenTime) -> tuple[Slot, ...]:
    """The hours of the week in which the house is open; what was used outside of them is no use."""
    sums: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for row in rows:
        held = sums[row.weekday, row.hour]
        held[0] += row.guest_seconds
        held[1] += row.sitting_count
        held[2] += row.occupied_seconds
        held[3] += row.revenue_minor
    seats = sum(table.seats for table in tables)
    found: list[Slot] = []
    for (weekday, hour), open_seconds in sorted(times.by_slot.items()):
        people, parties, occupied, revenue = sums[weekday, hour]
        days = times.slot_days[weekday, hour]
        if open_seconds <= 0:
            continue
        offered = open_seconds * len(tables)
        found.append(
            Slot(
                weekday=weekday,
                hour=hour,
                open_days=days,
                guests=people / open_seconds,
                parties=parties / open_seconds * 3600,
                utilisation=min(1.0, occupied / offered) if offered else 0.0,
                revpash_minor=revpash(round(revenue), seats, open_seconds / 3600),
            )
        )
    return tuple(found)
