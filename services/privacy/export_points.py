"""A guest's points and rewards, under the product plan's names."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyPoint, LoyaltyReferral
from services.privacy.export_rows import Rows, Scope, moment


async def points(session: AsyncSession, scope: Scope) -> Rows:
    """Every row of the ledger: what came, what went, and why."""
    if not scope.customer_ids:
        return []
    rows = await session.scalars(
        sa.select(LoyaltyPoint)
        .where(scope.of(LoyaltyPoint))
        .order_by(col(LoyaltyPoint.created_at), col(LoyaltyPoint.id))
    )
    return [
        {
            "points": row.points,
            "owed": row.owed,
            "transaction_type": row.transaction_type,
            "description": row.note or row.reason,
            "order_id": str(row.order_id) if row.order_id else None,
            "expires_at": moment(row.expires_at),
            "created_at": moment(row.created_at),
        }
        for row in rows
    ]


async def rewards(session: AsyncSession, scope: Scope) -> Rows:
    """What the guest took for points."""
    if not scope.customer_ids:
        return []
    rows = await session.scalars(
        sa.select(CustomerReward)
        .where(scope.of(CustomerReward))
        .order_by(col(CustomerReward.redeemed_at), col(CustomerReward.id))
    )
    return [
        {
            "reward_name": row.reward_name,
            "reward_type": row.reward_type,
            "points_used": row.points_used,
            "status": row.status,
            "redeemed_at": moment(row.redeemed_at),
            "used_at": moment(row.used_at),
            "expires_at": moment(row.expires_at),
        }
        for row in rows
    ]


async def membership(session: AsyncSession, scope: Scope) -> dict[str, Any] | None:
    """Tier and points earned in all; None for who never earned."""
    if not scope.customer_ids:
        return None
    rows = (await session.scalars(sa.select(LoyaltyMember).where(scope.of(LoyaltyMember)))).all()
    if not rows:
        return None
    invited = await session.scalar(
        sa.select(sa.func.count())
        .select_from(LoyaltyReferral)
        .where(
            col(LoyaltyReferral.restaurant_id) == scope.restaurant.id,
            col(LoyaltyReferral.inviter_id).in_(scope.customer_ids),
        )
    )
    newest = max(rows, key=lambda row: row.lifetime_points)
    return {
        "loyalty_tier": newest.tier_key,
        "lifetime_points": newest.lifetime_points,
        "joined_at": moment(min(row.joined_at for row in rows)),
        "friends_invited": invited or 0,
    }
