"""Who is in which segment: one customer after a visit, everybody in a recompute.

Rows are never deleted: when somebody leaves, the row says when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from models.segments import CustomerSegment, SegmentMember
from services.base.clock import business_day
from services.base.errors import InvalidInputError
from services.base.upserts import insert
from services.profiles import reading
from services.restaurants.types import RestaurantInfo
from services.segments import criteria as rules
from services.segments.facts import facts_behind
from services.segments.types import Asking, Condition, Criteria, Is

RULE, PINNED, EXCLUDED = "rule", "pinned", "excluded"


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment's criteria, read."""

    segment_id: UUID
    criteria: Criteria
    condition: Condition


async def asking_of(session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime) -> Asking:
    """What every condition of a restaurant is asked with at a moment."""
    settings = await reading.settings_of(session, restaurant_id=restaurant.id)
    return Asking(
        restaurant=restaurant,
        now=now,
        today=business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff),
        borders=settings.borders or {},
    )


async def rules_of(session: AsyncSession, *, asking: Asking) -> list[Rule]:
    """The active segments whose criteria can be asked now.

    Ranks wait for the first recompute: without borders everybody would be among the lowest.
    """
    rows = await session.execute(
        sa.select(col(CustomerSegment.id), col(CustomerSegment.criteria))
        .where(
            col(CustomerSegment.restaurant_id) == asking.restaurant.id,
            col(CustomerSegment.is_active),
        )
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    found: list[Rule] = []
    for segment_id, given in rows.all():
        try:
            tree = rules.parse(given)
            condition = rules.where(tree, asking=asking)
        except InvalidInputError:
            # Written by an older version: nobody is in it until the owner mends it.
            continue
        if _can_be_asked(tree, asking):
            found.append(Rule(segment_id, tree, condition))
    return found


async def update_customer(
    session: AsyncSession, *, restaurant: RestaurantInfo, customer_id: UUID, now: datetime
) -> None:
    """Let one customer enter and leave segments, after their profile was brought up to date.

    Args:
        session: open transaction; flushed, not committed. The caller holds the customer's row.
        restaurant: whose customer.
        customer_id: who; without a profile they leave every segment.
        now: aware UTC.
    """
    asking = replace(
        await asking_of(session, restaurant=restaurant, now=now), customer_id=customer_id
    )
    known = await rules_of(session, asking=asking)
    if not known:
        return
    met, profile = await _met(session, known, asking)
    await _end_by_hand(session, restaurant_id=restaurant.id, now=now, customer_id=customer_id)
    is_open = (col(SegmentMember.customer_id) == customer_id, col(SegmentMember.left_at).is_(None))
    rows = await session.execute(
        sa.select(col(SegmentMember.segment_id), col(SegmentMember.source)).where(
            col(SegmentMember.restaurant_id) == restaurant.id, *is_open
        )
    )
    sources = dict(rows.all())
    left = [
        rule.segment_id
        for rule in known
        if rule.segment_id not in met and sources.get(rule.segment_id) == RULE
    ]
    if left:
        await session.execute(
            sa.update(SegmentMember)
            .where(
                col(SegmentMember.restaurant_id) == restaurant.id,
                *is_open,
                col(SegmentMember.segment_id).in_(left),
            )
            .values(left_at=now)
            .execution_options(synchronize_session=False)
        )
    await _enter(
        session,
        [
            {
                "segment_id": rule.segment_id,
                "customer_id": customer_id,
                "entered_at": now,
                "restaurant_id": restaurant.id,
                "left_at": None,
                "source": RULE,
                "why": facts_behind(rule.criteria, profile),
            }
            for rule in known
            if rule.segment_id in met and rule.segment_id not in sources
        ],
    )


async def update_segment(session: AsyncSession, *, rule: Rule, asking: Asking) -> int:
    """Let everybody enter and leave one segment; returns how many are in it.

    Args:
        session: open transaction; flushed, not committed.
        rule: the segment.
        asking: of its restaurant.
    """
    restaurant_id = asking.restaurant.id
    await _end_by_hand(
        session, restaurant_id=restaurant_id, now=asking.now, segment_id=rule.segment_id
    )
    meets = sa.select(col(CustomerProfile.customer_id)).where(
        col(CustomerProfile.restaurant_id) == restaurant_id,
        rule.condition,
    )
    is_open = sa.and_(
        col(SegmentMember.restaurant_id) == restaurant_id,
        col(SegmentMember.segment_id) == rule.segment_id,
        col(SegmentMember.left_at).is_(None),
    )
    await session.execute(
        sa.update(SegmentMember)
        .where(
            is_open,
            col(SegmentMember.source) == RULE,
            col(SegmentMember.customer_id).not_in(meets),
        )
        .values(left_at=asking.now)
        .execution_options(synchronize_session=False)
    )
    members = sa.select(col(SegmentMember.customer_id)).where(is_open)
    columns = sa.inspect(SegmentMember).columns
    statement = insert(session, SegmentMember).from_select(
        ["customer_id", "segment_id", "restaurant_id", "entered_at", "source", "why"],
        meets.add_columns(
            sa.literal(rule.segment_id, columns["segment_id"].type),
            sa.literal(restaurant_id, columns["restaurant_id"].type),
            sa.literal(asking.now, columns["entered_at"].type),
            sa.literal(RULE),
            sa.literal({}, columns["why"].type),
        ).where(col(CustomerProfile.customer_id).not_in(members)),
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["segment_id", "customer_id", "entered_at"], set_={"left_at": None}
        )
    )
    count = await session.scalar(
        sa.select(sa.func.count())
        .select_from(SegmentMember)
        .where(is_open, col(SegmentMember.source) != EXCLUDED)
    )
    await session.execute(
        sa.update(CustomerSegment)
        .where(
            col(CustomerSegment.restaurant_id) == restaurant_id,
            col(CustomerSegment.id) == rule.segment_id,
        )
        .values(customer_count=count or 0, last_calculated_at=asking.now)
        .execution_options(synchronize_session=False)
    )
    return count or 0


def _can_be_asked(tree: Criteria, asking: Asking) -> bool:
    ranked = {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}
    return all(
        leaf.field in asking.borders for leaf in rules.leaves(tree) if leaf.comparison in ranked
    )


async def _met(
    session: AsyncSession, known: Sequence[Rule], asking: Asking
) -> tuple[set[UUID], Mapping[str, Any]]:
    """Which segments a customer belongs to by their rules, and the profile they were read from."""
    conditions: list[Condition] = [sa.func.coalesce(rule.condition, sa.false()) for rule in known]
    row = (
        await session.execute(
            sa.select(sa.inspect(CustomerProfile).local_table, *conditions).where(
                col(CustomerProfile.restaurant_id) == asking.restaurant.id,
                col(CustomerProfile.customer_id) == asking.customer_id,
            )
        )
    ).first()
    if row is None:
        return set(), {}
    columns = sa.inspect(CustomerProfile).local_table.columns.keys()
    answers = row[len(columns) :]
    met = {rule.segment_id for rule, answer in zip(known, answers, strict=True) if answer}
    return met, dict(zip(columns, row, strict=False))


async def _enter(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = insert(session, SegmentMember).values(rows)
        # Left and entered in one moment: the same row, open again.
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["segment_id", "customer_id", "entered_at"], set_={"left_at": None}
            )
        )


async def _end_by_hand(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    now: datetime,
    customer_id: UUID | None = None,
    segment_id: UUID | None = None,
) -> None:
    """Pins and exclusions whose time is over end when they said they would."""
    which = [col(SegmentMember.restaurant_id) == restaurant_id]
    if customer_id is not None:
        which.append(col(SegmentMember.customer_id) == customer_id)
    if segment_id is not None:
        which.append(col(SegmentMember.segment_id) == segment_id)
    await session.execute(
        sa.update(SegmentMember)
        .where(*which, col(SegmentMember.left_at).is_(None), col(SegmentMember.until_at) <= now)
        .values(left_at=col(SegmentMember.until_at))
        .execution_options(synchronize_session=False)
    )
