"""What the day counts say of each table, and the figures that follow from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.journal import AuditEntry
from models.rollups import TableDay
from models.seating import Area, Table
from services.analytics.room import median, revpash
from services.analytics.room_open import OpenTime
from services.analytics.room_types import Figures, Period
from services.base.sorting import natural_key
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class TableSums:
    """One table over one period, and the first and last day it was used."""

    first: date
    last: date
    sittings: int
    orders: int
    revenue: int
    occupied: int
    guests: int
    forgotten: int
    turns: list[int]
    parties: list[int]


class RoomTable:
    """A table as the counting sees it: from its first day to the day it was taken away."""

    def __init__(self, row: Any, first: date, last: date | None) -> None:  # noqa: ANN401 - a row
        self.id: UUID = row.id
        self.number: str = row.table_number
        self.area_id: UUID = row.area_id
        self.area_name: str = row.name
        self.seats: int = row.capacity
        self.is_active: bool = row.is_active
        self.first, self.last = first, last

    def open_seconds(self, times: OpenTime, period: Period) -> float:
        """Seconds of a period in which it was open for guests."""
        return times.between(self.first, min(self.last or period.last_day, period.last_day))


async def read_tables(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    day_of: Callable[[datetime], date],
    sums: dict[UUID, dict[int, TableSums]],
) -> list[RoomTable]:
    """Every table the restaurant has or had, by number.

    Args:
        session: open transaction.
        restaurant: whose.
        day_of: the business day of a moment.
        sums: of the periods asked about: a table in use was there.
    """
    rows = (
        await session.execute(
            sa.select(
                col(Table.id),
                col(Table.table_number),
                col(Table.area_id),
                col(Area.name),
                col(Table.capacity),
                col(Table.is_active),
                col(Table.created_at),
            )
            .join(Area, col(Area.id) == col(Table.area_id))
            .where(col(Table.restaurant_id) == restaurant.id)
        )
    ).all()
    gone = [row.id for row in rows if not row.is_active]
    archived = await session.execute(
        sa.select(col(AuditEntry.subject_id), sa.func.max(col(AuditEntry.happened_at)))
        .where(
            col(AuditEntry.restaurant_id) == restaurant.id,
            col(AuditEntry.subject_id).in_(gone),
            col(AuditEntry.subject_type) == "table",
        )
        .group_by(col(AuditEntry.subject_id))
    )
    last_days = {row[0]: day_of(row[1]) for row in archived}
    found: list[RoomTable] = []
    for row in rows:
        created = day_of(row.created_at)
        used = [day for one in sums.get(row.id, {}).values() for day in (one.first, one.last)]
        # A table may have been entered after the first party sat there, or gone without a note.
        last = None if row.is_active else max([last_days.get(row.id, created), *used])
        found.append(RoomTable(row, min([created, *used]), last))
    return sorted(found, key=lambda one: natural_key(one.number))


async def read_sums(
    session: AsyncSession, restaurant_id: UUID, period: Period, before: Period
) -> dict[UUID, dict[int, TableSums]]:
    """By table: 1 for the period, 0 for the one before."""
    is_now = sa.case((col(TableDay.business_day) >= period.first_day, 1), else_=0).label("is_now")
    rows = await session.execute(
        sa.select(
            col(TableDay.table_id),
            is_now,
            sa.func.min(col(TableDay.business_day)).label("first"),
            sa.func.max(col(TableDay.business_day)).label("last"),
            sa.func.sum(col(TableDay.sitting_count)).label("sittings"),
            sa.func.sum(col(TableDay.order_count)).label("orders"),
            sa.func.sum(col(TableDay.revenue_minor)).label("revenue"),
            sa.func.sum(col(TableDay.occupied_seconds)).label("occupied"),
            sa.func.sum(col(TableDay.guest_seconds)).label("guests"),
            sa.func.sum(col(TableDay.forgotten_count)).label("forgotten"),
            sa.func.aggregate_strings(col(TableDay.turn_minutes), " ").label("turns"),
            sa.func.aggregate_strings(col(TableDay.party_sizes), " ").label("parties"),
        )
        .where(
            col(TableDay.restaurant_id) == restaurant_id,
            col(TableDay.business_day).between(before.first_day, period.last_day),
        )
        .group_by(col(TableDay.table_id), is_now)
    )
    found: dict[UUID, dict[int, TableSums]] = defaultdict(dict)
    for row in rows:
        found[row.table_id][row.is_now] = TableSums(
            first=row.first,
            last=row.last,
            sittings=row.sittings,
            orders=row.orders,
            revenue=row.revenue,
            occupied=row.occupied,
            guests=row.guests,
            forgotten=row.forgotten,
            turns=list(map(int, row.turns.split())),
            parties=list(map(int, row.parties.split())),
        )
    return found


def offered_seconds(
    tables: Iterable[RoomTable], times: OpenTime, period: Period
) -> tuple[float, float]:
    """Open table seconds and open seat seconds."""
    seconds = [(table.open_seconds(times, period), table.seats) for table in tables]
    return sum(one for one, _ in seconds), sum(one * seats for one, seats in seconds)


def figures_of(
    rows: Sequence[TableSums], seats: int, table_seconds: float, seat_seconds: float
) -> Figures:
    """Figures of some tables together.

    Args:
        rows: sums of each table; may be empty.
        seats: of these tables.
        table_seconds: in which a table was open for guests.
        seat_seconds: in which a seat was.
    """
    orders, revenue = sum(row.orders for row in rows), sum(row.revenue for row in rows)
    turns = [turn for row in rows for turn in row.turns]
    parties = [size for row in rows for size in row.parties]
    occupied = sum(row.occupied for row in rows)
    guest_seconds = sum(row.guests for row in rows)
    return Figures(
        seats=seats,
        sitting_count=sum(row.sittings for row in rows),
        order_count=orders,
        revenue_minor=revenue,
        average_order_minor=round(revenue / orders) if orders else None,
        turn_minutes=median(turns),
        mean_turn_minutes=sum(turns) / len(turns) if turns else None,
        utilisation=min(1.0, occupied / table_seconds) if table_seconds > 0 else None,
        seat_occupancy=guest_seconds / seat_seconds if seat_seconds > 0 else None,
        revpash_minor=revpash(revenue, 1, seat_seconds / 3600),
        party_size=sum(parties) / len(parties) if parties else None,
        forgotten_count=sum(row.forgotten for row in rows),
    )
