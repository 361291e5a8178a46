"""Reads of reservations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import HOLDING_STATUSES, ReservationStatus, TableStatus
from models.reservations import ReservationSettings, ReservationSlot, TableReservation
from models.seating import Area, Table
from services.base.secrets import token_hash
from services.reservations.contacts import read_contact
from services.reservations.errors import UnknownReservationError
from services.reservations.rules import floor_quarter
from services.reservations.types import Due, Reservation, ReservationRules
from services.restaurants.hours import Period, business_day_span, hours_of, periods_of
from services.restaurants.types import RestaurantInfo

_DEFAULT_AHEAD = ReservationRules().ahead_minutes
# As far ahead as a table can be shown as reserved.
_LONGEST_AHEAD = timedelta(minutes=240)


@dataclass(frozen=True, slots=True)
class Day:
    """A business day: when it is open, and who comes, in order of their times."""

    day: date
    periods: tuple[Period, ...]
    reservations: tuple[Reservation, ...]


async def load_day(session: AsyncSession, *, restaurant: RestaurantInfo, day: date) -> Day:
    """All reservations of a business day, cancelled ones too."""
    first, last = business_day_span(
        day, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
    )
    rows = await session.scalars(
        sa.select(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant.id,
            col(TableReservation.reservation_at) >= first,
            col(TableReservation.reservation_at) < last,
        )
        .order_by(col(TableReservation.reservation_at), col(TableReservation.id))
    )
    return Day(
        day=day,
        periods=tuple(periods_of(hours_of(restaurant), day)),
        reservations=await _with_tables(session, restaurant.id, rows.all()),
    )


async def get_reservation(
    session: AsyncSession, *, restaurant_id: UUID, reservation_id: UUID
) -> Reservation:
    """One reservation.

    Raises:
        UnknownReservationError: there is none here.
    """
    row = await session.scalar(
        sa.select(TableReservation).where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.id) == reservation_id,
        )
    )
    if row is None:
        raise UnknownReservationError
    return (await _with_tables(session, restaurant_id, [row]))[0]


async def find_by_token(session: AsyncSession, *, token: str) -> Reservation | None:
    """The reservation that a guest's link opens; the token says whose restaurant it is."""
    row = await session.scalar(
        sa.select(TableReservation).where(col(TableReservation.token_hash) == token_hash(token))
    )
    if row is None:
        return None
    return (await _with_tables(session, row.restaurant_id, [row]))[0]


async def upcoming_at(
    session: AsyncSession, *, restaurant_id: UUID, table_ids: Collection[UUID], now: datetime
) -> list[Reservation]:
    """Who is still expected at one of these tables, soonest first."""
    held = (
        sa.select(col(ReservationSlot.reservation_id))
        .where(
            col(ReservationSlot.restaurant_id) == restaurant_id,
            col(ReservationSlot.table_id).in_(list(table_ids)),
            col(ReservationSlot.slot_at) >= floor_quarter(now),
        )
        .distinct()
    )
    rows = await session.scalars(
        sa.select(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.id).in_(held),
            col(TableReservation.status) == ReservationStatus.CONFIRMED,
        )
        .order_by(col(TableReservation.reservation_at), col(TableReservation.id))
    )
    return list(await _with_tables(session, restaurant_id, rows.all()))


async def load_confirmed(
    session: AsyncSession, *, restaurant_id: UUID, first: datetime, last: datetime
) -> tuple[Reservation, ...]:
    """Parties that are still to come between two moments (aware UTC), by their times."""
    rows = await session.scalars(
        sa.select(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.reservation_at) >= first,
            col(TableReservation.reservation_at) <= last,
            col(TableReservation.status) == ReservationStatus.CONFIRMED,
        )
        .order_by(col(TableReservation.reservation_at), col(TableReservation.id))
    )
    return await _with_tables(session, restaurant_id, rows.all())


async def load_due(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> dict[UUID, Due]:
    """Tables that a party is expected at soon or already, by table: the next one each.

    One query, since the floor asks on every news.
    """
    ahead = (
        sa.select(col(ReservationSettings.ahead_minutes))
        .where(col(ReservationSettings.restaurant_id) == restaurant_id)
        .scalar_subquery()
    )
    rows = await session.execute(
        sa.select(
            col(ReservationSlot.table_id),
            col(TableReservation.id),
            col(TableReservation.reservation_at),
            col(TableReservation.party_size),
            sa.func.coalesce(ahead, _DEFAULT_AHEAD),
        )
        .join(TableReservation, col(TableReservation.id) == col(ReservationSlot.reservation_id))
        .where(
            col(ReservationSlot.restaurant_id) == restaurant_id,
            col(ReservationSlot.slot_at) >= floor_quarter(now),
            col(ReservationSlot.slot_at) < now + _LONGEST_AHEAD,
            col(TableReservation.status) == ReservationStatus.CONFIRMED,
        )
        .distinct()
    )
    due: dict[UUID, Due] = {}
    for table_id, reservation_id, starts_at, party_size, minutes in rows:
        is_soon = starts_at <= now + timedelta(minutes=minutes)
        if is_soon and (table_id not in due or starts_at < due[table_id].starts_at):
            due[table_id] = Due(reservation_id, table_id, starts_at, party_size)
    return due


async def count_upcoming(
    session: AsyncSession, *, restaurant_id: UUID, booked_by_hash: str, now: datetime
) -> int:
    """How many tables one browser holds."""
    return (
        await session.scalar(
            sa.select(sa.func.count())
            .select_from(TableReservation)
            .where(
                col(TableReservation.restaurant_id) == restaurant_id,
                col(TableReservation.booked_by_hash) == booked_by_hash,
                col(TableReservation.status).in_(HOLDING_STATUSES),
                col(TableReservation.ends_at) > now,
            )
        )
        or 0
    )


async def _with_tables(
    session: AsyncSession, restaurant_id: UUID, rows: Sequence[TableReservation]
) -> tuple[Reservation, ...]:
    ids = {table_id for row in rows for table_id in table_ids_of(row)}
    found = await session.execute(
        sa.select(
            col(Table.id),
            col(Table.table_number),
            col(Table.is_active),
            col(Table.status),
            col(Area.name),
        )
        .join(Area, col(Area.id) == col(Table.area_id))
        .where(col(Table.restaurant_id) == restaurant_id, col(Table.id).in_(ids))
    )
    tables = {row.id: row for row in found}
    return tuple(_reservation(row, tables) for row in rows)


def table_ids_of(row: TableReservation) -> tuple[UUID, ...]:
    """All tables of a reservation, the first one first."""
    return (row.table_id, *(UUID(one) for one in row.joined_table_ids))


def _reservation(row: TableReservation, tables: Mapping[UUID, Any]) -> Reservation:
    ids = table_ids_of(row)
    own = [tables[one] for one in ids if one in tables]
    status = ReservationStatus(row.status)
    is_unfit = any(not one.is_active or one.status == TableStatus.OUT_OF_SERVICE for one in own)
    return Reservation(
        id=row.id,
        restaurant_id=row.restaurant_id,
        table_ids=ids,
        tables=" + ".join(str(one.table_number) for one in own),
        area=str(own[0].name) if own else "",
        customer_id=row.customer_id,
        starts_at=row.reservation_at,
        ends_at=row.ends_at,
        party_size=row.party_size,
        status=status,
        source=row.source,
        language=row.language,
        contact=read_contact(row),
        needs_table=is_unfit and status is ReservationStatus.CONFIRMED,
        seated_at=row.seated_at,
    )
