"""What the day counts say of each table, and the figures that follow from it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from models.journal import AuditEntry
from models.rollups import TableDay, TableMonth
from models.seating import Area, Table
from services.analytics import room_months
from services.analytics.room import mean_of, middle_of, revpash
from services.analytics.room_open import OpenTime
from services.analytics.room_types import ENOUGH_RATINGS, Figures, Period
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
    ratings: int
    stars: int
    # How often each length in minutes and each size came: thousands of either have few values.
    turns: Counter[int]
    parties: Counter[int]


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
    parts = sa.union_all(
        *(
            one
            for is_now, span in ((1, period), (0, before))
            for one in _parts(restaurant_id, span, is_now)
        )
    ).subquery()
    rows = await session.execute(
        sa.select(
            parts.c.table_id,
            parts.c.is_now,
            sa.func.min(parts.c.first).label("first"),
            sa.func.max(parts.c.last).label("last"),
            *(sa.func.sum(parts.c[name]).label(name) for name in room_months.SUMS),
            *(
                sa.func.aggregate_strings(parts.c[name], " ").label(name)
                for name in room_months.WORDS
            ),
        ).group_by(parts.c.table_id, parts.c.is_now)
    )
    found: dict[UUID, dict[int, TableSums]] = defaultdict(dict)
    for row in rows:
        found[row.table_id][row.is_now] = TableSums(
            first=row.first,
            last=row.last,
            sittings=row.sitting_count,
            orders=row.order_count,
            revenue=row.revenue_minor,
            occupied=row.occupied_seconds,
            guests=row.guest_seconds,
            forgotten=row.forgotten_count,
            ratings=row.rating_count,
            stars=row.rating_stars,
            turns=_counted(row.turn_minutes),
            parties=_counted(row.party_sizes),
        )
    return found


def offered_seconds(
    tables: Iterable[RoomTable], times: OpenTime, period: Period
) -> tuple[float, float]:
    """Open table seconds and open seat seconds."""
    seconds = [(table.open_seconds(times, period), table.seats) for table in tables]
    return sum(one for one, _ in seconds), sum(one * seats for one, seats in seconds)


def _parts(restaurant_id: UUID, period: Period, is_now: int) -> list[sa.Select[Any]]:
    """Rows of a period: its whole months, and the days at both ends."""
    months, ends = room_months.cut(period)
    day = col(TableDay.business_day)
    found = [
        sa.select(*_columns(TableDay, is_now, first=day, last=day)).where(
            col(TableDay.restaurant_id) == restaurant_id,
            day.between(end.first_day, end.last_day),
        )
        for end in ends
    ]
    if months:
        span = {"first": col(TableMonth.first_day), "last": col(TableMonth.last_day)}
        found.append(
            sa.select(*_columns(TableMonth, is_now, **span)).where(
                col(TableMonth.restaurant_id) == restaurant_id,
                col(TableMonth.month).between(months[0], months[-1]),
            )
        )
    return found


def _columns(
    of: type[TableDay] | type[TableMonth], is_now: int, **span: Mapped[date]
) -> list[sa.ColumnElement[Any]]:
    columns = sa.inspect(of).columns
    return [
        columns["table_id"],
        sa.literal(is_now).label("is_now"),
        *(day.label(name) for name, day in span.items()),
        *(columns[name] for name in (*room_months.SUMS, *room_months.WORDS)),
    ]


def _counted(text: str) -> Counter[int]:
    """ "62 75 62" as how often each number stands there; words are counted before they are read."""
    return Counter({int(word): count for word, count in Counter(text.split()).items()})


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
    turns, parties = Counter[int](), Counter[int]()
    for row in rows:
        turns.update(row.turns)
        parties.update(row.parties)
    occupied = sum(row.occupied for row in rows)
    guest_seconds = sum(row.guests for row in rows)
    ratings, stars = sum(row.ratings for row in rows), sum(row.stars for row in rows)
    return Figures(
        seats=seats,
        sitting_count=sum(row.sittings for row in rows),
        order_count=orders,
        revenue_minor=revenue,
        average_order_minor=round(revenue / orders) if orders else None,
        turn_minutes=middle_of(turns),
        mean_turn_minutes=mean_of(turns),
        utilisation=min(1.0, occupied / table_seconds) if table_seconds > 0 else None,
        seat_occupancy=guest_seconds / seat_seconds if seat_seconds > 0 else None,
        revpash_minor=revpash(revenue, 1, seat_seconds / 3600),
        party_size=mean_of(parties),
        forgotten_count=sum(row.forgotten for row in rows),
        rating_count=ratings,
        satisfaction=stars / ratings if ratings >= ENOUGH_RATINGS else None,
    )
