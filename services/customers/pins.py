"""Many customers put into a segment by hand at once, and taken out again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.segments import CustomerSegment, SegmentMember
from services.base.upserts import insert

PINNED, EXCLUDED = "pinned", "excluded"
# Rows of one statement: far below what either database takes as parameters.
CHUNK = 1000


async def pin_many(
    session: AsyncSession,
    *,
    segment_id: UUID,
    restaurant_id: UUID,
    customer_ids: Sequence[UUID],
    until_at: datetime | None,
    by_user_id: UUID,
    now: datetime,
) -> list[UUID]:
    """Pin customers who are not pinned; memberships by rule and exclusions end with it.

    Returns:
        Whom it changed.
    """
    changed: list[UUID] = []
    for chunk in _chunks(customer_ids):
        mine = (
            col(SegmentMember.segment_id) == segment_id,
            col(SegmentMember.customer_id).in_(chunk),
            col(SegmentMember.left_at).is_(None),
        )
        pinned = set(
            await session.scalars(
                sa.select(col(SegmentMember.customer_id)).where(
                    *mine, col(SegmentMember.source) == PINNED
                )
            )
        )
        fresh = [one for one in chunk if one not in pinned]
        await session.execute(
            sa.update(SegmentMember)
            .where(*mine, col(SegmentMember.source) != PINNED)
            .values(left_at=now)
        )
        if fresh:
            await session.execute(
                insert(session, SegmentMember).on_conflict_do_nothing(),
                [
                    {
                        "segment_id": segment_id,
                        "customer_id": one,
                        "entered_at": now,
                        "restaurant_id": restaurant_id,
                        "source": PINNED,
                        "until_at": until_at,
                        "by_user_id": by_user_id,
                        "why": {},
                    }
                    for one in fresh
                ],
            )
        changed += fresh
    await _recount(session, segment_id)
    return changed


async def unpin_many(
    session: AsyncSession,
    *,
    segment_id: UUID,
    restaurant_id: UUID,
    by_user_id: UUID | None,
    pinned_at: datetime,
) -> int:
    """Undo `pin_many` of one moment: whoever was unpinned or excluded since is left alone.

    Returns:
        How many it changed.
    """
    pinned = (
        col(SegmentMember.restaurant_id) == restaurant_id,
        col(SegmentMember.segment_id) == segment_id,
        col(SegmentMember.entered_at) == pinned_at,
        col(SegmentMember.source) == PINNED,
        col(SegmentMember.by_user_id) == by_user_id,
        col(SegmentMember.left_at).is_(None),
    )
    customer_ids = list(
        await session.scalars(sa.select(col(SegmentMember.customer_id)).where(*pinned))
    )
    await session.execute(sa.delete(SegmentMember).where(*pinned))
    for chunk in _chunks(customer_ids):
        await session.execute(
            sa.update(SegmentMember)
            .where(
                col(SegmentMember.restaurant_id) == restaurant_id,
                col(SegmentMember.segment_id) == segment_id,
                col(SegmentMember.customer_id).in_(chunk),
                col(SegmentMember.left_at) == pinned_at,
            )
            .values(left_at=None)
        )
    await _recount(session, segment_id)
    return len(customer_ids)


async def _recount(session: AsyncSession, segment_id: UUID) -> None:
    counted = (
        sa.select(sa.func.count())
        .select_from(SegmentMember)
        .where(
            col(SegmentMember.segment_id) == segment_id,
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != EXCLUDED,
        )
        .scalar_subquery()
    )
    await session.execute(
        sa.update(CustomerSegment)
        .where(col(CustomerSegment.id) == segment_id)
        .values(customer_count=counted)
    )


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
