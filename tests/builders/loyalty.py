"""A programme that runs, and rows of the ledger for tests that are not about earning."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.customers import Customer
from models.loyalty import (
    CustomerReward,
    LoyaltyPoint,
    LoyaltyProgramme,
    LoyaltyReferral,
    LoyaltyReward,
)
from models.ordering import Order
from services.loyalty.programme_json import rules_of, to_json
from tests.builders.moments import NOW, next_number


async def make_programme(
    session: AsyncSession, *, restaurant_id: UUID, state: str = "published", **rules: Any
) -> LoyaltyProgramme:
    """The plan's programme, published, with the rules that a test is about."""
    row = LoyaltyProgramme(
        restaurant_id=restaurant_id,
        version=next_number(),
        state=state,
        rules=to_json(rules_of(rules)),
        updated_at=NOW,
        published_at=NOW,
        created_at=NOW,
    )
    session.add(row)
    await session.flush()
    return row


async def make_lot(
    session: AsyncSession,
    *,
    customer: Customer,
    points: int = 100,
    expires_at: datetime | None = None,
    **columns: Any,
) -> LoyaltyPoint:
    """Points as an order would have earned them now."""
    defaults: dict[str, Any] = {
        "transaction_type": "earned",
        "reason": "order",
        "group_id": new_id(),
        "idempotency_key": f"test:{next_number()}",
        "programme_version": 1,
        "business_day": NOW.date(),
        "created_at": NOW,
    }
    row = LoyaltyPoint(
        restaurant_id=customer.restaurant_id,
        customer_id=customer.id,
        points=points,
        expires_at=expires_at,
        **defaults | columns,
    )
    session.add(row)
    await session.flush()
    return row


async def make_reward(
    session: AsyncSession, *, restaurant_id: UUID, **columns: Any
) -> LoyaltyReward:
    """5.00 off for 100 points."""
    defaults: dict[str, Any] = {
        "reward_name": "5 off",
        "points_required": 100,
        "reward_type": "discount",
        "reward_value": {"kind": "amount", "amount_minor": 500},
        "valid_from": NOW,
        "created_at": NOW,
    }
    row = LoyaltyReward(restaurant_id=restaurant_id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_customer_reward(
    session: AsyncSession, *, customer: Customer, reward: LoyaltyReward, **columns: Any
) -> CustomerReward:
    """One that the guest took now and has not used."""
    defaults: dict[str, Any] = {
        "reward_name": reward.reward_name,
        "reward_type": reward.reward_type,
        "reward_value": reward.reward_value,
        "points_used": reward.points_required,
        "idempotency_key": f"key-{next_number():08}",
        "redeemed_at": NOW,
        "expires_at": NOW,
        "created_at": NOW,
    }
    row = CustomerReward(
        restaurant_id=customer.restaurant_id,
        customer_id=customer.id,
        reward_id=reward.id,
        **defaults | columns,
    )
    session.add(row)
    await session.flush()
    return row


async def make_points(session: AsyncSession, *, customer: Customer, order: Order) -> None:
    """A row in each table of points: a lot, an invitation, a reward that was taken."""
    await make_lot(session, customer=customer, points=9, order_id=order.id)
    session.add(
        LoyaltyReferral(
            restaurant_id=customer.restaurant_id, customer_id=customer.id, created_at=NOW
        )
    )
    reward = await make_reward(session, restaurant_id=customer.restaurant_id)
    await make_customer_reward(session, customer=customer, reward=reward)
