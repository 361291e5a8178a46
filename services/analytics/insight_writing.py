"""Reads what rules look at, and keeps what they say: ranked, once, not again for 30 days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.insights import CustomerInsight, InsightRead
from models.predictions import CustomerPrediction
from models.profiles import CustomerProfile
from services.analytics import results, room_queries
from services.analytics.insight_rules import (
    MOST_A_WEEK,
    Found,
    GuestFacts,
    NightFacts,
    NightKind,
    insights,
)
from services.analytics.results import Kind
from services.analytics.room_advice import advise
from services.analytics.room_types import Period
from services.restaurants.types import RestaurantInfo

# Rules look at the guests of whom most is expected; the others stand in their segments.
MOST_GUESTS = 300
ROOM_DAYS = 28
NOT_AGAIN_DAYS = 30
KEPT_DAYS = 120


async def read_facts(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    daily_orders: Sequence[float | None],
    today: date,
    now: datetime,
) -> NightFacts:
    """Everything the rules look at, from the rows that the night has written before."""
    known = await results.load(
        session,
        restaurant_id=restaurant.id,
        kinds=[Kind.MENU, Kind.BASKETS, Kind.DEMAND],
    )
    menu, baskets, demand = (known.get(kind) for kind in (Kind.MENU, Kind.BASKETS, Kind.DEMAND))
    period = Period(today - timedelta(days=ROOM_DAYS), today - timedelta(days=1))
    report = await room_queries.load_report(session, restaurant=restaurant, period=period, now=now)
    return NightFacts(
        today=today,
        guests=await _guests(session, restaurant.id, today),
        menu=menu.result["dishes"] if menu else (),
        rules=baskets.result["rules"] if baskets and baskets.is_enough else (),
        demand=demand.result["metrics"]["orders"]["days"] if demand and demand.is_enough else (),
        daily_orders=daily_orders,
        room=advise(report),
    )


async def _guests(
    session: AsyncSession, restaurant_id: UUID, today: date
) -> tuple[GuestFacts, ...]:
    seen, profile = CustomerPrediction, CustomerProfile
    rows: Any = await session.execute(
        sa.select(
            col(seen.customer_id),
            col(seen.visit_days),
            col(seen.last_visit_day),
            col(seen.value_minor),
            col(seen.visit_within_7),
            col(seen.visit_within_30),
            col(seen.at_risk_on),
            col(seen.lost_on),
            col(profile.total_orders),
            col(profile.spend_trend_ratio),
        )
        .join(Customer, col(Customer.id) == col(seen.customer_id))
        .outerjoin(profile, col(profile.customer_id) == col(seen.customer_id))
        .where(
            col(seen.restaurant_id) == restaurant_id,
            col(seen.is_enough),
            col(Customer.merged_into_id).is_(None),
            col(Customer.erased_at).is_(None),
        )
        .order_by(col(seen.value_minor).desc(), col(seen.customer_id))
        .limit(MOST_GUESTS)
    )
    return tuple(
        GuestFacts(
            customer_id=row[0],
            visit_days=row[1],
            last_day=row[2],
            value_minor=row[3],
            within_7=row[4],
            within_30=row[5],
            is_at_risk=bool(row[6] and row[6] <= today and not (row[7] and row[7] <= today)),
            orders=row[8] or 0,
            spend_trend_ratio=row[9],
        )
        for row in rows
    )


async def write(
    session: AsyncSession, *, restaurant_id: UUID, facts: NightFacts, now: datetime
) -> int:
    """Keep what is new, and delete what is old; flushed, not committed. Twice a night is once.

    Returns:
        How many were new.
    """
    await _delete_old(session, restaurant_id, before=facts.today - timedelta(days=KEPT_DAYS))
    said = (
        await session.execute(
            sa.select(
                col(CustomerInsight.insight_type),
                col(CustomerInsight.subject_key),
                col(CustomerInsight.generated_on),
            ).where(
                col(CustomerInsight.restaurant_id) == restaurant_id,
                col(CustomerInsight.generated_on) > facts.today - timedelta(days=NOT_AGAIN_DAYS),
            )
        )
    ).all()
    week = facts.today - timedelta(days=7)
    lately = Counter(NightKind(kind) for kind, _, day in said if day > week)
    known = {(kind, key) for kind, key, _ in said}
    new = 0
    for one in insights(facts):
        if (one.kind, one.key) in known or lately[one.kind] >= MOST_A_WEEK.get(one.kind, 2):
            continue
        known.add((one.kind, one.key))
        lately[one.kind] += 1
        session.add(_row(one, restaurant_id=restaurant_id, today=facts.today, now=now))
        new += 1
    await session.flush()
    return new


def _row(one: Found, *, restaurant_id: UUID, today: date, now: datetime) -> CustomerInsight:
    return CustomerInsight(
        id=new_id(),
        created_at=now,
        restaurant_id=restaurant_id,
        customer_id=one.customer_id,
        subject=one.subject,
        subject_key=one.key,
        insight_type=one.kind,
        insight_data=dict(one.data),
        confidence_score=one.confidence,
        weight=one.weight,
        generated_on=today,
        generated_at=now,
    )


async def _delete_old(session: AsyncSession, restaurant_id: UUID, *, before: date) -> None:
    old = sa.select(col(CustomerInsight.id)).where(
        col(CustomerInsight.restaurant_id) == restaurant_id,
        col(CustomerInsight.generated_on) < before,
    )
    await session.execute(
        sa.delete(InsightRead).where(
            col(InsightRead.restaurant_id) == restaurant_id, col(InsightRead.insight_id).in_(old)
        )
    )
    await session.execute(
        sa.delete(CustomerInsight).where(
            col(CustomerInsight.restaurant_id) == restaurant_id,
            col(CustomerInsight.generated_on) < before,
        )
    )
