"""Parties without a reservation: they join, are called, are seated, or leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import QUEUED_STATUSES, WaitStatus
from models.reservations import WaitlistEntry
from services import journal
from services.accounts.types import Actor
from services.base.locks import one_at_a_time
from services.base.secrets import token_hash
from services.identity.aliases import MAX_TRIES, new_alias
from services.reservations import waiting
from services.reservations.booking import check_party
from services.reservations.contacts import checked_contact, hashed_phone, read_wait_contact, sealed
from services.reservations.errors import (
    FormSentElsewhereError,
    PartySizeError,
    QueueClosedError,
    TooManyBookingsError,
    UnknownWaitError,
)
from services.reservations.estimate import Certainty, Estimate
from services.reservations.links import wait_token
from services.reservations.settings import load_rules
from services.reservations.types import Contact, Queued, Wait, WaitChange
from services.restaurants.types import RestaurantInfo
from services.seating import welcoming

# Nobody waits longer than this; whoever forgot to leave is taken out.
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class WaitDraft:
    """Who wants to wait. The contact may be empty: staff call the alias."""

    party_size: int
    contact: Contact
    submit_key: str
    language: str = "en"


async def join(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    draft: WaitDraft,
    browser: str | None,
    by: Actor | None,
    now: datetime,
    rng: Random,
) -> Queued:
    """Stand at the end of the queue, with what the guest is told about the wait.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where.
        draft: who.
        browser: hash of the browser that asks, for a guest; one place each.
        by: the staff member who adds a party at the door; None for a guest.
        now: aware UTC.
        rng: for the alias.

    Raises:
        QueueClosedError: guests cannot queue here.
        PartySizeError: too few or too many.
        TooManyBookingsError: this browser waits already.
    """
    rules = await load_rules(session, restaurant_id=restaurant.id)
    if by is None and not rules.guests_may_queue:
        raise QueueClosedError
    await one_at_a_time(session, f"waitlist:{restaurant.id}")
    if repeated := await _find_repeated(session, restaurant.id, draft.submit_key, browser):
        return repeated
    check_party(draft.party_size)
    if by is None and not rules.smallest_party <= draft.party_size <= rules.largest_party:
        raise PartySizeError(least=rules.smallest_party, most=rules.largest_party)
    if browser is not None and await _waits_already(session, restaurant.id, browser):
        raise TooManyBookingsError
    contact = checked_contact(draft.contact, time_zone=restaurant.time_zone)
    queue = await waiting.load_queue(session, restaurant_id=restaurant.id)
    told = await waiting.estimate_for(
        session, restaurant_id=restaurant.id, party_size=draft.party_size, queue=queue, now=now
    )
    row = WaitlistEntry(
        restaurant_id=restaurant.id,
        alias=_free_alias({one.alias for one in queue}, rng),
        party_size=draft.party_size,
        source="guest" if by is None else "staff",
        language=draft.language,
        joined_at=now,
        name_encrypted=sealed(contact.name, restaurant.id),
        phone_number_encrypted=sealed(contact.phone, restaurant.id),
        phone_hash=hashed_phone(contact.phone, restaurant.id),
        booked_by_hash=browser,
        token_hash="",
        submit_key=draft.submit_key[:64],
        created_at=now,
    )
    if told.certainty in {Certainty.MEASURED, Certainty.ASSUMED}:
        row.quoted_low_minutes, row.quoted_high_minutes = told.low_minutes, told.high_minutes
    row.token_hash = token_hash(wait_token(row.id, restaurant_id=restaurant.id))
    session.add(row)
    _note(session, row, "waitlist_joined", by, now, told=_told(told))
    await session.flush()
    return _queued(row)


async def notify(
    session: AsyncSession, *, restaurant_id: UUID, entry_id: UUID, by: Actor, now: datetime
) -> WaitChange:
    """Tell a party that its table is ready, on its page; who left a number is called by people.

    Calling it again changes nothing.

    Raises:
        UnknownWaitError: nobody of that kind waits here.
    """
    row = await _locked(session, restaurant_id, entry_id)
    if row.status == WaitStatus.WAITING:
        row.status, row.notified_at = WaitStatus.NOTIFIED, now
        _note(session, row, "waitlist_notified", by, now)
        await session.flush()
    return _changed(row)


async def seat(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    entry_id: UUID,
    table_id: UUID,
    by: Actor,
    now: datetime,
) -> WaitChange:
    """A party of the queue gets a table: its sitting opens there.

    Raises:
        UnknownWaitError: nobody of that kind waits here.
        UnknownTableError, TableOutOfServiceError: the table cannot be used.
        TableTakenError: somebody sits there.
    """
    row = await _locked(session, restaurant_id, entry_id)
    seated = await welcoming.seat_party(
        session,
        restaurant_id=restaurant_id,
        table_ids=[table_id],
        party_size=row.party_size,
        by=by,
        now=now,
    )
    row.status, row.closed_at = WaitStatus.SEATED, now
    row.table_id, row.sitting_id = table_id, seated.sitting_id
    _note(session, row, "waitlist_seated", by, now, table_id=str(table_id))
    await session.flush()
    return _changed(row)


async def leave(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    entry_id: UUID,
    by: Actor | None,
    now: datetime,
) -> WaitChange:
    """A party waits no longer.

    Raises:
        UnknownWaitError: nobody of that kind waits here; leaving twice is one of these.
    """
    row = await _locked(session, restaurant_id, entry_id)
    row.status, row.closed_at = WaitStatus.LEFT, now
    _note(session, row, "waitlist_left", by, now)
    await session.flush()
    return _changed(row)


async def leave_by_token(session: AsyncSession, *, token: str, now: datetime) -> WaitChange:
    """A guest leaves the queue by their link.

    Raises:
        UnknownWaitError: the link opens nothing, or they do not wait any more.
    """
    row = await _by_token(session, token)
    if row is None:
        raise UnknownWaitError
    return await leave(session, restaurant_id=row.restaurant_id, entry_id=row.id, by=None, now=now)


async def find_by_token(session: AsyncSession, *, token: str) -> Wait | None:
    """The place in the queue that a guest's link opens; the token says whose restaurant it is."""
    row = await _by_token(session, token)
    return as_wait(row) if row is not None else None


async def load_waiting(session: AsyncSession, *, restaurant_id: UUID) -> list[Wait]:
    """Who waits, the first first."""
    return [as_wait(row) for row in await waiting.load_queue(session, restaurant_id=restaurant_id)]


def as_wait(row: WaitlistEntry) -> Wait:
    """A party of the queue for staff of its restaurant."""
    low, high = row.quoted_low_minutes, row.quoted_high_minutes
    return Wait(
        id=row.id,
        restaurant_id=row.restaurant_id,
        alias=row.alias,
        contact=read_wait_contact(row),
        party_size=row.party_size,
        status=WaitStatus(row.status),
        source=row.source,
        language=row.language,
        joined_at=row.joined_at,
        notified_at=row.notified_at,
        quoted=(low, high) if low is not None and high is not None else None,
    )


async def _by_token(session: AsyncSession, token: str) -> WaitlistEntry | None:
    return await session.scalar(
        sa.select(WaitlistEntry).where(col(WaitlistEntry.token_hash) == token_hash(token))
    )


async def _locked(session: AsyncSession, restaurant_id: UUID, entry_id: UUID) -> WaitlistEntry:
    row = await session.scalar(
        sa.select(WaitlistEntry)
        .where(
            col(WaitlistEntry.restaurant_id) == restaurant_id,
            col(WaitlistEntry.id) == entry_id,
            col(WaitlistEntry.status).in_(QUEUED_STATUSES),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownWaitError
    return row


async def _waits_already(session: AsyncSession, restaurant_id: UUID, browser: str) -> bool:
    found = await session.scalar(
        sa.select(col(WaitlistEntry.id))
        .where(
            col(WaitlistEntry.restaurant_id) == restaurant_id,
            col(WaitlistEntry.booked_by_hash) == browser,
            col(WaitlistEntry.status).in_(QUEUED_STATUSES),
        )
        .limit(1)
    )
    return found is not None


async def _find_repeated(
    session: AsyncSession, restaurant_id: UUID, submit_key: str, browser: str | None
) -> Queued | None:
    row = await session.scalar(
        sa.select(WaitlistEntry).where(
            col(WaitlistEntry.restaurant_id) == restaurant_id,
            col(WaitlistEntry.submit_key) == submit_key[:64],
        )
    )
    if row is None:
        return None
    if row.booked_by_hash != browser:
        raise FormSentElsewhereError
    return _queued(row, is_repeated=True)


def _free_alias(taken: set[str], rng: Random) -> str:
    alias = new_alias(rng)
    for _ in range(MAX_TRIES):
        if alias not in taken:
            break
        alias = new_alias(rng)
    return alias


def _queued(row: WaitlistEntry, *, is_repeated: bool = False) -> Queued:
    token = wait_token(row.id, restaurant_id=row.restaurant_id)
    return Queued(row.id, row.restaurant_id, token, is_repeated=is_repeated)


def _changed(row: WaitlistEntry) -> WaitChange:
    return WaitChange(row.id, row.restaurant_id, WaitStatus(row.status), row.sitting_id)


def _told(estimate: Estimate) -> list[object]:
    return [str(estimate.certainty), estimate.low_minutes, estimate.high_minutes]


def _note(
    session: AsyncSession,
    row: WaitlistEntry,
    action: str,
    by: Actor | None,
    now: datetime,
    **data: object,
) -> None:
    journal.record(
        session,
        restaurant_id=row.restaurant_id,
        by=by,
        action=action,
        subject_type="waitlist_entry",
        subject_id=row.id,
        now=now,
        is_guest=by is None,
        data={"party_size": row.party_size, **data},
    )
