"""Rewards in the cart: put there by their guest, priced by the server, used by one order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import RewardStatus, RewardType
from models.loyalty import CustomerReward
from services.base.texts import N_
from services.loyalty import reward_rules, rewards
from services.loyalty.errors import RewardOverError, RewardRefusedError, UnknownRewardError
from services.loyalty.reward_rules import BillLine, value_of


@dataclass(frozen=True, slots=True)
class Discount:
    """What a reward takes off a cart; nothing while what it is for is not in it."""

    taken_id: UUID
    name: str
    minor: int


async def put_into_cart(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID | None,
    cart_id: UUID,
    taken_id: UUID,
    now: datetime,
) -> None:
    """Let a reward that the guest has taken count for their cart; another one in it steps back.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: where.
        customer_id: who asks; None for a guest whom nobody remembers.
        cart_id: their open cart.
        taken_id: the reward that was taken.
        now: aware UTC.

    Raises:
        UnknownRewardError: not theirs.
        RewardRefusedError: used or run out, or nothing that a cart could use.
    """
    if customer_id is None:
        raise UnknownRewardError
    chosen = col(CustomerReward.id) == taken_id
    rows = await _held(session, restaurant_id, customer_id, sa.or_(chosen, _WAITS_IN_CART))
    row = next((one for one in rows if one.id == taken_id), None)
    if row is None:
        raise UnknownRewardError
    if row.status != RewardStatus.REDEEMED or row.expires_at <= now:
        raise RewardRefusedError(N_("This code has run out or was used."))
    if not reward_rules.is_for_cart(_value(row)):
        raise RewardRefusedError(N_("This reward is given by the staff. Please show the code."))
    for other in rows:
        if other is not row:
            _step_back(other, now)
    row.cart_id = cart_id
    row.expires_at = reward_rules.valid_until(row.redeemed_at, now + reward_rules.KEPT_IN_CART)
    await session.flush()


async def take_out_of_cart(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID | None, now: datetime
) -> None:
    """Keep the reward for later: its code, unless it has run out, is valid for a while again."""
    if customer_id is None:
        return
    for row in await _held(session, restaurant_id, customer_id, _WAITS_IN_CART):
        _step_back(row, now)
    await session.flush()


async def find_discount(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID | None,
    cart_id: UUID | None,
    lines: Iterable[BillLine],
    now: datetime,
) -> Discount | None:
    """What a reward takes off the guest's cart, for showing it."""
    if cart_id is None or customer_id is None:
        return None
    row = await session.scalar(_in_cart(restaurant_id, customer_id, cart_id))
    if row is None or row.expires_at <= now:
        return None
    return await _discount(session, row, lines)


async def hold_discount(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID | None,
    cart_id: UUID,
    lines: Iterable[BillLine],
    now: datetime,
) -> Discount | None:
    """What the order of this cart costs less; the reward is held until the transaction ends.

    Raises:
        RewardOverError: it was there when the guest looked, and has run out.
    """
    if customer_id is None:
        return None
    row = await session.scalar(
        _in_cart(restaurant_id, customer_id, cart_id).with_for_update(key_share=True)
    )
    if row is None:
        return None
    if row.expires_at <= now:
        raise RewardOverError
    found = await _discount(session, row, lines)
    return found if found.minor else None


async def use_discount(
    session: AsyncSession, discount: Discount, *, restaurant_id: UUID, order_id: UUID, now: datetime
) -> None:
    """The order is written: the reward is used, and comes back only with its being called off."""
    await session.execute(
        sa.update(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.id) == discount.taken_id,
        )
        .values(
            status=RewardStatus.USED,
            order_id=order_id,
            discount_minor=discount.minor,
            used_at=now,
            closed_at=now,
            cart_id=None,
        )
        .execution_options(synchronize_session=False)
    )


async def drop_over(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID | None, now: datetime
) -> None:
    """Take rewards that have run out from the cart, so that it can be sent without them."""
    if customer_id is None:
        return
    await session.execute(
        sa.update(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.expires_at) <= now,
        )
        .values(cart_id=None)
        .execution_options(synchronize_session=False)
    )


_WAITS_IN_CART = sa.and_(
    col(CustomerReward.status) == RewardStatus.REDEEMED, col(CustomerReward.cart_id).is_not(None)
)


async def _held(
    session: AsyncSession, restaurant_id: UUID, customer_id: UUID, which: sa.ColumnElement[bool]
) -> Sequence[CustomerReward]:
    """A guest's rewards, held in one order for everybody until the transaction ends."""
    rows = await session.scalars(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            which,
        )
        .order_by(col(CustomerReward.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


def _step_back(row: CustomerReward, now: datetime) -> None:
    row.cart_id = None
    if row.expires_at > now:
        row.expires_at = reward_rules.valid_until(row.redeemed_at, now + reward_rules.VALID)


async def _discount(
    session: AsyncSession, row: CustomerReward, lines: Iterable[BillLine]
) -> Discount:
    value = _value(row)
    favourite = None
    if value.kind is reward_rules.RewardKind.FAVOURITE and row.customer_id is not None:
        taste = await rewards.load_taste(
            session, restaurant_id=row.restaurant_id, customer_id=row.customer_id
        )
        favourite = taste.favourite_id
    minor = reward_rules.discount_minor(value, list(lines), favourite_id=favourite)
    return Discount(row.id, row.reward_name, minor)


def _value(row: CustomerReward) -> reward_rules.RewardValue:
    return value_of(row.reward_value, reward_type=RewardType(row.reward_type))


def _in_cart(restaurant_id: UUID, customer_id: UUID, cart_id: UUID) -> sa.Select[CustomerReward]:
    return (
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.cart_id) == cart_id,
        )
        .limit(1)
        .execution_options(populate_existing=True)
    )
