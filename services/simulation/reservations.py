"""Reservations of the demo: a plausible past with no-shows, this evening, and the coming days."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import ReservationStatus
from models.reservations import (
    ReservationSettings,
    ReservationSlot,
    TableReservation,
    WaitlistEntry,
)
from services.base.clock import business_day
from services.base.secrets import encrypt, token_hash
from services.reservations.availability import load_room, load_tables
from services.reservations.contacts import forgotten
from services.reservations.fitting import Seats
from services.reservations.holding import try_to_hold
from services.reservations.links import reservation_token
from services.reservations.rules import ceil_quarter, length_of, offered_times
from services.reservations.types import ReservationRules
from services.restaurants import queries as restaurants
from services.restaurants.hours import Hours, hours_of
from services.restaurants.types import RestaurantInfo

PAST_DAYS, COMING_DAYS = 28, 7
# Of a hundred reservations: how many came, cancelled, did not come.
_OUTCOMES = ((86, ReservationStatus.COMPLETED), (94, ReservationStatus.CANCELLED))
_SIZES = (1, 2, 2, 2, 2, 3, 4, 4, 4, 5, 6)
_NAMES = (
    "Ortega", "Lindqvist", "Haddad", "Moreau", "Castillo", "Novak", "Rossi", "Okafor", "Yilmaz",
    "Benali", "Fischer", "Santos", "Kowalski", "Murphy", "Tanaka", "Navarro", "Dubois", "Weber",
)  # fmt: skip
_WISHES = ("", "", "", "", "Window, please", "High chair", "Birthday", "Nut allergy")
RULES = ReservationRules(guests_may_book=True, guests_may_queue=True, lead_minutes=30)


async def write_reservations(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime, seed: int
) -> int:
    """Fill the book of a demo restaurant anew; what stood there before goes.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: of a demo restaurant.
        now: aware UTC.
        seed: the same seed and moment give the same parties.

    Returns:
        How many reservations there are now.
    """
    for table in (ReservationSlot, TableReservation, WaitlistEntry, ReservationSettings):
        await session.execute(sa.delete(table).where(col(table.restaurant_id) == restaurant_id))
    session.add(
        ReservationSettings(
            restaurant_id=restaurant_id,
            created_at=now,
            guests_may_book=RULES.guests_may_book,
            guests_may_queue=RULES.guests_may_queue,
            lead_minutes=RULES.lead_minutes,
        )
    )
    restaurant = await restaurants.get(session, restaurant_id)
    rng = Random(seed)
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    hours = hours_of(restaurant)
    tables, _ = await load_tables(session, restaurant_id=restaurant_id)
    count = 0
    for offset in range(-PAST_DAYS, COMING_DAYS + 1):
        day = today + timedelta(days=offset)
        count += await _write_day(session, restaurant, tables, hours, day, now, rng)
    # Somebody is expected soon at whatever hour the demo is looked at.
    for minutes, size in ((15, 2), (30, 4)):
        moment = ceil_quarter(now) + timedelta(minutes=minutes)
        count += await _write_one(session, restaurant, tables, moment, size, now, rng)
    await session.flush()
    return count


async def _write_day(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    tables: list[Seats],
    hours: Hours,
    day: date,
    now: datetime,
    rng: Random,
) -> int:
    times = offered_times(hours, day, RULES)
    if not times:
        return 0
    # Fridays and Saturdays are full, and the further away a day is the fewer have booked.
    wanted = 9 if day.weekday() in {4, 5} else 5
    count = 0
    for _ in range(rng.randint(wanted - 2, wanted + 2)):
        # Evenings are booked more than noon.
        moment = times[max(rng.randrange(len(times)), rng.randrange(len(times)))]
        size = rng.choice(_SIZES)
        count += await _write_one(session, restaurant, tables, moment, size, now, rng)
    return count


async def _write_one(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    tables: list[Seats],
    starts_at: datetime,
    party_size: int,
    now: datetime,
    rng: Random,
) -> int:
    """One party, at the table it would have got; 0 where nothing was free."""
    ends_at = starts_at + length_of(party_size, RULES)
    name, wish, chance = rng.choice(_NAMES), rng.choice(_WISHES), rng.randrange(100)
    booked_at = min(now, starts_at) - timedelta(hours=rng.randint(3, 200))
    is_past = starts_at < now
    if is_past:
        # Who sits there now says nothing about an evening of last week.
        fitting = [table for table in tables if table.seats >= party_size]
        table_ids = [min(fitting, key=lambda t: (t.seats, rng.random())).table_id]
    else:
        room = await load_room(
            session,
            restaurant_id=restaurant.id,
            rules=RULES,
            first=starts_at,
            last=ends_at,
            now=now,
        )
        spot = next(room.spots(party_size, starts_at, ends_at, RULES), None)
        if spot is None:
            return 0
        table_ids = list(spot.table_ids)
    row = TableReservation(
        restaurant_id=restaurant.id,
        created_at=booked_at,
        table_id=table_ids[0],
        joined_table_ids=[str(one) for one in table_ids[1:]],
        reservation_at=starts_at,
        ends_at=ends_at,
        party_size=party_size,
        source="guest" if chance % 3 else "staff",
        reservation_name_encrypted=encrypt(name, restaurant_id=restaurant.id),
        special_requests_encrypted=encrypt(wish, restaurant_id=restaurant.id) if wish else None,
        token_hash="",
        submit_key=f"demo-{starts_at.isoformat()}-{rng.getrandbits(40)}",
    )
    row.token_hash = token_hash(reservation_token(row.id, restaurant_id=restaurant.id))
    if is_past:
        _end(row, chance)
        if ends_at < now - timedelta(days=RULES.retention_days):
            for column, value in forgotten(now).items():
                setattr(row, column, value)
    session.add(row)
    await session.flush()
    if not is_past:
        await try_to_hold(
            session,
            restaurant_id=restaurant.id,
            reservation_id=row.id,
            table_ids=table_ids,
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
        )
    return 1


def _end(row: TableReservation, chance: int) -> None:
    status = next(
        (status for border, status in _OUTCOMES if chance < border), ReservationStatus.NO_SHOW
    )
    row.status = status
    if status is ReservationStatus.COMPLETED:
        row.seated_at = row.reservation_at + timedelta(minutes=chance % 12)
        row.closed_at = row.seated_at + timedelta(minutes=45 + chance)
    elif status is ReservationStatus.CANCELLED:
        row.closed_at = row.reservation_at - timedelta(hours=5)
    else:
        row.closed_at = row.ends_at
