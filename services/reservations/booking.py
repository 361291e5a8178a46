"""Book a table. Two bookings of one restaurant follow one another, and the slots' index is beneath.

The lock lets each see what the one before has taken, so that the best table is chosen and no more
guests arrive at once than the kitchen wants; the index makes a double booking impossible even for
code that forgets the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import ReservationStatus
from models.reservations import TableReservation
from services import journal
from services.accounts.types import Actor
from services.base.clock import business_day
from services.base.locks import one_at_a_time
from services.base.secrets import token_hash
from services.reservations import availability, queries, reminders
from services.reservations.contacts import checked_contact, store_contact
from services.reservations.errors import (
    BookingClosedError,
    ClosedThenError,
    FormSentElsewhereError,
    NoSuchTimeError,
    NoTableError,
    PartySizeError,
    PastTimeError,
    TableBookedError,
    TableOutError,
    TableTooSmallError,
    TooFarError,
    TooManyBookingsError,
    TooSoonError,
)
from services.reservations.fitting import Spot, are_neighbours
from services.reservations.holding import try_to_hold
from services.reservations.links import reservation_token
from services.reservations.rules import (
    floor_quarter,
    is_quarter,
    length_of,
    offered_times,
)
from services.reservations.settings import load_rules
from services.reservations.types import Booked, Contact, ReservationRules
from services.restaurants.hours import hours_of, is_open_at
from services.restaurants.types import RestaurantInfo
from services.seating.errors import UnknownTableError

# Staff may seat a whole wedding; nobody seats five hundred at tables.
MOST_PEOPLE = 120
MOST_PER_BROWSER = 3


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """What somebody asks for."""

    party_size: int
    starts_at: datetime
    contact: Contact
    # A form sent twice carries the same key.
    submit_key: str
    language: str = "en"
    # Without tables the smallest that fits is chosen.
    table_ids: Sequence[UUID] = ()


async def book_by_guest(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    draft: BookingDraft,
    browser: str | None,
    customer_id: UUID | None,
    now: datetime,
) -> Booked:
    """Book as a guest: within what the restaurant allows, at a time it offers.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where.
        draft: what is asked for; tables in it are ignored, nobody picks one from outside.
        browser: hash of the browser that asks; one of them holds three tables at most.
        customer_id: who it is, if the guest agreed to be known.
        now: aware UTC.

    Raises:
        BookingClosedError: guests cannot book here.
        PartySizeError, PastTimeError, TooSoonError, TooFarError, ClosedThenError: not possible.
        TooManyBookingsError: this browser has booked enough.
        NoTableError: nothing is free for this party then.
    """
    rules = await load_rules(session, restaurant_id=restaurant.id)
    if not rules.guests_may_book:
        raise BookingClosedError
    await _lock(session, restaurant.id)
    if repeated := await _find_repeated(session, restaurant.id, draft.submit_key, browser):
        return repeated
    if not rules.smallest_party <= draft.party_size <= rules.largest_party:
        raise PartySizeError(least=rules.smallest_party, most=rules.largest_party)
    _check_offered(restaurant, rules, draft.starts_at, now)
    if browser is not None:
        held = await queries.count_upcoming(
            session, restaurant_id=restaurant.id, booked_by_hash=browser, now=now
        )
        if held >= MOST_PER_BROWSER:
            raise TooManyBookingsError
    row = _row(restaurant, draft, rules, source="guest", now=now)
    row.booked_by_hash, row.customer_id = browser, customer_id
    await _take_table(session, row, rules=rules, now=now, keeps_pace=True)
    return await _finish(session, row, rules=rules, by=None, now=now)


async def book_by_staff(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    draft: BookingDraft,
    by: Actor,
    now: datetime,
) -> Booked:
    """Book for somebody who calls or stands at the door: at any quarter hour while open.

    Raises:
        PartySizeError, PastTimeError, NoSuchTimeError, ClosedThenError: not possible.
        TableTooSmallError, TableOutError, TableBookedError: the chosen table does not do.
        NoTableError: no table was chosen, and none is free.
    """
    rules = await load_rules(session, restaurant_id=restaurant.id)
    await _lock(session, restaurant.id)
    if repeated := await _find_repeated(session, restaurant.id, draft.submit_key, None):
        return repeated
    check_time(restaurant=restaurant, starts_at=draft.starts_at, now=now)
    check_party(draft.party_size)
    row = _row(restaurant, draft, rules, source="staff", now=now)
    if draft.table_ids:
        await take_chosen(session, row, table_ids=draft.table_ids, rules=rules, now=now)
    else:
        await _take_table(session, row, rules=rules, now=now, keeps_pace=False)
    return await _finish(session, row, rules=rules, by=by, now=now)


def check_time(*, restaurant: RestaurantInfo, starts_at: datetime, now: datetime) -> None:
    """Refuse a time that staff cannot book.

    Raises:
        NoSuchTimeError: not on a quarter hour.
        PastTimeError: before the quarter hour that is running.
        TooFarError: more than two years ahead.
        ClosedThenError: closed.
    """
    if not is_quarter(starts_at):
        raise NoSuchTimeError
    if starts_at < floor_quarter(now):
        raise PastTimeError
    if starts_at > now + timedelta(days=730):
        raise TooFarError(days=730)
    if not is_open_at(hours_of(restaurant), starts_at):
        raise ClosedThenError


def check_party(party_size: int) -> None:
    """Refuse a party of nobody, or of more than any room holds.

    Raises:
        PartySizeError: outside of 1 to 120.
    """
    if not 1 <= party_size <= MOST_PEOPLE:
        raise PartySizeError(least=1, most=MOST_PEOPLE)


async def take_chosen(
    session: AsyncSession,
    row: TableReservation,
    *,
    table_ids: Sequence[UUID],
    rules: ReservationRules,
    now: datetime,
) -> None:
    """Hold the tables that somebody picked; the row is written with them.

    Raises:
        UnknownTableError: not this restaurant's, or archived.
        TableOutError, TableTooSmallError, TableBookedError: they do not do.
    """
    wanted = list(dict.fromkeys(table_ids))
    tables, out = await availability.load_tables(
        session, restaurant_id=row.restaurant_id, only=wanted
    )
    by_id = {table.table_id: table for table in tables}
    if len(by_id) != len(wanted):
        raise UnknownTableError
    spot = Spot(tuple(by_id[table_id] for table_id in wanted))
    for table in spot.tables:
        if table.table_id in out:
            raise TableOutError(table=table.number)
    if spot.seats < row.party_size:
        raise TableTooSmallError(table=spot.numbers, seats=spot.seats)
    if len(wanted) > 1 and not (rules.may_join_tables and are_neighbours(spot.tables)):
        raise TableTooSmallError(table=spot.tables[0].number, seats=spot.tables[0].seats)
    if not await _hold(session, row, spot, now=now):
        raise TableBookedError(table=spot.numbers)


async def _take_table(
    session: AsyncSession,
    row: TableReservation,
    *,
    rules: ReservationRules,
    now: datetime,
    keeps_pace: bool,
) -> None:
    room = await availability.load_room(
        session,
        restaurant_id=row.restaurant_id,
        rules=rules,
        first=row.reservation_at,
        last=row.ends_at,
        now=now,
    )
    if keeps_pace and not room.has_pace(row.party_size, row.reservation_at, rules):
        raise NoTableError
    for spot in room.spots(row.party_size, row.reservation_at, row.ends_at, rules):
        if await _hold(session, row, spot, now=now):
            return
    raise NoTableError


async def _hold(session: AsyncSession, row: TableReservation, spot: Spot, *, now: datetime) -> bool:
    row.table_id, *joined = spot.table_ids
    row.joined_table_ids = [str(table_id) for table_id in joined]
    session.add(row)
    await session.flush()
    return await try_to_hold(
        session,
        restaurant_id=row.restaurant_id,
        reservation_id=row.id,
        table_ids=spot.table_ids,
        starts_at=row.reservation_at,
        ends_at=row.ends_at,
        now=now,
    )


def _check_offered(
    restaurant: RestaurantInfo,
    rules: ReservationRules,
    starts_at: datetime,
    now: datetime,
) -> None:
    if starts_at < now:
        raise PastTimeError
    if starts_at < now + timedelta(minutes=rules.lead_minutes):
        raise TooSoonError(minutes=rules.lead_minutes)
    day, today = (
        business_day(moment, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
        for moment in (starts_at, now)
    )
    if (day - today).days > rules.most_days_ahead:
        raise TooFarError(days=rules.most_days_ahead)
    if starts_at not in offered_times(hours_of(restaurant), day, rules):
        raise ClosedThenError


def _row(
    restaurant: RestaurantInfo,
    draft: BookingDraft,
    rules: ReservationRules,
    *,
    source: str,
    now: datetime,
) -> TableReservation:
    contact = checked_contact(draft.contact, time_zone=restaurant.time_zone)
    # The first table comes with the hold; SQLModel sets columns later without checks.
    row = TableReservation(
        restaurant_id=restaurant.id,
        reservation_at=draft.starts_at,
        ends_at=draft.starts_at + length_of(draft.party_size, rules),
        party_size=draft.party_size,
        status=ReservationStatus.CONFIRMED,
        source=source,
        language=draft.language,
        submit_key=draft.submit_key[:64],
        created_at=now,
    )  # pyright: ignore[reportCallIssue]
    store_contact(row, contact)
    row.token_hash = token_hash(reservation_token(row.id, restaurant_id=restaurant.id))
    return row


async def _lock(session: AsyncSession, restaurant_id: UUID) -> None:
    await one_at_a_time(session, f"reservations:{restaurant_id}")


async def _find_repeated(
    session: AsyncSession, restaurant_id: UUID, submit_key: str, browser: str | None
) -> Booked | None:
    """What the same form booked before, for the browser that booked it and nobody else.

    Raises:
        FormSentElsewhereError: the key is another browser's; its link is not handed out.
    """
    row = await session.scalar(
        sa.select(TableReservation).where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.submit_key) == submit_key[:64],
        )
    )
    if row is None:
        return None
    if row.booked_by_hash != browser:
        raise FormSentElsewhereError
    return _booked(row, is_repeated=True)


async def _finish(
    session: AsyncSession,
    row: TableReservation,
    *,
    rules: ReservationRules,
    by: Actor | None,
    now: datetime,
) -> Booked:
    await reminders.plan_messages(session, row=row, reminder_hours=rules.reminder_hours, now=now)
    journal.record(
        session,
        restaurant_id=row.restaurant_id,
        by=by,
        action="reservation_booked",
        subject_type="reservation",
        subject_id=row.id,
        now=now,
        is_guest=by is None,
        data={
            "table_ids": [str(row.table_id), *row.joined_table_ids],
            "at": row.reservation_at.isoformat(),
            "party_size": row.party_size,
        },
    )
    await session.flush()
    return _booked(row)


def _booked(row: TableReservation, *, is_repeated: bool = False) -> Booked:
    return Booked(
        reservation_id=row.id,
        restaurant_id=row.restaurant_id,
        token=reservation_token(row.id, restaurant_id=row.restaurant_id),
        starts_at=row.reservation_at,
        is_repeated=is_repeated,
    )
