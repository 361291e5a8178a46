"""Which tables are free for a party, and at which times of a day it can come."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import HOLDING_STATUSES, ReservationStatus, TableStatus
from models.reservations import ReservationSlot, TableReservation
from models.seating import Area, Sitting, Table
from services.base.clock import business_day
from services.reservations.fitting import Choices, Seats, Spot, choices_of
from services.reservations.rules import QUARTER, length_of, offered_times, quarters
from services.reservations.settings import load_rules
from services.reservations.types import ReservationRules
from services.restaurants.hours import hours_of
from services.restaurants.types import RestaurantInfo
from services.seating.placement import turned


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A time of a day, and whether a table is free for this party then."""

    starts_at: datetime
    is_free: bool


@dataclass(frozen=True, slots=True)
class Room:
    """The tables of a restaurant, and when each cannot be had."""

    tables: tuple[Seats, ...]
    out_of_service: frozenset[UUID]
    # Quarter hours that reservations hold, by table.
    held: dict[UUID, frozenset[datetime]]
    # When parties that sit there now are expected to leave.
    busy_until: dict[UUID, datetime]
    # Guests who arrive with a reservation, by its time.
    arriving: dict[datetime, int]

    def busy(self, starts_at: datetime, ends_at: datetime) -> set[UUID]:
        """Tables that somebody has during a span, or nobody can have."""
        wanted = quarters(starts_at, ends_at)
        held = {table_id for table_id, slots in self.held.items() if not slots.isdisjoint(wanted)}
        sat = {table_id for table_id, until in self.busy_until.items() if until > starts_at}
        return held | sat | self.out_of_service

    def choices(self, party_size: int, rules: ReservationRules) -> Choices:
        """Where a party fits at all."""
        return choices_of(self.tables, party_size, may_join=rules.may_join_tables)

    def spots(
        self, party_size: int, starts_at: datetime, ends_at: datetime, rules: ReservationRules
    ) -> Iterator[Spot]:
        """Where a party fits during a span, best first."""
        return self.choices(party_size, rules).free(self.busy(starts_at, ends_at))

    def has_pace(self, party_size: int, starts_at: datetime, rules: ReservationRules) -> bool:
        """Whether as many guests may still arrive at this time."""
        if not rules.most_guests_per_step:
            return True
        already = self.arriving.get(starts_at, 0)
        return already + party_size <= rules.most_guests_per_step


async def load_room(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    rules: ReservationRules,
    first: datetime,
    last: datetime,
    now: datetime,
    ignoring: UUID | None = None,
    only_expected: bool = False,
) -> Room:
    """The room between two moments.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        rules: how long a party stays.
        first: from here on, aware UTC.
        last: until here.
        now: aware UTC; who sits there now is expected to stay as long as a booking would.
        ignoring: a reservation that may keep or give up what it holds: the one that is moved.
        only_expected: leave out what parties hold that are here: their sitting says more.
    """
    tables, out = await load_tables(session, restaurant_id=restaurant_id)
    held: dict[UUID, set[datetime]] = defaultdict(set)
    slots = sa.select(col(ReservationSlot.table_id), col(ReservationSlot.slot_at)).where(
        col(ReservationSlot.restaurant_id) == restaurant_id,
        col(ReservationSlot.slot_at) >= first,
        col(ReservationSlot.slot_at) < last,
    )
    coming = sa.select(
        col(TableReservation.reservation_at), sa.func.sum(col(TableReservation.party_size))
    ).where(
        col(TableReservation.restaurant_id) == restaurant_id,
        col(TableReservation.reservation_at).between(first, last),
        col(TableReservation.status).in_(HOLDING_STATUSES),
    )
    if only_expected:
        slots = slots.join(
            TableReservation, col(TableReservation.id) == col(ReservationSlot.reservation_id)
        ).where(col(TableReservation.status) == ReservationStatus.CONFIRMED)
    if ignoring is not None:
        slots = slots.where(col(ReservationSlot.reservation_id) != ignoring)
        coming = coming.where(col(TableReservation.id) != ignoring)
    for table_id, slot_at in await session.execute(slots):
        held[table_id].add(slot_at)
    arriving = await session.execute(coming.group_by(col(TableReservation.reservation_at)))
    return Room(
        tables=tuple(tables),
        out_of_service=frozenset(out),
        held={table_id: frozenset(found) for table_id, found in held.items()},
        busy_until=await _busy_until(session, restaurant_id, rules, now),
        arriving={row[0]: int(row[1]) for row in arriving},
    )


async def load_tables(
    session: AsyncSession, *, restaurant_id: UUID, only: Collection[UUID] | None = None
) -> tuple[list[Seats], set[UUID]]:
    """Tables in use as places for parties, and which of them are out of service."""
    query = (
        sa.select(Table)
        .join(Area, col(Area.id) == col(Table.area_id))
        .where(col(Table.restaurant_id) == restaurant_id, col(Table.is_active), col(Area.is_active))
    )
    if only is not None:
        query = query.where(col(Table.id).in_(list(only)))
    rows = (await session.scalars(query)).all()
    out = {row.id for row in rows if row.status == TableStatus.OUT_OF_SERVICE}
    return [_seats(row) for row in rows], out


async def load_times(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    day: date,
    party_size: int,
    now: datetime,
    for_guests: bool = True,
    ignoring: UUID | None = None,
) -> list[OfferedTime]:
    """The times of a business day, in order, and which of them a party can have.

    Guests see none that come sooner than the restaurant wants to know; staff see all that are not
    over.
    """
    rules = await load_rules(session, restaurant_id=restaurant.id)
    lead = timedelta(minutes=rules.lead_minutes) if for_guests else -QUARTER
    times = [
        moment for moment in offered_times(hours_of(restaurant), day, rules) if moment >= now + lead
    ]
    if not times:
        return []
    length = length_of(party_size, rules)
    room = await load_room(
        session,
        restaurant_id=restaurant.id,
        rules=rules,
        first=times[0],
        last=times[-1] + length,
        now=now,
        ignoring=ignoring,
    )
    choices = room.choices(party_size, rules)
    return [
        OfferedTime(
            moment,
            room.has_pace(party_size, moment, rules)
            and any(True for _ in choices.free(room.busy(moment, moment + length))),
        )
        for moment in times
    ]


def first_days(
    *, restaurant: RestaurantInfo, rules: ReservationRules, now: datetime, count: int
) -> Sequence[date]:
    """The business days that can be booked, today first."""
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    return [today + timedelta(days=n) for n in range(min(count, rules.most_days_ahead + 1))]


async def _busy_until(
    session: AsyncSession, restaurant_id: UUID, rules: ReservationRules, now: datetime
) -> dict[UUID, datetime]:
    rows = await session.execute(
        sa.select(col(Sitting.table_id), col(Sitting.opened_at), col(Sitting.party_size)).where(
            col(Sitting.restaurant_id) == restaurant_id, col(Sitting.released_at).is_(None)
        )
    )
    # A party that has stayed longer than expected does not leave in this second.
    return {
        table_id: max(opened_at + length_of(party_size or 2, rules), now + QUARTER)
        for table_id, opened_at, party_size in rows
    }


def _seats(row: Table) -> Seats:
    has_place = bool(row.floor_plan_x or row.floor_plan_y)
    return Seats(
        table_id=row.id,
        number=row.table_number,
        area_id=row.area_id,
        seats=row.capacity,
        shape=row.shape,
        place=turned(
            row.floor_plan_x,
            row.floor_plan_y,
            row.floor_plan_width,
            row.floor_plan_height,
            row.floor_plan_rotation,
        )
        if has_place
        else None,
    )
