"""Where guests stand: what they earned in all, and the tier it leads to.

Kept as they earn, counted anew from the ledger when rows come, go or are reversed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import PointsKind, RewardStatus, RewardType
from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyPoint
from services.base.secrets import new_token
from services.loyalty.programme_rules import Rules, Tier

# Why points of an order were taken back.
UNDONE = "undone"


async def find(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> LoyaltyMember | None:
    """A guest's row; None before they have earned anything."""
    return await session.scalar(
        sa.select(LoyaltyMember)
        .where(
            col(LoyaltyMember.restaurant_id) == restaurant_id,
            col(LoyaltyMember.customer_id) == customer_id,
        )
        .execution_options(populate_existing=True)
    )


async def get_or_make(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, rules: Rules, now: datetime
) -> LoyaltyMember:
    """A guest's row, made if need be. Their record is held."""
    found = await find(session, restaurant_id=restaurant_id, customer_id=customer_id)
    if found is None:
        found = begun(restaurant_id=restaurant_id, customer_id=customer_id, rules=rules, now=now)
        session.add(found)
    return found


def begun(*, restaurant_id: UUID, customer_id: UUID, rules: Rules, now: datetime) -> LoyaltyMember:
    """The row of a guest who has earned nothing yet, not stored."""
    lowest = rules.tiers[0].key
    return LoyaltyMember(
        customer_id=customer_id,
        restaurant_id=restaurant_id,
        joined_at=now,
        tier_key=lowest,
        # Nobody is congratulated on having begun.
        celebrated_tier_key=lowest,
        invite_code=new_token(9),
    )


def tier_now(member: LoyaltyMember | None, rules: Rules, now: datetime) -> Tier:
    """The tier a guest is in: what their points reach, or what a reward gave if that is higher."""
    if member is None:
        return rules.tiers[0]
    own = rules.tiers[0] if is_lapsed(member, rules, now) else rules.tier_of(member.tier_points)
    given = rules.tiers[0]
    if member.granted_until_at is not None and member.granted_until_at > now:
        given = rules.tier(member.granted_tier_key)
    return max(own, given, key=lambda one: one.threshold)


def is_lapsed(member: LoyaltyMember, rules: Rules, now: datetime) -> bool:
    """Whether nothing was earned for so long that the guest begins at the first tier again."""
    if rules.tier_days is None or member.last_earned_at is None:
        return False
    return now > member.last_earned_at + timedelta(days=rules.tier_days)


def add_earned(member: LoyaltyMember, points: int, *, rules: Rules, now: datetime) -> None:
    """Count points that were just earned."""
    before = 0 if is_lapsed(member, rules, now) else member.tier_points
    member.lifetime_points += points
    member.tier_points = before + points
    member.last_earned_at = now
    member.tier_key = tier_now(member, rules, now).key


def is_new(member: LoyaltyMember, rules: Rules, now: datetime) -> bool:
    """Whether the guest has risen since they were last congratulated."""
    known = rules.tier(member.celebrated_tier_key).threshold
    return tier_now(member, rules, now).threshold > known


async def recount(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, rules: Rules, now: datetime
) -> LoyaltyMember | None:
    """Count a guest's row from the ledger and their rewards again; None if they never earned."""
    await session.flush()
    member = await find(session, restaurant_id=restaurant_id, customer_id=customer_id)
    earned = await _earned(session, restaurant_id=restaurant_id, customer_id=customer_id)
    if member is None:
        if not earned:
            return None
        member = await get_or_make(
            session, restaurant_id=restaurant_id, customer_id=customer_id, rules=rules, now=now
        )
        member.celebrated_tier_key = ""
    member.lifetime_points = sum(points for points, _ in earned)
    member.tier_points = _since_lapse(earned, rules)
    member.last_earned_at = max((at for _, at in earned), default=None)
    first_at = await _first_at(session, restaurant_id=restaurant_id, customer_id=customer_id)
    member.joined_at = first_at or member.joined_at
    member.granted_tier_key, member.granted_until_at = await _granted(
        session, restaurant_id=restaurant_id, customer_id=customer_id
    )
    tier = tier_now(member, rules, now)
    member.tier_key = tier.key
    known = rules.tier(member.celebrated_tier_key)
    # Whoever has fallen is congratulated when they rise again.
    if not member.celebrated_tier_key or known.threshold > tier.threshold:
        member.celebrated_tier_key = tier.key
    await session.flush()
    return member


async def rank_anew(session: AsyncSession, *, restaurant_id: UUID, rules: Rules) -> None:
    """Sort everybody into the tiers of new rules, in one statement."""
    points = col(LoyaltyMember.tier_points)
    by_points = sa.case(
        *((points >= one.threshold, one.key) for one in reversed(rules.tiers)),
        else_=rules.tiers[0].key,
    )
    await session.execute(
        sa.update(LoyaltyMember)
        .where(col(LoyaltyMember.restaurant_id) == restaurant_id)
        .values(tier_key=by_points)
        .execution_options(synchronize_session=False)
    )


async def lapse(session: AsyncSession, *, restaurant_id: UUID, rules: Rules, now: datetime) -> None:
    """Let tiers lapse whose time is over: for lists; who is asked about one guest counts anyway."""
    lowest = rules.tiers[0].key
    mine = col(LoyaltyMember.restaurant_id) == restaurant_id
    if rules.tier_days is not None:
        over = col(LoyaltyMember.last_earned_at) < now - timedelta(days=rules.tier_days)
        await session.execute(
            sa.update(LoyaltyMember)
            .where(mine, over, col(LoyaltyMember.tier_points) > 0)
            .values(tier_points=0, tier_key=lowest)
            .execution_options(synchronize_session=False)
        )
    ended = await session.scalars(
        sa.select(LoyaltyMember).where(
            mine,
            col(LoyaltyMember.granted_tier_key) != "",
            col(LoyaltyMember.granted_until_at) <= now,
        )
    )
    for member in ended.all():
        member.granted_tier_key, member.granted_until_at = "", None
        member.tier_key = tier_now(member, rules, now).key
    await session.flush()


async def _first_at(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> datetime | None:
    """When a guest first earned something: who takes an order back has joined all the same."""
    return await session.scalar(
        sa.select(sa.func.min(col(LoyaltyPoint.created_at))).where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.customer_id) == customer_id,
            col(LoyaltyPoint.transaction_type) == PointsKind.EARNED,
        )
    )


async def _earned(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> list[tuple[int, datetime]]:
    """Points and moments of everything that was earned and not taken back, in order."""
    rows = await session.execute(
        sa.select(
            col(LoyaltyPoint.transaction_type),
            col(LoyaltyPoint.reason),
            col(LoyaltyPoint.group_id),
            col(LoyaltyPoint.points),
            col(LoyaltyPoint.lot_id),
            col(LoyaltyPoint.id),
            col(LoyaltyPoint.created_at),
        )
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.customer_id) == customer_id,
            col(LoyaltyPoint.transaction_type).in_((PointsKind.EARNED, PointsKind.REVERSED)),
        )
        .order_by(col(LoyaltyPoint.created_at), col(LoyaltyPoint.id))
    )
    found = rows.all()
    # A lot that was taken back has a row of its own group that says so, even if nothing was left.
    undone = {
        (row.group_id, row.lot_id)
        for row in found
        if row.transaction_type == PointsKind.REVERSED and row.reason == UNDONE
    }
    return [
        (row.points, row.created_at)
        for row in found
        if row.transaction_type == PointsKind.EARNED and (row.group_id, row.id) not in undone
    ]


def _since_lapse(earned: Iterable[tuple[int, datetime]], rules: Rules) -> int:
    points, last = 0, None
    for more, at in earned:
        if (
            rules.tier_days is not None
            and last is not None
            and at > last + timedelta(days=rules.tier_days)
        ):
            points = 0
        points, last = points + more, at
    return points


async def _granted(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[str, datetime | None]:
    rows = await session.scalars(
        sa.select(CustomerReward).where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            col(CustomerReward.status) == RewardStatus.USED,
            col(CustomerReward.reward_type) == RewardType.TIER_UPGRADE,
        )
    )
    given = [
        (row.used_at + timedelta(days=row.reward_value["days"]), str(row.reward_value["tier_key"]))
        for row in rows
        if row.used_at is not None
    ]
    if not given:
        return "", None
    until, key = max(given)
    return key, until
