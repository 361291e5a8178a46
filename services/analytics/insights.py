"""Insights as people read them: of the last 30 days, ranked, each read or not by whoever looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.insights import CustomerInsight, InsightRead
from services.accounts.types import Actor
from services.analytics.insight_rules import NightKind, Subject
from services.base.upserts import insert

SHOWN_DAYS = 30
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class NightInsight:
    """One insight.

    Attributes:
        id: of its row.
        kind: what it says.
        subject: what it is about.
        subject_key: of what; a dish's id, ...
        customer_id: of a guest.
        alias: what the guest is called.
        data: the numbers behind it.
        confidence: 0 to 1.
        generated_on: the business day it was found on.
        is_read: by whoever asks.
    """

    id: UUID
    kind: NightKind
    subject: Subject
    subject_key: str
    customer_id: UUID | None
    alias: str
    data: Mapping[str, Any]
    confidence: float
    generated_on: date
    is_read: bool


async def load_insights(
    session: AsyncSession, *, by: Actor, now: datetime, customer_id: UUID | None = None
) -> list[NightInsight]:
    """Insights of the last 30 days, unread ones first, then the weightiest.

    Guests who were merged or forgotten since have none.

    Args:
        session: open session.
        by: who reads; decides the restaurant and what counts as read.
        now: aware UTC.
        customer_id: only those about one guest.
    """
    read = col(InsightRead.read_at).is_not(None)
    statement = (
        sa.select(CustomerInsight, col(Customer.alias), read)
        .outerjoin(Customer, col(Customer.id) == col(CustomerInsight.customer_id))
        .outerjoin(
            InsightRead,
            sa.and_(
                col(InsightRead.insight_id) == col(CustomerInsight.id),
                col(InsightRead.user_id) == by.user_id,
            ),
        )
        .where(
            col(CustomerInsight.restaurant_id) == by.restaurant_id,
            col(CustomerInsight.generated_at) > now - timedelta(days=SHOWN_DAYS),
            sa.or_(
                col(CustomerInsight.customer_id).is_(None),
                sa.and_(col(Customer.merged_into_id).is_(None), col(Customer.erased_at).is_(None)),
            ),
        )
        .order_by(
            read,
            col(CustomerInsight.weight).desc(),
            col(CustomerInsight.generated_at).desc(),
            col(CustomerInsight.id),
        )
        .limit(MOST_SHOWN)
    )
    if customer_id is not None:
        statement = statement.where(col(CustomerInsight.customer_id) == customer_id)
    return [
        NightInsight(
            id=row.id,
            kind=NightKind(row.insight_type),
            subject=Subject(row.subject),
            subject_key=row.subject_key,
            customer_id=row.customer_id,
            alias=alias or "",
            data=row.insight_data,
            confidence=row.confidence_score,
            generated_on=row.generated_on,
            is_read=bool(is_read),
        )
        for row, alias, is_read in await session.execute(statement)
    ]


async def mark(
    session: AsyncSession, *, by: Actor, insight_id: UUID | None, is_read: bool, now: datetime
) -> None:
    """Note that somebody has read one insight, or all of them (None); or take it back.

    An insight of another restaurant is not there: nothing happens.
    """
    mine = sa.select(col(CustomerInsight.id)).where(
        col(CustomerInsight.restaurant_id) == by.restaurant_id
    )
    if insight_id is not None:
        mine = mine.where(col(CustomerInsight.id) == insight_id)
    if not is_read:
        await session.execute(
            sa.delete(InsightRead).where(
                col(InsightRead.restaurant_id) == by.restaurant_id,
                col(InsightRead.user_id) == by.user_id,
                col(InsightRead.insight_id).in_(mine),
            )
        )
        return
    rows = [
        {
            "insight_id": one,
            "user_id": by.user_id,
            "restaurant_id": by.restaurant_id,
            "read_at": now,
        }
        for one in await session.scalars(mine)
    ]
    if rows:
        await session.execute(insert(session, InsightRead).on_conflict_do_nothing(), rows)
