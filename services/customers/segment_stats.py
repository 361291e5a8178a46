"""What segments are worth: how many, how they grow, what members spend and whether they return."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.profiles import CustomerProfile
from models.segments import CustomerSegment, SegmentMember
from services.base.clock import to_local
from services.restaurants.types import RestaurantInfo

TREND_DAYS = 30
CHART_WEEKS = 26
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """One segment and how many are in it, now and 30 days ago."""

    segment: CustomerSegment
    count: int
    count_before: int


@dataclass(frozen=True, slots=True)
class Performance:
    """What members have done so far: net spend, visits, who came on two days or more."""

    revenue_minor: int
    visit_count: int
    order_count: int
    member_count: int
    returned_count: int

    @property
    def return_ratio(self) -> float | None:
        """Share of members who came on two days or more; None without members."""
        return self.returned_count / self.member_count if self.member_count else None


@dataclass(frozen=True, slots=True)
class Flow:
    """Entries and exits of a segment in one week, which begins on a Monday."""

    week: date
    entered: int
    left: int


async def list_counts(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime, archived: bool = False
) -> list[SegmentCount]:
    """The segments of a restaurant in their order, with their counts."""
    segments = list(
        await session.scalars(
            sa.select(CustomerSegment)
            .where(
                col(CustomerSegment.restaurant_id) == restaurant_id,
                col(CustomerSegment.is_active).is_(not archived),
            )
            .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
        )
    )
    counts = await _counted(session, restaurant_id=restaurant_id, at=now)
    before = await _counted(session, restaurant_id=restaurant_id, at=now - timedelta(TREND_DAYS))
    return [SegmentCount(one, counts.get(one.id, 0), before.get(one.id, 0)) for one in segments]


async def performance(
    session: AsyncSession, *, restaurant_id: UUID, segment_id: UUID | None = None
) -> dict[UUID, Performance]:
    """What members of each segment, or of one, have done, by segment.

    Reads the members' profiles: the same numbers as the list's.
    """
    conditions = [*_open(restaurant_id)]
    if segment_id is not None:
        conditions.append(col(SegmentMember.segment_id) == segment_id)
    returned = sa.case((col(CustomerProfile.visit_days) > 1, 1), else_=0)
    rows = await session.execute(
        sa.select(
            col(SegmentMember.segment_id),
            sa.func.sum(col(CustomerProfile.total_spent_minor)),
            sa.func.sum(col(CustomerProfile.total_visits)),
            sa.func.sum(col(CustomerProfile.total_orders)),
            sa.func.count(),
            sa.func.sum(returned),
        )
        .join(CustomerProfile, col(CustomerProfile.customer_id) == col(SegmentMember.customer_id))
        .where(*conditions)
        .group_by(col(SegmentMember.segment_id))
    )
    return {
        found: Performance(int(spent), int(visits), int(orders), members, int(back))
        for found, spent, visits, orders, members, back in rows
    }


async def flows(
    session: AsyncSession, *, restaurant: RestaurantInfo, segment_id: UUID, now: datetime
) -> list[Flow]:
    """Entries and exits of half a year, week by week; exclusions are neither."""
    today = to_local(now, restaurant.time_zone).date()
    first = today - timedelta(days=today.weekday() + 7 * (CHART_WEEKS - 1))
    since = now - timedelta(weeks=CHART_WEEKS)
    rows = await session.execute(
        sa.select(
            # Whom the first count found had not come in then.
            sa.case((col(SegmentMember.is_first_count), None), else_=col(SegmentMember.entered_at)),
            col(SegmentMember.left_at),
        ).where(
            col(SegmentMember.restaurant_id) == restaurant.id,
            col(SegmentMember.segment_id) == segment_id,
            col(SegmentMember.source) != EXCLUDED,
            sa.or_(col(SegmentMember.entered_at) >= since, col(SegmentMember.left_at) >= since),
        )
    )
    entered, left = [0] * CHART_WEEKS, [0] * CHART_WEEKS
    for came_at, went_at in rows:
        for moment, counts in ((came_at, entered), (went_at, left)):
            if moment is not None:
                week = (to_local(moment, restaurant.time_zone).date() - first).days // 7
                if 0 <= week < CHART_WEEKS:
                    counts[week] += 1
    return [
        Flow(first + timedelta(weeks=index), entered[index], left[index])
        for index in range(CHART_WEEKS)
    ]


async def _counted(session: AsyncSession, *, restaurant_id: UUID, at: datetime) -> dict[UUID, int]:
    rows = await session.execute(
        sa.select(col(SegmentMember.segment_id), sa.func.count())
        .where(
            col(SegmentMember.restaurant_id) == restaurant_id,
            col(SegmentMember.source) != EXCLUDED,
            sa.or_(col(SegmentMember.entered_at) <= at, col(SegmentMember.is_first_count)),
            sa.or_(col(SegmentMember.left_at).is_(None), col(SegmentMember.left_at) > at),
        )
        .group_by(col(SegmentMember.segment_id))
    )
    return dict(rows.all())


def _open(restaurant_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(SegmentMember.restaurant_id) == restaurant_id,
        col(SegmentMember.left_at).is_(None),
        col(SegmentMember.source) != EXCLUDED,
    )


@dataclass(frozen=True, slots=True)
class HandPlaced:
    """A guest put into a segment, or kept out of it, by a person."""

    customer_id: UUID
    alias: str
    is_excluded: bool
    until_at: datetime | None
    by: str


async def list_by_hand(
    session: AsyncSession, *, restaurant_id: UUID, segment_id: UUID, limit: int = 200
) -> list[HandPlaced]:
    """Who is in a segment, or kept out of it, by hand; the newest first."""
    rows = await session.execute(
        sa.select(SegmentMember, col(CustomerProfile.alias), col(User.name))
        .join(CustomerProfile, col(CustomerProfile.customer_id) == col(SegmentMember.customer_id))
        .outerjoin(User, col(User.id) == col(SegmentMember.by_user_id))
        .where(
            col(SegmentMember.restaurant_id) == restaurant_id,
            col(SegmentMember.segment_id) == segment_id,
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != "rule",
        )
        .order_by(col(SegmentMember.entered_at).desc(), col(SegmentMember.customer_id))
        .limit(limit)
    )
    return [
        HandPlaced(one.customer_id, alias, one.source == EXCLUDED, one.until_at, name or "")
        for one, alias, name in rows
    ]


async def find_by_alias(session: AsyncSession, *, restaurant_id: UUID, alias: str) -> UUID | None:
    """The customer whom staff call so, whatever the capitals."""
    return await session.scalar(
        sa.select(col(CustomerProfile.customer_id)).where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            sa.func.lower(col(CustomerProfile.alias)) == " ".join(alias.lower().split())[:40],
        )
    )
