"""Where to seat a party: free tables that fit, tables free soon, and what a known guest likes."""

import statistics
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ReservationStatus
from models.reservations import TableReservation
from models.seating import Table
from services.floor import queries
from services.floor.types import FloorTable
from services.privacy import purposes
from services.privacy.purposes import Purpose
from services.reservations.waiting import seat_suggestions
from services.seating.turns import past_turns

# Fewer past parties say nothing about the next one.
ENOUGH_SITTINGS = 5
SOON_COUNT = 4
FOUND_COUNT = 6


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A table a party can have now; `spare_count` is how many of its chairs stay empty."""

    table_id: UUID
    number: str
    area_name: str
    spare_count: int
    is_liked: bool


@dataclass(frozen=True, slots=True)
class SoonPlace:
    """An occupied table; `minutes` until it may be free, None while too little is known."""

    table_id: UUID
    number: str
    area_name: str
    minutes: int | None
    is_liked: bool


@dataclass(frozen=True, slots=True)
class SeatingHelp:
    """Best first."""

    free: tuple[FreePlace, ...]
    soon: tuple[SoonPlace, ...]


@dataclass(frozen=True, slots=True)
class KnownGuest:
    """Somebody the restaurant may remember. `likes` is a table's number, with their consent."""

    customer_id: UUID
    alias: str
    likes: str


async def suggest(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    party_size: int,
    now: datetime,
    customer_id: UUID | None = None,
) -> SeatingHelp:
    """Tables for a party that stands at the door.

    Free ones stay free for as long as such a party stays, reservations considered; the fewest empty
    chairs first. Of occupied ones the median of past turn times is taken, of the table
    itself or else of all tables of its size, minus the time its party has sat.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        party_size: how many people.
        now: aware UTC.
        customer_id: who asks; the table they like comes first where they agreed to suggestions.
    """
    liked = await _liked_table(session, restaurant_id, customer_id) if customer_id else None
    floor = await queries.load_floor(session, restaurant_id=restaurant_id, now=now)
    areas = {area.id: area.name for area in floor.areas}
    tables = {table.id: table for table in floor.tables}
    spots = await seat_suggestions(
        session, restaurant_id=restaurant_id, party_size=party_size, now=now
    )
    free = [
        FreePlace(
            table.id,
            table.number,
            areas[table.area_id],
            table.seats - party_size,
            table.id == liked,
        )
        for spot in spots
        for table in (tables.get(spot.table_ids[0]),)
        if table is not None and table.sitting is None
    ]
    free.sort(key=lambda place: (not place.is_liked, place.spare_count))
    return SeatingHelp(
        tuple(free),
        await _soon(session, restaurant_id, floor.tables, areas, party_size, now, liked),
    )


async def find_guests(
    session: AsyncSession, *, restaurant_id: UUID, words: str, now: datetime
) -> list[KnownGuest]:
    """Guests by the beginning of their alias; without words, those with a reservation near now."""
    mine = [
        col(Customer.restaurant_id) == restaurant_id,
        col(Customer.merged_into_id).is_(None),
        col(Customer.erased_at).is_(None),
    ]
    start = words.strip()[:40]
    if start:
        mine.append(col(Customer.alias).istartswith(start, autoescape=True))
    else:
        mine.append(
            col(Customer.id).in_(
                sa.select(col(TableReservation.customer_id)).where(
                    col(TableReservation.restaurant_id) == restaurant_id,
                    col(TableReservation.status) == str(ReservationStatus.CONFIRMED),
                    col(TableReservation.reservation_at) >= now - timedelta(hours=2),
                    col(TableReservation.reservation_at) < now + timedelta(hours=4),
                )
            )
        )
    rows = await session.execute(
        sa.select(col(Customer.id), col(Customer.alias), col(Table.table_number))
        .outerjoin(
            Table,
            sa.and_(
                col(Table.id) == col(Customer.preferred_table_id),
                col(Table.is_active).is_(True),
                # What somebody likes is shown to those who agreed to suggestions alone.
                purposes.who_may(Purpose.PERSONALISE),
            ),
        )
        .where(*mine)
        .order_by(col(Customer.alias))
        .limit(FOUND_COUNT)
    )
    return [KnownGuest(row[0], row[1], row[2] or "") for row in rows]


async def _liked_table(
    session: AsyncSession, restaurant_id: UUID, customer_id: UUID
) -> UUID | None:
    return await session.scalar(
        sa.select(col(Customer.preferred_table_id)).where(
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.id) == customer_id,
            purposes.who_may(Purpose.PERSONALISE),
            col(Customer.erased_at).is_(None),
        )
    )


async def _soon(
    session: AsyncSession,
    restaurant_id: UUID,
    tables: Collection[FloorTable],
    areas: Mapping[UUID, str],
    party_size: int,
    now: datetime,
    liked: UUID | None,
) -> tuple[SoonPlace, ...]:
    by_table: dict[UUID, list[float]] = defaultdict(list)
    by_seats: dict[int, list[float]] = defaultdict(list)
    for turn in await past_turns(session, restaurant_id=restaurant_id, now=now):
        by_table[turn.table_id].append(turn.minutes)
        by_seats[turn.seats].append(turn.minutes)
    found = [
        SoonPlace(
            table.id,
            table.number,
            areas[table.area_id],
            minutes_left(
                by_table.get(table.id, ()),
                by_seats.get(table.seats, ()),
                elapsed=(now - table.sitting.opened_at).total_seconds() / 60,
            ),
            table.id == liked,
        )
        for table in tables
        if table.sitting is not None and table.seats >= party_size
    ]
    seats = {table.id: table.seats for table in tables}
    found.sort(
        key=lambda place: (
            not place.is_liked,
            place.minutes is None,
            place.minutes or 0,
            seats[place.table_id],
        )
    )
    return tuple(found[:SOON_COUNT])


def minutes_left(
    own_turns: Collection[float], like_turns: Collection[float], *, elapsed: float
) -> int | None:
    """Median turn time minus the time already sat, never below zero.

    Args:
        own_turns: minutes of past parties at this table; used from five on.
        like_turns: of parties at tables of this size.
        elapsed: minutes the present party has sat.

    Returns:
        None when fewer than five past parties are known either way.
    """
    turns = own_turns if len(own_turns) >= ENOUGH_SITTINGS else like_turns
    if len(turns) < ENOUGH_SITTINGS:
        return None
    return max(0, round(statistics.median(turns) - elapsed))
