"""What the programme has come to: members, points and rewards, as sums over indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus, PointsKind, RewardStatus
from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyPoint
from models.ordering import Order


@dataclass(slots=True)
class Flow:
    """Points that came and went in some days; all together they are how the points out changed.

    Attributes:
        earned: by orders, bonuses and invitations.
        undone: taken back with orders that were undone, and what paid for such.
        redeemed: for rewards, less those that came back.
        expired: by their date.
        adjusted: by hand, given less taken.
    """

    earned: int = 0
    undone: int = 0
    redeemed: int = 0
    expired: int = 0
    adjusted: int = 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """Points out, and how many members hold how many."""

    points: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UsedReward:
    """A reward and how often it was used. Amounts are minor units."""

    name: str
    count: int
    points: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class Spend:
    """Completed orders of some people. Amounts are minor units."""

    order_count: int
    revenue_minor: int


async def count_members(
    session: AsyncSession, *, restaurant_id: UUID, before: Sequence[datetime]
) -> tuple[int, ...]:
    """Guests who had begun to collect before each of some moments and are still known."""
    counts = (
        sa.select(sa.func.count())
        .where(
            col(LoyaltyMember.restaurant_id) == restaurant_id, col(LoyaltyMember.joined_at) < one
        )
        .scalar_subquery()
        for one in before
    )
    found = await session.execute(sa.select(*counts))
    return tuple(int(count) for count in found.one())


async def count_tiers(session: AsyncSession, *, restaurant_id: UUID) -> dict[str, int]:
    """Members by the key of their tier."""
    rows = await session.execute(
        sa.select(col(LoyaltyMember.tier_key), sa.func.count())
        .where(col(LoyaltyMember.restaurant_id) == restaurant_id)
        .group_by(col(LoyaltyMember.tier_key))
    )
    return {key: int(count) for key, count in rows.all()}


async def load_flow(session: AsyncSession, *, restaurant_id: UUID, day: date) -> Flow:
    """What came and went on a business day."""
    points = col(LoyaltyPoint.points)
    is_gain = sa.case((points > 0, 1), else_=0)
    rows = await session.execute(
        sa.select(col(LoyaltyPoint.transaction_type), is_gain, sa.func.sum(points))
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id, col(LoyaltyPoint.business_day) == day
        )
        .group_by(col(LoyaltyPoint.transaction_type), is_gain)
    )
    found = Flow()
    for kind, gained, total in rows.all():
        _add(found, PointsKind(kind), int(total), is_gain=bool(gained))
    return found


def _add(flow: Flow, kind: PointsKind, points: int, *, is_gain: bool) -> None:
    if kind is PointsKind.ADJUSTED:
        flow.adjusted += points
    elif kind is PointsKind.EXPIRED:
        flow.expired -= points
    elif kind is PointsKind.REDEEMED or (kind is PointsKind.REVERSED and is_gain):
        # What comes back is of rewards that were not used.
        flow.redeemed -= points
    elif kind is PointsKind.EARNED and is_gain:
        flow.earned += points
    else:
        flow.undone -= points


async def load_holdings(
    session: AsyncSession, *, restaurant_id: UUID, edges: Sequence[int]
) -> Holdings:
    """Points out, and members by the points they hold.

    Args:
        session: for reading.
        restaurant_id: whose.
        edges: where each step begins, ascending; below the first one nobody is counted.
    """
    each = (
        sa.select(sa.func.sum(col(LoyaltyPoint.points)).label("points"))
        .where(col(LoyaltyPoint.restaurant_id) == restaurant_id)
        .group_by(col(LoyaltyPoint.customer_id))
        .subquery("each")
    )
    held = each.c.points
    row = (
        await session.execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(held), 0),
                # Who reached a step; those who reached the next one are taken off below.
                *(sa.func.count().filter(held >= low) for low in edges),
            )
        )
    ).one()
    reached = [int(count) for count in row[1:]]
    steps = (low - high for low, high in zip(reached, (*reached[1:], 0), strict=True))
    return Holdings(int(row[0]), tuple(steps))


async def load_used_rewards(
    session: AsyncSession, *, restaurant_id: UUID, since: datetime, before: datetime, limit: int
) -> tuple[UsedReward, ...]:
    """Rewards that were used in a time, the most used first; under the name they had last."""
    count = sa.func.count()
    rows = await session.execute(
        sa.select(
            sa.func.max(col(CustomerReward.reward_name)),
            count,
            sa.func.sum(col(CustomerReward.points_used)),
            sa.func.sum(col(CustomerReward.discount_minor)),
        )
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.used_at) >= since,
            col(CustomerReward.used_at) < before,
            col(CustomerReward.status) == RewardStatus.USED,
        )
        .group_by(col(CustomerReward.reward_id))
        .order_by(count.desc(), col(CustomerReward.reward_id))
        .limit(limit)
    )
    return tuple(
        UsedReward(name, int(times), int(points), int(minor))
        for name, times, points, minor in rows.all()
    )


async def load_member_spend(session: AsyncSession, *, restaurant_id: UUID, day: date) -> Spend:
    """Completed orders of a business day by guests who were members when it was completed.

    The order by which somebody joins is one of them.
    """
    found = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0))
            .join(LoyaltyMember, col(LoyaltyMember.customer_id) == col(Order.customer_id))
            .where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.business_day) == day,
                col(Order.order_status) == OrderStatus.COMPLETED,
                col(LoyaltyMember.restaurant_id) == restaurant_id,
                col(LoyaltyMember.joined_at)
                <= sa.func.coalesce(col(Order.completed_at), col(Order.placed_at)),
            )
        )
    ).one()
    return Spend(int(found[0]), int(found[1]))
