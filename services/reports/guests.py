"""Numbers of all known guests, read from their profiles and the night's predictions."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CustomerStatus
from models.predictions import CustomerPrediction
from models.profiles import CustomerProfile
from models.sales import SalesDay
from services.profiles.keeping import STATUS_RANKS
from services.reports.day_types import DayCount

# Who will be forgotten soonest comes first.
_ORDERS = {
    "top": (col(CustomerProfile.total_spent_minor).desc(), col(CustomerProfile.customer_id)),
    "at_risk": (col(CustomerProfile.total_spent_minor).desc(), col(CustomerProfile.customer_id)),
    "new": (col(CustomerProfile.first_seen_at).desc(), col(CustomerProfile.customer_id)),
}


@dataclass(frozen=True, slots=True)
class Everybody:
    """All known guests at the end of a day.

    Attributes:
        count: in the guest list.
        spent_minor: net spend of all their visits.
    """

    count: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class KnownGuest:
    """A line of a list of guests."""

    customer_id: UUID
    alias: str
    status: str
    total_visits: int
    total_spent_minor: int
    average_order_minor: int
    last_visit_day: date | None


async def everybody(session: AsyncSession, *, restaurant_id: UUID) -> Everybody:
    """The guest list as it is now."""
    count, spent = (
        await session.execute(
            sa.select(
                sa.func.count(), sa.func.coalesce(sa.func.sum(CustomerProfile.total_spent_minor), 0)
            ).where(col(CustomerProfile.restaurant_id) == restaurant_id)
        )
    ).one()
    return Everybody(count, int(spent))


async def everybody_on(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    now: Everybody,
    day: date,
    today: date,
    live: DayCount | None,
) -> Everybody:
    """The guest list at the end of a day: today's, without whoever came and was spent since.

    Args:
        session: open transaction.
        restaurant_id: whose.
        now: as it is now.
        day: which day.
        today: the business day that is not over.
        live: what has happened today.
    """
    if day >= today:
        return now
    new, spent = (
        await session.execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(SalesDay.new_count), 0),
                sa.func.coalesce(sa.func.sum(SalesDay.known_revenue_minor), 0),
            ).where(
                col(SalesDay.restaurant_id) == restaurant_id,
                col(SalesDay.business_day) > day,
                col(SalesDay.business_day) < today,
            )
        )
    ).one()
    if live is not None:
        new += live.totals.new_count
        spent += live.totals.known_revenue_minor
    return Everybody(max(0, now.count - int(new)), now.spent_minor - int(spent))


async def expected_value(session: AsyncSession, *, restaurant_id: UUID) -> float | None:
    """Expected spend of the next 12 months, the mean of all guests; None while nobody can tell."""
    own = col(CustomerPrediction.restaurant_id) == restaurant_id
    # All rows of a night are of one fit: it has learnt from enough guests, or none of them counts.
    if not await session.scalar(sa.select(col(CustomerPrediction.is_enough)).where(own).limit(1)):
        return None
    # By an index alone.
    count, total = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.sum(CustomerPrediction.value_minor)).where(own)
        )
    ).one()
    return int(total) / count


async def list_guests(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    order: str,
    limit: int,
    first_day: date | None = None,
) -> list[KnownGuest]:
    """Some guests.

    Args:
        session: open transaction.
        restaurant_id: whose.
        order: "top" (net spend), "at_risk" (those at risk, by net spend) or "new" (newest first).
        limit: how many.
        first_day: only those whose first visit was on this day or later.
    """
    query = sa.select(
        col(CustomerProfile.customer_id),
        col(CustomerProfile.alias),
        col(CustomerProfile.status),
        col(CustomerProfile.total_visits),
        col(CustomerProfile.total_spent_minor),
        col(CustomerProfile.average_order_minor),
        col(CustomerProfile.last_visit_day),
    ).where(col(CustomerProfile.restaurant_id) == restaurant_id)
    if order == "at_risk":
        query = query.where(col(CustomerProfile.status) == CustomerStatus.AT_RISK)
    if first_day is not None:
        query = query.where(col(CustomerProfile.first_visit_day) >= first_day)
    rows = await session.execute(query.order_by(*_ORDERS[order]).limit(limit))
    return [KnownGuest(*row) for row in rows]


async def by_steps(
    session: AsyncSession, *, restaurant_id: UUID, fact: str, edges: tuple[int, ...]
) -> list[int]:
    """How many guests have a fact at or above each edge and below the next one.

    Args:
        session: open transaction.
        restaurant_id: whose.
        fact: "visit_days" or "total_spent_minor".
        edges: rising.
    """
    column = {
        "visit_days": col(CustomerProfile.visit_days),
        "total_spent_minor": col(CustomerProfile.total_spent_minor),
    }[fact]
    step = sa.case(
        *((column < edge, index) for index, edge in enumerate(edges)), else_=len(edges)
    ).label("step")
    rows = await session.execute(
        sa.select(step, sa.func.count())
        .where(col(CustomerProfile.restaurant_id) == restaurant_id)
        .group_by("step")
    )
    counts = {row[0]: row[1] for row in rows}
    return [counts.get(index, 0) for index in range(1, len(edges) + 1)]


async def by_status(session: AsyncSession, *, restaurant_id: UUID) -> dict[str, int]:
    """Guests by their badge."""
    # By its rank, which the list's index holds.
    rows = await session.execute(
        sa.select(col(CustomerProfile.status_rank), sa.func.count())
        .where(col(CustomerProfile.restaurant_id) == restaurant_id)
        .group_by(col(CustomerProfile.status_rank))
    )
    counts = {row[0]: row[1] for row in rows}
    return {status.value: counts[rank] for status, rank in STATUS_RANKS.items() if counts.get(rank)}


async def count_at_risk(session: AsyncSession, *, restaurant_id: UUID) -> int:
    """Guests with the badge "at risk": their part of the same index."""
    found = await session.scalar(
        sa.select(sa.func.count()).where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            col(CustomerProfile.status_rank) == STATUS_RANKS[CustomerStatus.AT_RISK],
        )
    )
    return found or 0
