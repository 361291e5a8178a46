"""What staff write down about a customer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from services import journal
from services.accounts.types import Actor
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import N_

MAX_LENGTH = 2000


async def set_notes(
    session: AsyncSession, *, by: Actor, customer_id: UUID, notes: str, now: datetime
) -> None:
    """Replace the note about a customer of the acting restaurant.

    The journal says who changed it and when, never what it said.

    Raises:
        NotFoundError: the restaurant has no such customer, or has forgotten them.
        InvalidInputError: it is longer than 2,000 characters.
    """
    text = notes.strip()
    if len(text) > MAX_LENGTH:
        msg = N_("This note is too long. {count} characters fit.")
        raise InvalidInputError(msg, field="notes", count=MAX_LENGTH)
    customer = await session.get(
        Customer, customer_id, populate_existing=True, with_for_update=True
    )
    if (
        customer is None
        or customer.restaurant_id != by.restaurant_id
        or customer.erased_at is not None
        or customer.merged_into_id is not None
    ):
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    if customer.notes == text:
        return
    customer.notes = text
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="customer_note_set",
        subject_type="customer",
        subject_id=customer_id,
        now=now,
    )
    await session.flush()
