"""Mail about reservations, as rows of the outbox; a job delivers it.

A row holds ids only. Whoever delivers asks `find_message` for words and addressee at that moment:
what was cancelled or forgotten since then has none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ReservationStatus
from models.reservations import TableReservation
from services import mail
from services.base import addresses
from services.base.clock import to_local
from services.base.texts import N_, clock_text, day_text, plural, translate
from services.outbox import messages
from services.reservations.contacts import read_contact
from services.reservations.links import reservation_token
from services.restaurants import queries as restaurants

CONFIRMED = "reservation_confirmed"
REMINDER = "reservation_reminder"
KINDS = (CONFIRMED, REMINDER)


@dataclass(frozen=True, slots=True)
class Message:
    """Words for one guest, in their language, from a restaurant of that name."""

    sender: str
    email: str
    subject: str
    text: str


async def plan_messages(
    session: AsyncSession, *, row: TableReservation, reminder_hours: int, now: datetime
) -> None:
    """Confirm a reservation now and remind of it in time, where mail goes out and they gave one.

    Calling it again changes nothing: the rows' ids follow from the reservation and its time.
    """
    if not row.email_encrypted or not mail.can_send():
        return
    await _put(session, row.restaurant_id, CONFIRMED, row.id, row.reservation_at, now, now)
    remind_at = row.reservation_at - timedelta(hours=reminder_hours)
    # A reminder minutes after the confirmation tells nobody anything.
    if reminder_hours and remind_at > now + timedelta(hours=1):
        await _put(session, row.restaurant_id, REMINDER, row.id, row.reservation_at, remind_at, now)


async def call_off(session: AsyncSession, *, row: TableReservation) -> None:
    """Take back what has not been sent yet about a reservation at its present time."""
    for kind in (CONFIRMED, REMINDER):
        await messages.withdraw(
            session,
            restaurant_id=row.restaurant_id,
            kind=kind,
            key=_key(row.id, row.reservation_at),
        )


async def find_message(
    session: AsyncSession, *, restaurant_id: UUID, kind: str, payload: dict[str, Any]
) -> Message | None:
    """What an outbox row of these kinds says now; None when there is nobody to tell any more.

    Somebody who gave an address to book a table agreed to hear of this table. Whoever took that
    back since - cancelled, asked to be forgotten, was erased - hears nothing.
    """
    subject_id = UUID(payload["subject_id"])
    row = await session.scalar(
        sa.select(TableReservation).where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.id) == subject_id,
        )
    )
    # Moved since: its new time has messages of its own.
    if (
        row is None
        or row.status != ReservationStatus.CONFIRMED
        or row.forgotten_at is not None
        or row.reservation_at.isoformat() != payload["at"]
    ):
        return None
    contact = read_contact(row)
    if not contact.email or await _is_erased(session, row):
        return None
    restaurant = await restaurants.get(session, restaurant_id)
    language = row.language
    local = to_local(row.reservation_at, restaurant.time_zone)
    facts = {
        "restaurant": restaurant.name,
        "day": day_text(local.date(), language),
        "time": clock_text(row.reservation_at, time_zone=restaurant.time_zone, language=language),
        "people": plural(language, "{count} person", "{count} people", row.party_size),
        "link": addresses.absolute(
            addresses.reservation(reservation_token(row.id, restaurant_id=restaurant_id))
        ),
    }
    subject = (
        N_("Your table at {restaurant}") if kind == CONFIRMED else N_("See you at {restaurant}")
    )
    text = (
        N_("Your table is booked: {day}, {time}, {people}. See or cancel it here: {link}")
        if kind == CONFIRMED
        else N_("We look forward to you: {day}, {time}, {people}. Cannot come? {link}")
    )
    return Message(
        sender=restaurant.name,
        email=contact.email,
        subject=translate(language, subject, restaurant=restaurant.name),
        text=translate(language, text, **{k: v for k, v in facts.items() if k != "restaurant"}),
    )


async def _is_erased(session: AsyncSession, row: TableReservation) -> bool:
    if row.customer_id is None:
        return False
    erased_at = await session.scalar(
        sa.select(col(Customer.erased_at)).where(
            col(Customer.restaurant_id) == row.restaurant_id, col(Customer.id) == row.customer_id
        )
    )
    return erased_at is not None


async def _put(
    session: AsyncSession,
    restaurant_id: UUID,
    kind: str,
    subject_id: UUID,
    about: datetime,
    send_at: datetime,
    now: datetime,
) -> None:
    await messages.put(
        session,
        restaurant_id=restaurant_id,
        kind=kind,
        payload={"subject_id": str(subject_id), "at": about.isoformat()},
        now=now,
        key=_key(subject_id, about),
        not_before=send_at,
    )


def _key(subject_id: UUID, about: datetime) -> str:
    return f"{subject_id}:{about.isoformat()}"
