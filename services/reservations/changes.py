"""What becomes of a reservation: moved, arrived, not come, cancelled, taken back."""

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
from services.base.locks import one_at_a_time
from services.base.secrets import token_hash
from services.reservations import availability, booking, reminders
from services.reservations.contacts import checked_contact, store_contact
from services.reservations.errors import (
    AlreadyClosedError,
    NoTableError,
    PastTimeError,
    TableBookedError,
    TooEarlyError,
    UnknownReservationError,
)
from services.reservations.holding import let_go, try_to_hold
from services.reservations.queries import get_reservation, table_ids_of
from services.reservations.rules import length_of
from services.reservations.settings import load_rules
from services.reservations.types import Contact, ReservationChange
from services.restaurants.types import RestaurantInfo
from services.seating import welcoming

# Nobody arrives, or fails to, hours before the time.
EARLIEST_ARRIVAL = timedelta(hours=3)
Status = ReservationStatus


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """What a reservation shall be; without tables the best free ones are chosen."""

    party_size: int
    starts_at: datetime
    contact: Contact
    table_ids: Sequence[UUID] = ()


async def move(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    reservation_id: UUID,
    draft: MoveDraft,
    by: Actor,
    now: datetime,
) -> ReservationChange:
    """Give a reservation another time, table, size or name; nothing changes when it cannot be.

    Raises:
        UnknownReservationError: there is none here.
        AlreadyClosedError: it is cancelled, over, or the party is here.
        PartySizeError, PastTimeError, NoSuchTimeError, ClosedThenError: not possible.
        TableTooSmallError, TableOutError, TableBookedError: the chosen table does not do.
        NoTableError: no table was chosen, and none is free.
    """
    await one_at_a_time(session, f"reservations:{restaurant.id}")
    row = await _locked(session, restaurant.id, reservation_id)
    _refuse_closed(row)
    booking.check_party(draft.party_size)
    contact = checked_contact(draft.contact, time_zone=restaurant.time_zone)
    if draft.starts_at != row.reservation_at:
        booking.check_time(restaurant=restaurant, starts_at=draft.starts_at, now=now)
    rules = await load_rules(session, restaurant_id=restaurant.id)
    before = _facts(row)
    await reminders.call_off(session, row=row)
    await let_go(session, restaurant_id=restaurant.id, reservation_id=row.id)
    row.reservation_at, row.party_size = draft.starts_at, draft.party_size
    row.ends_at = draft.starts_at + length_of(draft.party_size, rules)
    store_contact(row, contact)
    table_ids = draft.table_ids
    if not table_ids:
        room = await availability.load_room(
            session,
            restaurant_id=restaurant.id,
            rules=rules,
            first=row.reservation_at,
            last=row.ends_at,
            now=now,
            ignoring=row.id,
        )
        spots = list(room.spots(row.party_size, row.reservation_at, row.ends_at, rules))
        if not spots:
            raise NoTableError
        # Whoever can keep their table keeps it.
        kept = [spot for spot in spots if set(spot.table_ids) == set(table_ids_of(row))]
        table_ids = (kept or spots)[0].table_ids
    await booking.take_chosen(session, row, table_ids=table_ids, rules=rules, now=now)
    await reminders.plan_messages(session, row=row, reminder_hours=rules.reminder_hours, now=now)
    return await _done(session, row, "reservation_moved", by, now, before=before)


async def arrive(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    reservation_id: UUID,
    by: Actor,
    now: datetime,
    joins: bool = False,
) -> ReservationChange:
    """The party is here: one party sits at all the tables they have.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where.
        reservation_id: who.
        by: who seats them.
        now: aware UTC.
        joins: those who sit there already are this party, whose phones were faster.

    Raises:
        UnknownReservationError: there is none here.
        AlreadyClosedError: they arrived before, or the reservation is closed.
        TooEarlyError: their time is hours away.
        TableTakenError: somebody sits there, and `joins` was not given.
        TableOutOfServiceError, UnknownTableError: the table cannot be used: move them first.
    """
    # Reservations before tables, as whoever publishes a layout locks them.
    await one_at_a_time(session, f"reservations:{restaurant.id}")
    row = await _locked(session, restaurant.id, reservation_id)
    _refuse_closed(row)
    if row.reservation_at - now > EARLIEST_ARRIVAL:
        raise TooEarlyError
    seated = await welcoming.seat_party(
        session,
        restaurant_id=restaurant.id,
        table_ids=table_ids_of(row),
        party_size=row.party_size,
        by=by,
        now=now,
        joins=joins,
    )
    row.sitting_id = seated.sitting_id
    row.status, row.seated_at = Status.SEATED, now
    await reminders.call_off(session, row=row)
    return await _done(
        session, row, "reservation_arrived", by, now, sitting_id=str(seated.sitting_id)
    )


async def mark_no_show(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    reservation_id: UUID,
    by: Actor | None,
    now: datetime,
) -> ReservationChange:
    """Nobody came: the table is free again.

    Raises:
        UnknownReservationError: there is none here.
        AlreadyClosedError: they are here, or it is closed already.
        TooEarlyError: their time has not come.
    """
    row = await _locked(session, restaurant_id, reservation_id)
    _refuse_closed(row)
    if now < row.reservation_at:
        raise TooEarlyError
    return await _close(session, row, Status.NO_SHOW, "reservation_no_show", by, now)


async def cancel(
    session: AsyncSession, *, restaurant_id: UUID, reservation_id: UUID, by: Actor, now: datetime
) -> ReservationChange:
    """Staff cancel.

    Raises:
        UnknownReservationError: there is none here.
        AlreadyClosedError: cancelled already, over, or the party is here.
    """
    row = await _locked(session, restaurant_id, reservation_id)
    _refuse_closed(row)
    return await _close(session, row, Status.CANCELLED, "reservation_cancelled", by, now)


async def cancel_by_token(session: AsyncSession, *, token: str, now: datetime) -> ReservationChange:
    """A guest cancels by their link.

    Raises:
        UnknownReservationError: the link opens nothing.
        AlreadyClosedError: cancelled already, over, or the party is here.
        PastTimeError: its time is over; staff decide what it was.
    """
    found = await session.scalar(
        sa.select(TableReservation).where(col(TableReservation.token_hash) == token_hash(token))
    )
    if found is None:
        raise UnknownReservationError
    row = await _locked(session, found.restaurant_id, found.id)
    _refuse_closed(row)
    if now >= row.ends_at:
        raise PastTimeError
    return await _close(session, row, Status.CANCELLED, "reservation_cancelled", None, now)


async def take_back(
    session: AsyncSession, *, restaurant_id: UUID, reservation_id: UUID, by: Actor, now: datetime
) -> ReservationChange:
    """Undo a cancellation or a no-show, if the table is still free.

    Raises:
        UnknownReservationError: there is none here.
        AlreadyClosedError: there is nothing to undo.
        PastTimeError: the time it had is over.
        TableBookedError: somebody else has the table by now.
    """
    await one_at_a_time(session, f"reservations:{restaurant_id}")
    row = await _locked(session, restaurant_id, reservation_id)
    if row.status not in {Status.CANCELLED, Status.NO_SHOW}:
        raise AlreadyClosedError(status=row.status)
    if row.ends_at <= now:
        raise PastTimeError
    row.status, row.closed_at = Status.CONFIRMED, None
    held = await try_to_hold(
        session,
        restaurant_id=restaurant_id,
        reservation_id=row.id,
        table_ids=table_ids_of(row),
        starts_at=row.reservation_at,
        ends_at=row.ends_at,
        now=now,
    )
    if not held:
        shown = await get_reservation(
            session, restaurant_id=restaurant_id, reservation_id=reservation_id
        )
        raise TableBookedError(table=shown.tables)
    rules = await load_rules(session, restaurant_id=restaurant_id)
    await reminders.plan_messages(session, row=row, reminder_hours=rules.reminder_hours, now=now)
    return await _done(session, row, "reservation_taken_back", by, now)


async def _close(
    session: AsyncSession,
    row: TableReservation,
    status: ReservationStatus,
    action: str,
    by: Actor | None,
    now: datetime,
) -> ReservationChange:
    row.status, row.closed_at = status, now
    await let_go(session, restaurant_id=row.restaurant_id, reservation_id=row.id)
    await reminders.call_off(session, row=row)
    return await _done(session, row, action, by, now)


async def _locked(
    session: AsyncSession, restaurant_id: UUID, reservation_id: UUID
) -> TableReservation:
    row = await session.scalar(
        sa.select(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.id) == reservation_id,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownReservationError
    return row


def _refuse_closed(row: TableReservation) -> None:
    if row.status != Status.CONFIRMED:
        raise AlreadyClosedError(status=row.status)


def _facts(row: TableReservation) -> dict[str, object]:
    return {
        "table_ids": [str(one) for one in table_ids_of(row)],
        "at": row.reservation_at.isoformat(),
        "party_size": row.party_size,
    }


async def _done(
    session: AsyncSession,
    row: TableReservation,
    action: str,
    by: Actor | None,
    now: datetime,
    **more: object,
) -> ReservationChange:
    journal.record(
        session,
        restaurant_id=row.restaurant_id,
        by=by,
        action=action,
        subject_type="reservation",
        subject_id=row.id,
        now=now,
        is_guest=by is None and action == "reservation_cancelled",
        data={**_facts(row), **more},
    )
    await session.flush()
    return ReservationChange(
        row.id, row.restaurant_id, ReservationStatus(row.status), row.sitting_id
    )
