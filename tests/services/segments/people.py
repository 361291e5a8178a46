"""Guests with a past made by hand, for tests of profiles and segments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.menu import Dish
from models.restaurants import Restaurant
from models.segments import CustomerSegment, SegmentMember
from services.totals import totals
from tests import builders
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order

# Wednesday, 13 May 2026, a business day in Berlin.
TODAY = date(2026, 5, 13)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local hour of a summer day in Berlin, as UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=2)


async def guest(
    session: AsyncSession,
    restaurant: Restaurant,
    moments: Sequence[datetime],
    *,
    dishes: Sequence[Dish] = (),
    party_size: int | None = None,
    visit: dict[str, Any] | None = None,
    **columns: Any,
) -> UUID:
    """A customer with a visit at each moment, and in each an order of every dish."""
    customer = await builders.make_customer(
        session,
        restaurant=restaurant,
        first_seen_at=moments[0],
        last_seen_at=moments[-1],
        **columns,
    )
    for moment in moments:
        sitting = None
        if party_size is not None:
            table = await builders.make_table(session, restaurant=restaurant)
            sitting = await builders.make_sitting(
                session,
                restaurant=restaurant,
                table=table,
                party_size=party_size,
                opened_at=moment,
                released_at=moment + timedelta(hours=1),
            )
        row = await builders.make_visit(
            session,
            restaurant=restaurant,
            customer=customer,
            sitting=sitting,
            visited_at=moment,
            ended_at=moment + timedelta(hours=1),
            **(visit or {}),
        )
        for dish in dishes:
            await make_past_order(session, visit=row, dish=dish, placed_at=moment)
    await totals.recount(session, customer_id=customer.id, now=NOW)
    return customer.id


async def segments_of(session: AsyncSession, customer_id: UUID) -> set[str]:
    """The keys of the segments a customer is in now."""
    found = await session.scalars(
        sa.select(col(CustomerSegment.key))
        .join(SegmentMember, col(SegmentMember.segment_id) == col(CustomerSegment.id))
        .where(
            col(SegmentMember.customer_id) == customer_id,
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != "excluded",
        )
    )
    return {key for key in found if key}


async def customer_of(session: AsyncSession, customer_id: UUID) -> Customer:
    """The row as it is now."""
    return await session.get_one(Customer, customer_id, populate_existing=True)
