"""One customer enters and leaves segments, after every visit and every change of what is known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from models.segments import SegmentMember
from services.base.upserts import insert
from services.profiles.types import Settings
from services.restaurants.types import RestaurantInfo
from services.segments import memberships
from services.segments.facts import facts_behind
from services.segments.memberships import RULE
from services.segments.questions import CUSTOMER, Question, question_of


async def update_customer(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    now: datetime,
    settings: Settings | None = None,
) -> None:
    """Let one customer enter and leave segments, after their profile was brought up to date.

    Args:
        session: open transaction; flushed, not committed. The caller holds the customer's row.
        restaurant: whose customer.
        customer_id: who; without a profile they leave every segment.
        now: aware UTC.
        settings: the restaurant's, where the caller has just read them.
    """
    asking = await memberships.asking_of(session, restaurant=restaurant, now=now, settings=settings)
    question = await question_of(session, asking=asking)
    known = question.known
    if not known:
        return
    met, profile = await _met(session, question, customer_id)
    is_open = (col(SegmentMember.customer_id) == customer_id, col(SegmentMember.left_at).is_(None))
    rows = await session.execute(
        sa.select(
            col(SegmentMember.segment_id), col(SegmentMember.source), col(SegmentMember.until_at)
        ).where(col(SegmentMember.restaurant_id) == restaurant.id, *is_open)
    )
    sources: dict[UUID, str] = {}
    is_over = False
    for segment_id, source, until_at in rows:
        if until_at is not None and until_at <= now:
            is_over = True
        else:
            sources[segment_id] = source
    if is_over:
        await memberships.end_by_hand(
            session, restaurant_id=restaurant.id, now=now, customer_id=customer_id
        )
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
                "is_first_count": False,
                "source": RULE,
                "why": facts_behind(rule.criteria, profile),
            }
            for rule in known
            if rule.segment_id in met and rule.segment_id not in sources
        ],
    )


async def _met(
    session: AsyncSession, question: Question, customer_id: UUID
) -> tuple[set[UUID], Mapping[str, Any]]:
    """Which segments a customer belongs to by their rules, and the profile they were read from."""
    row = (await session.execute(question.statement, {CUSTOMER: customer_id})).first()
    if row is None:
        return set(), {}
    columns = sa.inspect(CustomerProfile).local_table.columns.keys()
    answers = row[len(columns) :]
    met = {rule.segment_id for rule, answer in zip(question.known, answers, strict=True) if answer}
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
