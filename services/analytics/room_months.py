"""Whole months of a table added up from its days: a year is twelve rows in place of 365."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.rollups import TableDay, TableMonth
from services.analytics.room_types import Period

# What is added up as it is; `turn_minutes` and `party_sizes` are strung together.
SUMS = (
    "sitting_count",
    "forgotten_count",
    "order_count",
    "revenue_minor",
    "occupied_seconds",
    "guest_seconds",
    "rating_count",
    "rating_stars",
)
WORDS = ("turn_minutes", "party_sizes")


async def add_up(session: AsyncSession, *, restaurant_id: UUID, day: date) -> None:
    """Add a month up anew from its days, in the transaction that stored one of them.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose.
        day: any day of the month.
    """
    month = day.replace(day=1)
    await session.execute(
        sa.delete(TableMonth).where(
            col(TableMonth.restaurant_id) == restaurant_id, col(TableMonth.month) == month
        )
    )
    made = (
        sa.select(
            sa.literal(restaurant_id, sa.Uuid()),
            sa.literal(month, sa.Date()),
            col(TableDay.table_id),
            sa.func.min(col(TableDay.business_day)),
            sa.func.max(col(TableDay.business_day)),
            *(sa.func.sum(getattr(TableDay, name)) for name in SUMS),
            *(sa.func.aggregate_strings(getattr(TableDay, name), " ") for name in WORDS),
        )
        .where(
            col(TableDay.restaurant_id) == restaurant_id,
            col(TableDay.business_day).between(month, last_of(month)),
        )
        .group_by(col(TableDay.table_id))
    )
    names = ["restaurant_id", "month", "table_id", "first_day", "last_day", *SUMS, *WORDS]
    await session.execute(sa.insert(TableMonth).from_select(names, made))


def cut(period: Period) -> tuple[Sequence[date], Sequence[Period]]:
    """The whole months of a period by their first days, and what is left of it at both ends."""
    months: list[date] = []
    ends: list[Period] = []
    day = period.first_day
    while day <= period.last_day:
        last = last_of(day)
        if day.day == 1 and last <= period.last_day:
            months.append(day)
        else:
            ends.append(Period(day, min(last, period.last_day)))
        day = last + timedelta(days=1)
    return months, ends


def last_of(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
