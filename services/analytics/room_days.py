"""One business day of a room, counted from its sittings and orders; no session, clock or I/O."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from services.analytics.room import by_hour, overlap, shares, union
from services.restaurants.hours import (
    Hours,
    Shifts,
    business_day_of,
    business_day_span,
    periods_of,
)
from services.seating.turns import LONGEST_TURN

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stay:
    """The time one party spent at one table; a party that moved has several."""

    table_id: UUID
    area_id: UUID
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class SittingFact:
    """A sitting as it is counted. `released_at` is empty while the party is still there."""

    id: UUID
    table_id: UUID
    area_id: UUID
    opened_at: datetime
    released_at: datetime | None
    # In whole minutes; None for those that have no turn time (`services.seating.turns`).
    turn_minutes: int | None
    guest_count: int
    stays: tuple[Stay, ...]

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody released it for so long that its length says nothing."""
        return self.released_at is not None and (self.released_at - self.opened_at > LONGEST_TURN)


@dataclass(frozen=True, slots=True)
class OrderFact:
    """A completed order at a table."""

    sitting_id: UUID | None
    table_id: UUID
    area_id: UUID
    total_minor: int
    placed_at: datetime
    accepted_at: datetime | None
    ready_at: datetime | None
    served_at: datetime | None
    completed_at: datetime | None


@dataclass(slots=True)
class TableCount:
    """What `TableDay` keeps."""

    turns: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    forgotten_count: int = 0
    order_count: int = 0
    revenue_minor: int = 0
    occupied_seconds: int = 0
    guest_seconds: int = 0
    stars: list[int] = field(default_factory=list)


@dataclass(slots=True)
class HourCount:
    """What `AreaHour` keeps."""

    sitting_count: int = 0
    order_count: int = 0
    revenue_minor: int = 0
    occupied_seconds: int = 0
    guest_seconds: int = 0
    accept_count: int = 0
    accept_seconds: int = 0
    cook_count: int = 0
    cook_seconds: int = 0
    carry_count: int = 0
    carry_seconds: int = 0
    service_count: int = 0
    service_seconds: int = 0


@dataclass(frozen=True, slots=True)
class DayCount:
    """One business day: by table, and by area and hour of the clock."""

    tables: dict[UUID, TableCount]
    hours: dict[tuple[UUID, int], HourCount]


@dataclass(frozen=True, slots=True)
class Clock:
    """How a restaurant counts its days: its zone, its cut-off and when it is open."""

    zone: ZoneInfo
    cutoff: time
    opening_hours: Mapping[str, Shifts]
    special_hours: Mapping[date, Shifts] = field(default_factory=dict[date, Shifts])

    @property
    def hours(self) -> Hours:
        """When the house is open."""
        return Hours(self.opening_hours, self.special_hours, self.zone.key, self.cutoff)

    def day(self, business_day: date) -> Span:
        """From cut-off to cut-off, aware UTC; 23 or 25 hours when the clocks change."""
        return business_day_span(business_day, time_zone=self.zone.key, cutoff=self.cutoff)

    def day_of(self, moment: datetime) -> date:
        """The business day a moment belongs to."""
        return business_day_of(self.hours, moment)

    def open_spans(self, business_day: date) -> list[Span]:
        """When the house is open on a business day, without overlaps."""
        return [(one.starts_at, one.ends_at) for one in periods_of(self.hours, business_day)]

    def open_seconds(self, business_day: date) -> dict[int, float]:
        """Seconds the house is open in each hour of the clock on a business day."""
        seconds: dict[int, float] = defaultdict(float)
        for start, end in self.open_spans(business_day):
            for local, passed in by_hour(start, end, self.zone):
                seconds[local.hour] += passed
        return dict(seconds)


def count_day(
    business_day: date,
    clock: Clock,
    *,
    sittings: Sequence[SittingFact],
    orders: Sequence[OrderFact],
    ratings: Sequence[tuple[UUID, int]] = (),
) -> DayCount:
    """Count one business day.

    Args:
        business_day: which.
        clock: of the restaurant.
        sittings: all that may touch the day, and those of its orders; open ones included, which
            only say where the money of their orders lies.
        orders: completed at a table, of this business day.
        ratings: stars that guests of this business day gave, each with their table.
    """
    tables: dict[UUID, TableCount] = defaultdict(TableCount)
    hours: dict[tuple[UUID, int], HourCount] = defaultdict(HourCount)
    over = [sitting for sitting in sittings if sitting.released_at is not None]
    _count_sittings(business_day, clock, over, tables, hours)
    _count_time(business_day, clock, over, tables, hours)
    _count_orders(clock, sittings, orders, tables, hours)
    for table_id, stars in ratings:
        tables[table_id].stars.append(stars)
    return DayCount(dict(tables), dict(hours))


def _count_sittings(
    business_day: date,
    clock: Clock,
    sittings: Sequence[SittingFact],
    tables: dict[UUID, TableCount],
    hours: dict[tuple[UUID, int], HourCount],
) -> None:
    for sitting in sittings:
        if sitting.released_at is None or clock.day_of(sitting.opened_at) != business_day:
            continue
        table = tables[sitting.table_id]
        table.parties.append(sitting.guest_count)
        if sitting.is_forgotten:
            table.forgotten_count += 1
        elif sitting.turn_minutes is not None:
            table.turns.append(sitting.turn_minutes)
        seated = sitting.opened_at.astimezone(clock.zone)
        hours[sitting.area_id, seated.hour].sitting_count += 1


def _count_time(
    business_day: date,
    clock: Clock,
    sittings: Sequence[SittingFact],
    tables: dict[UUID, TableCount],
    hours: dict[tuple[UUID, int], HourCount],
) -> None:
    opened = clock.open_spans(business_day)
    taken: dict[tuple[UUID, UUID], list[Span]] = defaultdict(list)
    for sitting in sittings:
        if sitting.is_forgotten:
            continue
        for stay in sitting.stays:
            inside = overlap((stay.start_at, stay.end_at), opened)
            taken[stay.table_id, stay.area_id] += inside
            for start, end in inside:
                for local, seconds in by_hour(start, end, clock.zone):
                    people = round(seconds * sitting.guest_count)
                    hours[stay.area_id, local.hour].guest_seconds += people
                    tables[stay.table_id].guest_seconds += people
    for (table_id, area_id), spans in taken.items():
        for start, end in union(spans):
            for local, seconds in by_hour(start, end, clock.zone):
                hours[area_id, local.hour].occupied_seconds += round(seconds)
                tables[table_id].occupied_seconds += round(seconds)


def _count_orders(
    clock: Clock,
    sittings: Sequence[SittingFact],
    orders: Sequence[OrderFact],
    tables: dict[UUID, TableCount],
    hours: dict[tuple[UUID, int], HourCount],
) -> None:
    known = {sitting.id: sitting for sitting in sittings}
    for order in orders:
        table = tables[order.table_id]
        table.order_count += 1
        table.revenue_minor += order.total_minor
        placed = hours[order.area_id, order.placed_at.astimezone(clock.zone).hour]
        placed.order_count += 1
        _count_steps(placed, order)
        sitting = known.get(order.sitting_id) if order.sitting_id else None
        for hour, minor in _spread(order, sitting, clock.zone):
            hours[order.area_id, hour].revenue_minor += minor


def _count_steps(hour: HourCount, order: OrderFact) -> None:
    """A step that was skipped or put down out of order has no length."""
    for name, start, end in (
        ("accept", order.placed_at, order.accepted_at),
        ("cook", order.accepted_at, order.ready_at),
        ("carry", order.ready_at, order.served_at),
        ("service", order.placed_at, order.served_at),
    ):
        if start is None or end is None or end < start:
            continue
        seconds = round((end - start).total_seconds())
        setattr(hour, f"{name}_count", getattr(hour, f"{name}_count") + 1)
        setattr(hour, f"{name}_seconds", getattr(hour, f"{name}_seconds") + seconds)


def _spread(order: OrderFact, sitting: SittingFact | None, zone: ZoneInfo) -> list[tuple[int, int]]:
    """An order's money by hour of the clock: evenly over the minutes of its sitting.

    Without one, or with one that is not over, it lies between seating (placing) and completion.
    """
    start, end = order.placed_at, order.completed_at or order.placed_at
    if sitting is not None:
        start = sitting.opened_at
        end = min(sitting.released_at or end, start + LONGEST_TURN)
    parts = list(by_hour(start, end, zone))
    if not parts:
        return [(order.placed_at.astimezone(zone).hour, order.total_minor)]
    cut = shares(order.total_minor, [seconds for _, seconds in parts])
    return [(local.hour, minor) for (local, _), minor in zip(parts, cut, strict=True)]
