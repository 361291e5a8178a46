"""A loyalty programme for a filled restaurant, with a row of the ledger for each order."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.loyalty import LoyaltyProgramme
from models.sales import SalesMark
from services.base.database import transaction
from services.loyalty.programme_json import to_json
from services.loyalty.programme_rules import Rules

# Ten customers of sixteen are members, and every fifth row of theirs paid for something.
_EARNED = """
    INSERT INTO loyalty_points (
        id, created_at, restaurant_id, customer_id, transaction_type, points, owed, reason, note,
        lot_id, group_id, idempotency_key, programme_version, business_day
    )
    SELECT randomblob(16), placed_at, restaurant_id, customer_id, 'earned', total_minor / 100 + 1,
        0, 'order', '', NULL, randomblob(16), 'bench:' || hex(id), 1, business_day
    FROM customer_orders
    WHERE restaurant_id = :own AND order_status = 'completed' AND substr(hex(customer_id), -1) < 'A'
"""
_SPENT = """
    INSERT INTO loyalty_points (
        id, created_at, restaurant_id, customer_id, transaction_type, points, owed, reason, note,
        lot_id, group_id, idempotency_key, programme_version, business_day
    )
    SELECT randomblob(16), created_at, restaurant_id, customer_id, 'redeemed', -5, 0, 'reward', '',
        id, randomblob(16), 'spent:' || hex(id), 1, business_day
    FROM loyalty_points WHERE restaurant_id = :own AND points > 5 AND rowid % 5 = 0
"""
_JOINED = """
    INSERT INTO loyalty_members (
        customer_id, restaurant_id, joined_at, lifetime_points, tier_points, tier_key,
        last_earned_at, granted_tier_key, celebrated_tier_key, invite_code
    )
    SELECT customer_id, restaurant_id, min(created_at), sum(points), sum(points), 'bronze',
        max(created_at), '', 'bronze', hex(randomblob(9))
    FROM loyalty_points WHERE restaurant_id = :own AND points > 0 GROUP BY customer_id
"""


async def enrol(restaurant_id: UUID, *, now: datetime) -> None:
    """Begin a programme where there is none, with the past it would have had; on SQLite."""
    async with transaction() as session:
        if await _has_programme(session, restaurant_id):
            return
        session.add(
            LoyaltyProgramme(
                restaurant_id=restaurant_id,
                version=1,
                state="published",
                rules=to_json(Rules()),
                updated_at=now,
                published_at=now,
                created_at=now,
            )
        )
        own = sa.bindparam("own", restaurant_id, sa.Uuid())
        for statement in (_EARNED, _SPENT, _JOINED):
            await session.execute(sa.text(statement).bindparams(own))
        await session.execute(sa.text("ANALYZE"))
        # The days are counted with the points that they have now.
        await session.execute(
            sa.delete(SalesMark).where(col(SalesMark.restaurant_id) == restaurant_id)
        )


async def _has_programme(session: AsyncSession, restaurant_id: UUID) -> bool:
    statement = sa.select(sa.exists().where(col(LoyaltyProgramme.restaurant_id) == restaurant_id))
    return bool(await session.scalar(statement))
