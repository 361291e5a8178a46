"""What staff write down about a customer."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerNote
from services import journal
from services.accounts.types import Actor
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import N_

MAX_LENGTH = 2000


async def set_notes(
    session: AsyncSession, *, by: Actor, customer_id: UUID, notes: str, now: datetime
) -> None:
    """Write what the card shows as one note: the newest is reworded, the older ones are kept.

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
    newest = await session.scalar(
        sa.select(CustomerNote)
        .where(
            col(CustomerNote.restaurant_id) == by.restaurant_id,
            col(CustomerNote.customer_id) == customer_id,
        )
        .order_by(col(CustomerNote.created_at).desc(), col(CustomerNote.id).desc())
        .limit(1)
    )
    if text == (newest.text if newest is not None else ""):
        return
    if newest is None:
        session.add(
            CustomerNote(
                restaurant_id=by.restaurant_id,
                customer_id=customer_id,
                text=text,
                author_user_id=by.user_id,
                created_at=now,
            )
        )
    else:
        was = {
            "text": newest.text,
            "at": (newest.edited_at or newest.created_at).isoformat(),
            "by": str(newest.author_user_id) if newest.author_user_id else None,
        }
        newest.history = [*newest.history, was]
        newest.text, newest.edited_at, newest.author_user_id = text, now, by.user_id
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
