"""Merging and taking apart as staff do it: only who is suggested, noted with who did it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services import journal
from services.accounts.types import Actor
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.customers.guest import get_customer
from services.guests import same_guest
from services.guests.merge_preview import MergePreview, preview_merge
from services.guests.merging import merge, unmerge
from services.guests.same_guest import Hint

BY_STAFF = "staff"


async def preview_by_staff(
    session: AsyncSession, *, by: Actor, customer_id: UUID, other_id: UUID, now: datetime
) -> MergePreview:
    """What a merge with a suggested guest would do. Reads only.

    Raises:
        NotFoundError: one of them is not of this restaurant, or nothing connects the two.
        MergeRefusedError: they are one already.
    """
    mine, hints = await _suggested(
        session, by=by, customer_id=customer_id, other_id=other_id, now=now
    )
    preview = await preview_merge(
        session, restaurant_id=by.restaurant_id, customer_ids=(mine, other_id), now=now
    )
    return replace(preview, hints=hints)


async def merge_by_staff(
    session: AsyncSession, *, by: Actor, customer_id: UUID, other_id: UUID, now: datetime
) -> UUID:
    """Make one guest of two that are suggested to each other; nobody else can be merged by hand.

    A visit of either goes on: it belongs to the one guest from now on, under the alias that stays.
    What connects the two is a hint and no proof: whoever merges answers for it, and the journal
    keeps what they were shown.

    Args:
        session: open transaction; flushed, not committed.
        by: who says that they are one.
        customer_id: whose card is open.
        other_id: the suggested one.
        now: aware UTC.

    Returns:
        The guest who stays.

    Raises:
        NotFoundError: one of them is not of this restaurant, or nothing connects the two.
        MergeRefusedError: two different verified phones, or somebody has just merged one of them.
    """
    mine, hints = await _suggested(
        session, by=by, customer_id=customer_id, other_id=other_id, now=now
    )
    merged = await merge(
        session,
        restaurant_id=by.restaurant_id,
        customer_ids=(mine, other_id),
        reason=BY_STAFF,
        now=now,
    )
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="customers_merged",
        subject_type="customer",
        subject_id=merged.kept_customer_id,
        now=now,
        data={
            "merged_customer_id": str(merged.merged_customer_id),
            "hints": [hint.value for hint in hints],
        },
    )
    return merged.kept_customer_id


async def unmerge_by_staff(
    session: AsyncSession, *, by: Actor, customer_id: UUID, entry_id: UUID, now: datetime
) -> bool:
    """Take a merge of this guest back; False when somebody else has just done so.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        customer_id: whose card is open.
        entry_id: of the journal.
        now: aware UTC.

    Raises:
        NotFoundError: the restaurant has no such guest or merge.
        UnmergeRefusedError: a later merge must be undone first, or the guest was forgotten.
    """
    await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    was_done = await unmerge(session, restaurant_id=by.restaurant_id, entry_id=entry_id, now=now)
    if was_done:
        journal.record(
            session,
            restaurant_id=by.restaurant_id,
            by=by,
            action="customers_parted",
            subject_type="merge_entry",
            subject_id=entry_id,
            now=now,
        )
    return was_done


async def _suggested(
    session: AsyncSession, *, by: Actor, customer_id: UUID, other_id: UUID, now: datetime
) -> tuple[UUID, tuple[Hint, ...]]:
    """The guest whose card is open, and why the other is suggested to them."""
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    found = await same_guest.suggest(
        session, restaurant_id=by.restaurant_id, customer_id=customer.id, now=now
    )
    hints = {one.customer_id: one.hints for one in found}
    if other_id not in hints:
        msg = N_("Nothing says that these two are one guest.")
        raise NotFoundError(msg)
    return customer.id, hints[other_id]
