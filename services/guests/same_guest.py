"""Who may be the same guest on another phone: hints for staff, who decide. Nothing is merged here.

Every hint is found through an index, so that it costs the same among a hundred thousand guests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.identity import MergeEntry
from services import journal
from services.accounts.types import Actor
from services.base.errors import ConflictError, NotFoundError
from services.base.texts import N_
from services.identity import fingerprint

# The reason of a journal's entry that joined nobody: staff have said that these two are two.
TOLD_APART = "told_apart"
MOST = 3


class Hint(StrEnum):
    """Why two records may be one guest's, the strongest first."""

    PHONE = "phone"
    EMAIL = "email"
    FINGERPRINT = "fingerprint"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another record, and what both have in common."""

    customer_id: UUID
    alias: str
    hints: tuple[Hint, ...]


async def suggest(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> tuple[Suggestion, ...]:
    """Up to three records of this restaurant that may be the same guest's.

    The same number or address, given by hand on two phones; or the same fingerprint when nobody
    else has it. Pairs that staff have told apart or taken apart are not suggested again.
    """
    customer = await session.get(Customer, customer_id)
    if customer is None or customer.restaurant_id != restaurant_id:
        return ()
    hints: dict[UUID, list[Hint]] = {}
    for hint, column, value in (
        (Hint.PHONE, col(Customer.phone_hash), customer.phone_hash),
        (Hint.EMAIL, col(Customer.email_hash), customer.email_hash),
    ):
        if value is not None:
            for other_id in await _sharing(session, customer, column == value):
                hints.setdefault(other_id, []).append(hint)
    alike = await fingerprint.suggest_same_guest(
        session, restaurant_id=restaurant_id, customer_id=customer_id, now=now
    )
    if alike is not None:
        hints.setdefault(alike, []).append(Hint.FINGERPRINT)
    if not hints:
        return ()
    for parted in await _parted(session, customer, tuple(hints)):
        hints.pop(parted, None)
    rows = await session.execute(
        sa.select(col(Customer.id), col(Customer.alias)).where(
            col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(list(hints))
        )
    )
    aliases = {row[0]: row[1] for row in rows}
    # A dict keeps its order: whoever shares a number was found first.
    return tuple(Suggestion(one, aliases[one], tuple(why)) for one, why in hints.items())[:MOST]


async def tell_apart(
    session: AsyncSession, *, by: Actor, customer_ids: tuple[UUID, UUID], now: datetime
) -> UUID:
    """Note that two records are two people's; they are not suggested to each other again.

    Args:
        session: open transaction; flushed, not committed.
        by: who says so.
        customer_ids: the two, both of the acting restaurant.
        now: aware UTC.

    Returns:
        The entry that `forget_telling_apart` takes back.

    Raises:
        NotFoundError: one of them is not a guest of this restaurant.
        ConflictError: they are one and the same.
    """
    first, second = sorted(customer_ids)
    if first == second:
        msg = N_("These are the same guest already.")
        raise ConflictError(msg)
    known = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Customer)
        .where(
            col(Customer.restaurant_id) == by.restaurant_id,
            col(Customer.id).in_([first, second]),
            col(Customer.erased_at).is_(None),
        )
    )
    if known != len({first, second}):
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    entry = MergeEntry(
        restaurant_id=by.restaurant_id,
        kept_customer_id=first,
        merged_customer_id=second,
        moved={},
        reason=TOLD_APART,
        merged_at=now,
        undone_at=now,
        created_at=now,
    )
    session.add(entry)
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="customers_told_apart",
        subject_type="customer",
        subject_id=first,
        now=now,
        data={"other_customer_id": str(second)},
    )
    await session.flush()
    return entry.id


async def forget_telling_apart(session: AsyncSession, *, by: Actor, entry_id: UUID) -> None:
    """Let two records be suggested to each other again; a second time changes nothing."""
    await session.execute(
        sa.delete(MergeEntry).where(
            col(MergeEntry.restaurant_id) == by.restaurant_id,
            col(MergeEntry.id) == entry_id,
            col(MergeEntry.reason) == TOLD_APART,
        )
    )


async def _sharing(
    session: AsyncSession, customer: Customer, same: sa.ColumnElement[bool]
) -> Sequence[UUID]:
    found = await session.scalars(
        sa.select(col(Customer.id))
        .where(
            col(Customer.restaurant_id) == customer.restaurant_id,
            same,
            col(Customer.id) != customer.id,
            col(Customer.merged_into_id).is_(None),
            col(Customer.erased_at).is_(None),
        )
        .order_by(col(Customer.id))
        .limit(MOST)
    )
    return found.all()


async def _parted(
    session: AsyncSession, customer: Customer, others: Sequence[UUID]
) -> Sequence[UUID]:
    """Those of the others that staff have told or taken apart from this customer."""
    pair = sa.case(
        (col(MergeEntry.kept_customer_id) == customer.id, col(MergeEntry.merged_customer_id)),
        else_=col(MergeEntry.kept_customer_id),
    )
    everybody = [customer.id, *others]
    rows = await session.scalars(
        sa.select(pair).where(
            col(MergeEntry.restaurant_id) == customer.restaurant_id,
            col(MergeEntry.kept_customer_id).in_(everybody),
            col(MergeEntry.merged_customer_id).in_(everybody),
            sa.or_(
                col(MergeEntry.kept_customer_id) == customer.id,
                col(MergeEntry.merged_customer_id) == customer.id,
            ),
            col(MergeEntry.undone_at).is_not(None),
        )
    )
    return rows.all()
