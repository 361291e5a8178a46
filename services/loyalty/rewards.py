"""The list of rewards: what an owner offers, and what one guest finds of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CustomerStatus, RewardStatus, RewardType
from models.loyalty import CustomerReward, LoyaltyReward
from models.menu import Dish
from models.profiles import CustomerProfile
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.clock import to_local
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.loyalty import reward_rules
from services.loyalty.errors import UnknownRewardError
from services.loyalty.reward_rules import AUDIENCES, RewardKind, value_json, value_of
from services.loyalty.types import Offer, Programme, Reward, Standing
from services.restaurants.types import RestaurantInfo

MOST_REWARDS = 50
TEXTS = {"reward_name": 80, "reward_description": 200}
# Statuses in which a reward counts as had.
HAD = (RewardStatus.REDEEMED, RewardStatus.USED)


async def list_rewards(session: AsyncSession, *, restaurant_id: UUID) -> tuple[Reward, ...]:
    """Everything an owner has written and not deleted, in their order."""
    rows = await session.scalars(
        sa.select(LoyaltyReward)
        .where(
            col(LoyaltyReward.restaurant_id) == restaurant_id,
            col(LoyaltyReward.deleted_at).is_(None),
        )
        .order_by(col(LoyaltyReward.position), col(LoyaltyReward.id))
        .execution_options(populate_existing=True)
    )
    return tuple(reward_of(row) for row in rows)


async def save_reward(
    session: AsyncSession,
    *,
    by: Actor,
    reward_id: UUID | None,
    form: Mapping[str, Any],
    now: datetime,
) -> Reward:
    """Write a reward, or change one; who has taken it keeps what it was then.

    Args:
        session: open transaction; flushed, not committed.
        by: the owner.
        reward_id: None for a new one.
        form: by the columns' names; what is missing is as it was, or empty.
        now: aware UTC.

    Raises:
        UnknownRewardError: another restaurant's, or deleted.
        InvalidInputError: a field cannot be; `field` names it.
    """
    row = await _row(session, by.restaurant_id, reward_id) if reward_id else None
    if row is None:
        count = len(await list_rewards(session, restaurant_id=by.restaurant_id))
        if count >= MOST_REWARDS:
            msg = N_("There can be at most {most} rewards.")
            raise InvalidInputError(msg, field="", most=MOST_REWARDS)
        row = LoyaltyReward(
            restaurant_id=by.restaurant_id,
            reward_name="",
            points_required=0,
            reward_type="",
            position=count,
            valid_from=now,
            created_at=now,
        )
    given = row.model_dump() | dict(form)
    for name, value in _checked(given).items():
        setattr(row, name, value)
    value = value_of(row.reward_value, reward_type=RewardType(row.reward_type))
    if value.dish_id is not None:
        await _check_dish(session, by.restaurant_id, value.dish_id)
    session.add(row)
    _note(session, "reward_saved", row, by=by, now=now)
    await session.flush()
    return reward_of(row)


async def delete_reward(
    session: AsyncSession, *, by: Actor, reward_id: UUID, now: datetime
) -> None:
    """Offer it no longer; codes that are out still count, in carts too.

    Raises:
        UnknownRewardError: another restaurant's, or deleted before.
    """
    row = await _row(session, by.restaurant_id, reward_id)
    row.deleted_at, row.is_active = now, False
    _note(session, "reward_deleted", row, by=by, now=now)
    await session.flush()


async def offers(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    programme: Programme,
    standing: Standing,
    now: datetime,
) -> tuple[Offer, ...]:
    """What one guest finds: first what they can have, the rest by what is missing."""
    guest = await load_taste(session, restaurant_id=restaurant.id, customer_id=standing.customer_id)
    taken = await counts_of(session, restaurant_id=restaurant.id, customer_id=standing.customer_id)
    local = to_local(now, restaurant.time_zone)
    found = [
        Offer(
            reward,
            lacking := lacking_of(
                reward,
                programme=programme,
                standing=standing,
                taken=taken.get(reward.id, 0),
                local=local,
            ),
            max(0, reward.points_required - standing.points)
            if lacking != "unlock"
            else max(0, reward.unlock_points - standing.lifetime_points),
        )
        for reward in await list_rewards(session, restaurant_id=restaurant.id)
        if is_offered(reward, now=now) and is_for(reward, guest)
    ]
    return tuple(
        sorted(found, key=lambda one: (bool(one.lacking), one.missing_points, one.reward.position))
    )


def is_offered(reward: Reward, *, now: datetime) -> bool:
    """Whether it is on the list of guests at all."""
    return (
        reward.is_active
        and reward.valid_from <= now
        and (reward.valid_until is None or now < reward.valid_until)
    )


@dataclass(frozen=True, slots=True)
class Taste:
    """What personal offers ask of a guest."""

    status: str
    favourite_id: UUID | None


async def load_taste(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> Taste:
    """A guest's badge and favourite dish."""
    found = await session.execute(
        sa.select(col(Customer.status), col(CustomerProfile.favourite_dish_id))
        .outerjoin(CustomerProfile, col(CustomerProfile.customer_id) == col(Customer.id))
        .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id) == customer_id)
    )
    row = found.first()
    return Taste("", None) if row is None else Taste(row[0], row[1])


def is_for(reward: Reward, guest: Taste) -> bool:
    """Whether a personal offer is for this guest; all others are for everybody."""
    if reward.value.kind is RewardKind.FAVOURITE or reward.audience == "favourite":
        return guest.favourite_id is not None
    if reward.audience == "at_risk":
        return guest.status in {CustomerStatus.AT_RISK, CustomerStatus.LOST}
    return True


def lacking_of(
    reward: Reward, *, programme: Programme, standing: Standing, taken: int, local: datetime
) -> str:
    """What keeps a guest from a reward; see `Offer`."""
    limit = reward.per_guest_limit
    reaches = reward_rules.reaches(programme.rules, standing.tier_key, reward.min_tier_key)
    keeps = (
        ("gone", reward.stock == 0),
        ("taken", limit is not None and taken >= limit),
        ("tier", not reaches),
        ("unlock", standing.lifetime_points < reward.unlock_points),
        ("points", standing.points < reward.points_required),
        ("later", not reward_rules.is_now(reward.value, local)),
    )
    return next((word for word, is_so in keeps if is_so), "")


async def counts_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> dict[UUID, int]:
    """How often a guest has had each reward."""
    rows = await session.execute(
        sa.select(col(CustomerReward.reward_id), sa.func.count())
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            col(CustomerReward.status).in_(HAD),
        )
        .group_by(col(CustomerReward.reward_id))
    )
    return {reward_id: int(count) for reward_id, count in rows.all()}


async def _row(session: AsyncSession, restaurant_id: UUID, reward_id: UUID) -> LoyaltyReward:
    row = await session.scalar(
        sa.select(LoyaltyReward)
        .where(
            col(LoyaltyReward.restaurant_id) == restaurant_id,
            col(LoyaltyReward.id) == reward_id,
            col(LoyaltyReward.deleted_at).is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownRewardError
    return row


def _checked(form: Mapping[str, Any]) -> dict[str, Any]:
    try:
        reward_type = RewardType(form.get("reward_type") or "")
    except ValueError:
        msg = N_("Choose what the reward gives.")
        raise InvalidInputError(msg, field="reward_type") from None
    data = form.get("reward_value")
    value = value_of(data if isinstance(data, Mapping) else {}, reward_type=reward_type)  # pyright: ignore[reportUnknownArgumentType]
    audience = form.get("audience") or ""
    if audience not in AUDIENCES:
        msg = N_("Choose whom the reward is for.")
        raise InvalidInputError(msg, field="audience")
    if audience == "off_peak" and value.hours is None:
        msg = N_("Say at which hours it can be taken.")
        raise InvalidInputError(msg, field="hours")
    starts, ends = form.get("valid_from"), form.get("valid_until")
    if not isinstance(starts, datetime) or (ends is not None and not isinstance(ends, datetime)):
        msg = N_("Say from when to when it is valid.")
        raise InvalidInputError(msg, field="valid_until")
    if ends is not None and ends <= starts:
        msg = N_("It must end after it begins.")
        raise InvalidInputError(msg, field="valid_until")
    return {
        "reward_name": fields.line(
            form.get("reward_name"), field="reward_name", most=80, required=True
        ),
        "reward_description": fields.line(
            form.get("reward_description") or "", field="reward_description", most=200
        ),
        "translations": fields.translations(form.get("translations") or {}, TEXTS),
        "points_required": reward_rules.checked_points(
            form.get("points_required"), field="points_required"
        ),
        "reward_type": reward_type,
        "reward_value": value_json(value),
        "is_active": form.get("is_active") is True,
        "valid_from": starts,
        "valid_until": ends,
        "stock": _number_or_none(form.get("stock"), "stock", least=0),
        "per_guest_limit": _number_or_none(form.get("per_guest_limit"), "per_guest_limit", least=1),
        "min_tier_key": fields.line(form.get("min_tier_key") or "", field="min_tier_key", most=20),
        "unlock_points": reward_rules.checked_points(
            form.get("unlock_points"), field="unlock_points"
        ),
        "audience": audience,
    }


def _number_or_none(value: object, field: str, *, least: int) -> int | None:
    if value is None:
        return None
    return fields.whole_number(value, field=field, least=least, most=10**6)


async def _check_dish(session: AsyncSession, restaurant_id: UUID, dish_id: UUID) -> None:
    found = await session.scalar(
        sa.select(sa.literal(1)).where(
            col(Dish.restaurant_id) == restaurant_id, col(Dish.id) == dish_id
        )
    )
    if found is None:
        msg = N_("Choose a dish.")
        raise InvalidInputError(msg, field="dish_id")


def reward_of(row: LoyaltyReward) -> Reward:
    """A row as others see it."""
    reward_type = RewardType(row.reward_type)
    return Reward(
        id=row.id,
        name=row.reward_name,
        description=row.reward_description,
        translations=row.translations,
        points_required=row.points_required,
        reward_type=reward_type,
        value=value_of(row.reward_value, reward_type=reward_type),
        is_active=row.is_active,
        position=row.position,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        stock=row.stock,
        per_guest_limit=row.per_guest_limit,
        min_tier_key=row.min_tier_key,
        unlock_points=row.unlock_points,
        audience=row.audience,
    )


def _note(
    session: AsyncSession, action: str, row: LoyaltyReward, *, by: Actor, now: datetime
) -> None:
    journal.record(
        session,
        restaurant_id=row.restaurant_id,
        by=by,
        action=action,
        subject_type="loyalty_reward",
        subject_id=row.id,
        now=now,
        data={"points_required": row.points_required, "stock": row.stock},
    )
