"""A year of points for the demo's first restaurant: its programme, what orders earned, rewards.

Rows as live services would have left them, written at once: an order has one lot, whose id is the
order's own. What guests took was handed out by staff.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.enums import OrderStatus, PointsKind, ProgrammeState, RewardStatus, RewardType
from models.loyalty import (
    CustomerReward,
    LoyaltyMember,
    LoyaltyPoint,
    LoyaltyProgramme,
    LoyaltyReward,
)
from models.ordering import Order
from services.loyalty.programme_json import rules_of, to_json
from services.loyalty.programme_rules import Rules
from services.loyalty.reward_rules import VALID
from services.loyalty.rules import expires_at
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.simulation.rows import as_ms, as_uuid, row_id

RULES: dict[str, Any] = {
    "first_visit_points": 20,
    "milestones": [
        {"visits": 5, "points": 25},
        {"visits": 10, "points": 50},
        {"visits": 25, "points": 100},
    ],
    "birthday_points": 50,
    "happy_hours": [{"weekdays": [0, 1, 2, 3], "starts": "15:00", "ends": "17:30", "percent": 150}],
    "inviter_points": 50,
    "friend_points": 50,
    "tiers": [
        {"key": "bronze", "name": "Bronze", "threshold": 0},
        {"key": "silver", "name": "Silver", "threshold": 100, "percent": 105},
        {
            "key": "gold",
            "name": "Gold",
            "threshold": 500,
            "percent": 110,
            "benefits": ["A small plate on the house on your birthday"],
        },
        {
            "key": "platinum",
            "name": "Platinum",
            "threshold": 1500,
            "percent": 125,
            "benefits": ["A small plate on the house on your birthday", "You are served first"],
            "has_priority": True,
        },
    ],
}
# Name, Arabic, points, type, what is given.
REWARDS: tuple[tuple[str, str, int, RewardType, dict[str, Any]], ...] = (
    ("A coffee", "قهوة", 60, RewardType.FREE_ITEM, {"kind": "words"}),
    ("A glass of cava", "كأس من العصير الفوّار", 90, RewardType.FREE_ITEM, {"kind": "words"}),
    (
        "€5 off your bill",
        "خصم 5 يورو",
        120,
        RewardType.DISCOUNT,
        {"kind": "amount", "amount_minor": 500},
    ),
    ("A dessert", "حلوى", 150, RewardType.FREE_ITEM, {"kind": "words"}),
    ("The cheapest dish is ours", "أرخص طبق علينا", 240, RewardType.DISCOUNT, {"kind": "cheapest"}),
    (
        "Gold for a month",
        "ذهبي لشهر",
        300,
        RewardType.TIER_UPGRADE,
        {"kind": "tier", "tier_key": "gold", "days": 30},
    ),
)
# How likely somebody takes a reward on a visit when they can.
TAKES = 0.3
AT_ONCE = 2000


@dataclass(slots=True)
class _Member:
    """A guest's points so far: lots that are left, oldest first."""

    customer_id: UUID
    joined_at: datetime
    lifetime: int = 0
    last_at: datetime | None = None
    lots: deque[list[Any]] = field(default_factory=deque[list[Any]])

    @property
    def points(self) -> int:
        return sum(left for _, left in self.lots)


async def write_loyalty(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime, seed: int
) -> None:
    """Publish the demo's programme as of a year ago, with everything that came of it.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: the demo's first restaurant, its year written.
        now: aware UTC.
        seed: the same seed gives the same rows.
    """
    rng = Random(f"loyalty:{seed}")
    restaurant = await restaurants.get(session, restaurant_id)
    rules = rules_of(RULES)
    began_at = now - timedelta(days=364)
    await _write(session, LoyaltyProgramme, [_programme(restaurant_id, rules, began_at, rng)])
    rewards = _rewards(restaurant_id, began_at, rng)
    await _write(session, LoyaltyReward, rewards)
    earned = sa.func.min(col(Order.total_minor) / 100, rules.most_points_per_order)
    if session.get_bind().dialect.name == "postgresql":
        earned = sa.func.least(col(Order.total_minor) / 100, rules.most_points_per_order)
    done = sa.and_(
        col(Order.restaurant_id) == restaurant_id,
        col(Order.customer_id).is_not(None),
        col(Order.order_status) == OrderStatus.COMPLETED,
        col(Order.placed_at) >= began_at,
    )
    await session.execute(
        sa.update(Order)
        .where(done)
        .values(points_earned=sa.cast(sa.func.floor(earned), sa.Integer))
        .execution_options(synchronize_session=False)
    )
    orders = await session.execute(
        sa.select(
            col(Order.id),
            col(Order.customer_id),
            col(Order.placed_at),
            col(Order.business_day),
            col(Order.points_earned),
        )
        .where(done, col(Order.points_earned) > 0)
        .order_by(col(Order.placed_at), col(Order.id))
    )
    await _live_through(session, restaurant, rules, rewards, orders.all(), rng)


async def _live_through(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    rules: Rules,
    rewards: list[dict[str, Any]],
    orders: Iterable[Any],
    rng: Random,
) -> None:
    """Earn with every order, and now and then take something."""
    given = [one for one in rewards if one["reward_type"] == RewardType.FREE_ITEM]
    members: dict[UUID, _Member] = {}
    points: list[dict[str, Any]] = []
    taken: list[dict[str, Any]] = []
    for order_id, customer_id, placed_at, day, earned in orders:
        member = members.setdefault(customer_id, _Member(customer_id, placed_at))
        can = [one for one in given if one["points_required"] <= member.points]
        if can and rng.random() < TAKES:
            reward = rng.choice(can)
            taken.append(_taken(restaurant.id, member, reward, placed_at, rng))
            points += _spent(restaurant.id, member, taken[-1], day, rng)
        until = expires_at(
            rules, business_day=day, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        )
        points.append(
            _row(
                restaurant.id,
                member,
                id=order_id,
                at=placed_at,
                points=earned,
                kind=PointsKind.EARNED,
                reason="order",
                order_id=order_id,
                group_id=order_id,
                key=f"order:{order_id}:0:order",
                day=day,
                expires_at=until,
            )
        )
        member.lots.append([order_id, earned])
        member.lifetime += earned
        member.last_at = placed_at
    await _write(session, CustomerReward, taken)
    await _write(session, LoyaltyPoint, points)
    await _write(
        session,
        LoyaltyMember,
        [
            {
                "customer_id": one.customer_id,
                "restaurant_id": restaurant.id,
                "joined_at": one.joined_at,
                "lifetime_points": one.lifetime,
                "tier_points": one.lifetime,
                "tier_key": rules.tier_of(one.lifetime).key,
                "last_earned_at": one.last_at,
                "granted_tier_key": "",
                "celebrated_tier_key": rules.tier_of(one.lifetime).key,
                "invite_code": f"{rng.getrandbits(72):018x}",
            }
            for one in members.values()
        ],
    )


def _programme(
    restaurant_id: UUID, rules: Rules, began_at: datetime, rng: Random
) -> dict[str, Any]:
    return {
        "id": as_uuid(row_id(rng, as_ms(began_at))),
        "created_at": began_at,
        "restaurant_id": restaurant_id,
        "version": 1,
        "state": ProgrammeState.PUBLISHED,
        "rules": to_json(rules),
        "updated_at": began_at,
        "published_at": began_at,
    }


def _rewards(restaurant_id: UUID, began_at: datetime, rng: Random) -> list[dict[str, Any]]:
    return [
        {
            "id": as_uuid(row_id(rng, as_ms(began_at))),
            "created_at": began_at,
            "restaurant_id": restaurant_id,
            "reward_name": name,
            "reward_description": "",
            "translations": {"ar": {"reward_name": arabic}},
            "points_required": cost,
            "reward_type": kind,
            "reward_value": value,
            "is_active": True,
            "position": position,
            "valid_from": began_at,
            "min_tier_key": "",
            "unlock_points": 0,
            "audience": "",
        }
        for position, (name, arabic, cost, kind, value) in enumerate(REWARDS)
    ]


def _taken(
    restaurant_id: UUID, member: _Member, reward: dict[str, Any], at: datetime, rng: Random
) -> dict[str, Any]:
    used_at = at + timedelta(minutes=3)
    return {
        "id": as_uuid(row_id(rng, as_ms(at))),
        "created_at": at,
        "restaurant_id": restaurant_id,
        "customer_id": member.customer_id,
        "reward_id": reward["id"],
        "reward_name": reward["reward_name"],
        "reward_type": reward["reward_type"],
        "reward_value": reward["reward_value"],
        "points_used": reward["points_required"],
        "status": RewardStatus.USED,
        "idempotency_key": f"{rng.getrandbits(96):024x}",
        "redeemed_at": at,
        "expires_at": at + VALID,
        "discount_minor": 0,
        "used_at": used_at,
        "closed_at": used_at,
    }


def _spent(
    restaurant_id: UUID, member: _Member, taken: dict[str, Any], day: object, rng: Random
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    missing = taken["points_used"]
    while missing:
        lot_id, left = member.lots[0]
        part = min(left, missing)
        missing -= part
        member.lots[0][1] -= part
        if part == left:
            member.lots.popleft()
        rows.append(
            _row(
                restaurant_id,
                member,
                id=as_uuid(row_id(rng, as_ms(taken["redeemed_at"]))),
                at=taken["redeemed_at"],
                points=-part,
                kind=PointsKind.REDEEMED,
                reason="reward",
                lot_id=lot_id,
                group_id=taken["id"],
                customer_reward_id=taken["id"],
                key=f"reward:{taken['id']}:{lot_id.hex}",
                day=day,
            )
        )
    return rows


def _row(
    restaurant_id: UUID,
    member: _Member,
    *,
    at: datetime,
    kind: PointsKind,
    key: str,
    day: object,
    **columns: Any,  # noqa: ANN401 - of the table
) -> dict[str, Any]:
    return {
        "created_at": at,
        "restaurant_id": restaurant_id,
        "customer_id": member.customer_id,
        "transaction_type": kind,
        "owed": 0,
        "note": "",
        "order_id": None,
        "lot_id": None,
        "customer_reward_id": None,
        "expires_at": None,
        "idempotency_key": key,
        "programme_version": 1,
        "business_day": day,
    } | columns


async def _write(session: AsyncSession, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    target = table.metadata.tables[sa.inspect(table).local_table.description]
    for start in range(0, len(rows), AT_ONCE):
        await session.execute(sa.insert(target), rows[start : start + AT_ONCE])
        if start == 0 and session.get_bind().dialect.name == "postgresql":
            # It keeps its way of looking up what a row points at, and chose it for an empty table.
            await session.execute(sa.text(f"ANALYZE {target.name}"))
