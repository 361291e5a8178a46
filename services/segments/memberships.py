"""Who is in which segment: one customer after a visit, everybody in a recompute.

Rows are never deleted: when somebody leaves, the row says when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from services.profiles.types import Settings
from services.restaurants.types import RestaurantInfo
from services.segments import criteria as rules
from services.segments.types import Asking, Condition, Criteria, Is

RULE, EXCLUDED = "rule", "excluded"


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment's criteria, read."""

    segment_id: UUID
    criteria: Criteria
    condition: Condition
    # It was not counted with this rule yet: whom the count finds has been in it all along.
    is_first_count: bool


async def asking_of(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    now: datetime,
    settings: Settings | None = None,
) -> Asking:
    """What every condition of a restaurant is asked with at a moment."""
    if settings is None:
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
    return read_rules(await rows_of(session, asking=asking), asking=asking)


async def rows_of(session: AsyncSession, *, asking: Asking) -> list[tuple[UUID, Any, bool]]:
    """Id and criteria of every active segment, and whether it was not counted yet."""
    rows = await session.execute(
        sa.select(
            col(CustomerSegment.id),
            col(CustomerSegment.criteria),
            col(CustomerSegment.last_calculated_at).is_(None),
        )
        .where(
            col(CustomerSegment.restaurant_id) == asking.restaurant.id,
            col(CustomerSegment.is_active),
        )
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]


def read_rules(rows: Sequence[tuple[UUID, Any, bool]], *, asking: Asking) -> list[Rule]:
    """Those of these segments whose criteria can be asked now."""
    found: list[Rule] = []
    for segment_id, given, is_first_count in rows:
        try:
            tree = rules.parse(given)
            condition = rules.where(tree, asking=asking)
        except InvalidInputError:
            # Written by an older version: nobody is in it until the owner mends it.
            continue
        if _can_be_asked(tree, asking):
            found.append(Rule(segment_id, tree, condition, is_first_count=is_first_count))
    return found


async def update_segment(session: AsyncSession, *, rule: Rule, asking: Asking) -> int:
    """Let everybody enter and leave one segment; returns how many are in it.

    Args:
        session: open transaction; flushed, not committed.
        rule: the segment.
        asking: of its restaurant.
    """
    restaurant_id = asking.restaurant.id
    await end_by_hand(
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
    names = ["segment_id", "restaurant_id", "entered_at", "source", "is_first_count", "why"]
    values: list[Any] = [rule.segment_id, restaurant_id, asking.now, RULE, rule.is_first_count, {}]
    statement = insert(session, SegmentMember).from_select(
        ["customer_id", *names],
        meets.add_columns(
            *(
                sa.literal(value, columns[name].type)
                for name, value in zip(names, values, strict=True)
            )
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
    await note_count(session, rule=rule, asking=asking, count=count or 0)
    return count or 0


async def note_count(session: AsyncSession, *, rule: Rule, asking: Asking, count: int) -> None:
    """Write down how many are in a segment, and that it was counted."""
    await session.execute(
        sa.update(CustomerSegment)
        .where(
            col(CustomerSegment.restaurant_id) == asking.restaurant.id,
            col(CustomerSegment.id) == rule.segment_id,
        )
        .values(customer_count=count, last_calculated_at=asking.now)
        .execution_options(synchronize_session=False)
    )


def _can_be_asked(tree: Criteria, asking: Asking) -> bool:
    ranked = {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}
    return all(
        leaf.field in asking.borders for leaf in rules.leaves(tree) if leaf.comparison in ranked
    )


def answers_of(known: Sequence[Rule]) -> list[Condition]:
    """Each rule as a column of a query on profiles: what is unknown does not hold."""
    return [sa.func.coalesce(rule.condition, sa.false()) for rule in known]


async def end_by_hand(
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
