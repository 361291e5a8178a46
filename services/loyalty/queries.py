"""Where one guest stands, and what happened to their points."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import PointsKind
from models.loyalty import LoyaltyMember, LoyaltyPoint
from services.loyalty import ledger, members
from services.loyalty.programme_rules import Rules, Tier
from services.loyalty.types import Lot, PointsRow, Programme, Standing

HISTORY_ROWS = 300


async def standing(
    session: AsyncSession, *, programme: Programme, customer_id: UUID, now: datetime
) -> Standing:
    """What a guest has, their tier, and what is missing for the next.

    Args:
        session: open.
        programme: live, of the guest's restaurant.
        customer_id: of this restaurant; one who has earned nothing yet stands at the beginning.
        now: aware UTC; decides what is over by now.
    """
    restaurant_id, rules = programme.restaurant_id, programme.rules
    member = await members.find(session, restaurant_id=restaurant_id, customer_id=customer_id)
    owed = (
        await ledger.balance(session, restaurant_id=restaurant_id, customer_id=customer_id)
    ).owed
    lots = await ledger.open_lots(
        session,
        restaurant_id=restaurant_id,
        customer_id=customer_id,
        due_until=programme.due_until(now),
    )
    tier = members.tier_now(member, rules, now)
    is_lapsed = member is not None and members.is_lapsed(member, rules, now)
    tier_points = 0 if member is None or is_lapsed else member.tier_points
    above = rules.next_tier(tier.key)
    expiring, until = _expiring(lots, now=now, warning_days=rules.warning_days)
    return Standing(
        customer_id=customer_id,
        points=sum(lot.left for lot in lots),
        owed=owed,
        lifetime_points=member.lifetime_points if member else 0,
        tier_points=tier_points,
        tier_key=tier.key,
        tier_name=tier.name,
        next_tier_name=above.name if above else "",
        missing_points=max(0, above.threshold - tier_points) if above else 0,
        progress_percent=_progress(tier, above, tier_points),
        tier_until_at=_tier_until(member, rules, tier, now),
        has_priority=tier.has_priority,
        joined_at=member.joined_at if member else None,
        expiring_points=expiring,
        expires_at=until,
        invite_code=member.invite_code if member else "",
    )


async def history(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, limit: int = 50
) -> tuple[PointsRow, ...]:
    """What happened to a guest's points, the newest first; one line for what belongs together."""
    rows = await session.scalars(
        sa.select(LoyaltyPoint)
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.customer_id) == customer_id,
        )
        .order_by(col(LoyaltyPoint.created_at).desc(), col(LoyaltyPoint.id).desc())
        .limit(HISTORY_ROWS)
    )
    found: dict[tuple[UUID, str, str], PointsRow] = {}
    for row in rows:
        key = (row.group_id, row.transaction_type, row.reason)
        before = found.get(key)
        found[key] = PointsRow(
            group_id=row.group_id,
            kind=PointsKind(row.transaction_type),
            reason=row.reason,
            points=row.points + (before.points if before else 0),
            note=row.note,
            order_id=row.order_id or (before.order_id if before else None),
            happened_at=row.created_at,
            business_day=row.business_day,
            by_user_id=row.by_user_id,
        )
    return tuple(one for one in found.values() if one.points)[:limit]


async def tiers_of(
    session: AsyncSession, *, programme: Programme, customer_ids: list[UUID], now: datetime
) -> dict[UUID, Tier]:
    """The tiers of several guests, for the floor and lists; who never earned is not in it."""
    rows = await session.scalars(
        sa.select(LoyaltyMember).where(
            col(LoyaltyMember.restaurant_id) == programme.restaurant_id,
            col(LoyaltyMember.customer_id).in_(customer_ids),
        )
    )
    return {row.customer_id: members.tier_now(row, programme.rules, now) for row in rows}


async def celebrate(
    session: AsyncSession, *, programme: Programme, customer_id: UUID, now: datetime
) -> Tier | None:
    """The tier to congratulate a guest on, once: noted as shown. None when there is none."""
    member = await members.find(
        session, restaurant_id=programme.restaurant_id, customer_id=customer_id
    )
    if member is None or not members.is_new(member, programme.rules, now):
        return None
    tier = members.tier_now(member, programme.rules, now)
    member.celebrated_tier_key = tier.key
    await session.flush()
    return tier


def _progress(tier: Tier, above: Tier | None, points: int) -> int:
    if above is None:
        return 100
    way = above.threshold - tier.threshold
    return max(0, min(100, (points - tier.threshold) * 100 // way))


def _tier_until(
    member: LoyaltyMember | None, rules: Rules, tier: Tier, now: datetime
) -> datetime | None:
    if member is None or tier.key == rules.tiers[0].key:
        return None
    if rules.tier_of(member.tier_points).threshold < tier.threshold:
        return member.granted_until_at
    if rules.tier_days is None or member.last_earned_at is None:
        return None
    until = member.last_earned_at + timedelta(days=rules.tier_days)
    return until if until > now else None


def _expiring(lots: list[Lot], *, now: datetime, warning_days: int) -> tuple[int, datetime | None]:
    """What expires within the days of the warning, and when the first of it does."""
    soon = ledger.expiring(lots, until=now + timedelta(days=warning_days))
    return sum(lot.left for lot in soon), soon[0].expires_at if soon else None
