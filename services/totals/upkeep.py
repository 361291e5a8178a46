"""A customer's profile, preferences and segments, brought up to date with every step they take."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.identity import MergeEntry
from models.segments import SegmentMember
from services.profiles import keeping
from services.profiles.reading import Rows
from services.restaurants import queries as restaurants
from services.segments import following, memberships


async def bring_up_to_date(
    session: AsyncSession, *, customer: Customer, now: datetime, rows: Rows | None = None
) -> None:
    """Count one customer's facts and let them enter and leave segments.

    Args:
        session: open transaction; flushed, not committed. The caller holds the customer's row.
        customer: who; one that was merged or forgotten loses profile and segments.
        now: aware UTC.
        rows: their visits and orders, where the caller has just read them.
    """
    await session.flush()
    restaurant = await restaurants.get(session, customer.restaurant_id)
    settings = await keeping.refresh(
        session, restaurant=restaurant, customer_id=customer.id, now=now, rows=rows
    )
    await following.update_customer(
        session, restaurant=restaurant, customer_id=customer.id, now=now, settings=settings
    )


async def memberships_before_merge(
    session: AsyncSession, *, kept: Customer, merged: Customer, now: datetime
) -> list[dict[str, Any]]:
    """Write down who of two was in which segment, and hand over what staff set by hand.

    Of a segment where both were set by hand, the kept customer's word stays.
    """
    rows = await session.scalars(
        sa.select(SegmentMember)
        .where(
            col(SegmentMember.restaurant_id) == kept.restaurant_id,
            col(SegmentMember.customer_id).in_([kept.id, merged.id]),
        )
        .order_by(
            col(SegmentMember.segment_id),
            col(SegmentMember.customer_id),
            col(SegmentMember.entered_at),
        )
    )
    found = list(rows)
    written = [row.model_dump(mode="json") for row in found]
    known_of = {
        row.segment_id: row for row in found if row.customer_id == kept.id and row.left_at is None
    }
    for row in found:
        if row.customer_id != merged.id or row.left_at is not None:
            continue
        row.left_at = now
        known = known_of.get(row.segment_id)
        if row.source == memberships.RULE or (known and known.source != memberships.RULE):
            continue
        if known is not None:
            known.left_at = now
            await session.flush()
        given: dict[str, Any] = row.model_dump() | {"customer_id": kept.id, "left_at": None}
        # Entered in the same moment there: the pin is the newer word.
        await session.merge(SegmentMember(**given))
    await session.flush()
    return written


async def memberships_after_unmerge(session: AsyncSession, *, entry: MergeEntry) -> None:
    """Put both back where they were; what staff set by hand since then stays with who has it."""
    theirs = sa.and_(
        col(SegmentMember.restaurant_id) == entry.restaurant_id,
        col(SegmentMember.customer_id).in_([entry.kept_customer_id, entry.merged_customer_id]),
    )
    by_hand_since = sa.and_(
        col(SegmentMember.source) != memberships.RULE,
        col(SegmentMember.entered_at) > entry.merged_at,
    )
    await session.execute(
        sa.delete(SegmentMember)
        .where(theirs, sa.not_(by_hand_since))
        .execution_options(synchronize_session=False)
    )
    left = await session.execute(
        sa.select(col(SegmentMember.segment_id), col(SegmentMember.customer_id)).where(
            theirs, col(SegmentMember.left_at).is_(None)
        )
    )
    stays = {(segment_id, customer_id) for segment_id, customer_id in left}
    # A merge from before segments were kept wrote none down.
    written = entry.moved.get("members", [])
    rows = [SegmentMember.model_validate(one).model_dump() for one in written]
    for row in rows:
        if row["left_at"] is None and (row["segment_id"], row["customer_id"]) in stays:
            row["left_at"] = entry.merged_at
    if rows:
        await session.execute(sa.insert(SegmentMember), rows)
