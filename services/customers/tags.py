"""Words that staff hang on one guest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerTag
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.customers.guest import get_customer

MAX_LENGTH = 40
MOST_TAGS = 30
SUGGESTED = 50


async def read_tags(session: AsyncSession, *, by: Actor, customer_id: UUID) -> Sequence[str]:
    """A guest's tags in the order of the alphabet.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    return await _tags_of(session, by.restaurant_id, customer.id)


async def known_tags(session: AsyncSession, *, restaurant_id: UUID) -> Sequence[str]:
    """The tags a restaurant uses, the most used first: what a new one is suggested from."""
    rows = await session.scalars(
        sa.select(col(CustomerTag.tag))
        .where(col(CustomerTag.restaurant_id) == restaurant_id)
        .group_by(col(CustomerTag.tag))
        .order_by(sa.func.count().desc(), col(CustomerTag.tag))
        .limit(SUGGESTED)
    )
    return rows.all()


async def known_spelling(session: AsyncSession, restaurant_id: UUID, tag: str) -> str:
    """The same word under other capitals, where the restaurant has it.

    Compared here: SQLite knows the capitals of ASCII only.
    """
    known = await session.scalars(
        sa.select(col(CustomerTag.tag))
        .where(col(CustomerTag.restaurant_id) == restaurant_id)
        .distinct()
    )
    same = [one for one in known if one.casefold() == tag.casefold()]
    return tag if not same or tag in same else min(same)


async def add_tag(
    session: AsyncSession, *, by: Actor, customer_id: UUID, tag: str, now: datetime
) -> bool:
    """Hang a tag on a guest. The same twice, or in other capitals, is one.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        customer_id: on whom.
        tag: as typed; one that the restaurant knows in other capitals is written like that.
        now: aware UTC.

    Returns:
        False when the guest had it.

    Raises:
        NotFoundError: the restaurant has no such guest.
        InvalidInputError: it is empty or longer than 40 characters, or there are 30 already.
    """
    word = fields.line(tag, field="tag", most=MAX_LENGTH, required=True)
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    # Two people tag the same guest at the same moment: the second sees what the first did.
    await one_at_a_time(session, f"customer:{customer.id}")
    has = await _tags_of(session, by.restaurant_id, customer.id)
    if word.casefold() in {one.casefold() for one in has}:
        return False
    if len(has) >= MOST_TAGS:
        msg = N_("A guest has at most {count} tags. Take one off first.")
        raise InvalidInputError(msg, field="tag", count=MOST_TAGS)
    known = await known_spelling(session, by.restaurant_id, word)
    session.add(
        CustomerTag(
            restaurant_id=by.restaurant_id,
            customer_id=customer.id,
            tag=known,
            added_by_user_id=by.user_id,
            created_at=now,
        )
    )
    _record(session, by, "customer_tagged", customer.id, now)
    await session.flush()
    return True


async def remove_tag(
    session: AsyncSession, *, by: Actor, customer_id: UUID, tag: str, now: datetime
) -> bool:
    """Take a tag off a guest; False when they did not have it.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    gone = await session.execute(
        sa.delete(CustomerTag)
        .where(
            col(CustomerTag.restaurant_id) == by.restaurant_id,
            col(CustomerTag.customer_id) == customer.id,
            col(CustomerTag.tag) == tag,
        )
        .returning(col(CustomerTag.id))
    )
    if not gone.all():
        return False
    _record(session, by, "customer_untagged", customer.id, now)
    await session.flush()
    return True


async def _tags_of(session: AsyncSession, restaurant_id: UUID, customer_id: UUID) -> Sequence[str]:
    rows = await session.scalars(
        sa.select(col(CustomerTag.tag))
        .where(
            col(CustomerTag.restaurant_id) == restaurant_id,
            col(CustomerTag.customer_id) == customer_id,
        )
        .order_by(sa.func.lower(col(CustomerTag.tag)), col(CustomerTag.tag))
    )
    return rows.all()


def _record(
    session: AsyncSession, by: Actor, action: str, customer_id: UUID, now: datetime
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="customer",
        subject_id=customer_id,
        now=now,
    )
