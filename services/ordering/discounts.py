"""Rewards in the cart: put there by their guest, priced by the server, used by one order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import RewardStatus, RewardType
from models.loyalty import CustomerReward
from models.ordering import Cart
from services.base.texts import N_
from services.identity.types import Guest
from services.loyalty import returning, reward_rules, rewards
from services.loyalty.errors import RewardOverError, RewardRefusedError, UnknownRewardError
from services.loyalty.reward_rules import BillLine, value_of
from services.ordering import carts

# A guest who puts a reward into the cart goes on choosing.
KEPT_IN_CART = timedelta(hours=1)
KEPT_OUTSIDE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Discount:
    """What a reward takes off a cart; nothing while what it is for is not in it."""

    taken_id: UUID
    name: str
    minor: int


async def put_into_cart(
    session: AsyncSession, *, guest: Guest, taken_id: UUID, now: datetime
) -> None:
    """Let a reward that the guest has taken count for their cart; another one in it steps back.

    Raises:
        UnknownRewardError: not theirs.
        RewardRefusedError: used or run out, or nothing that a cart could use.
    """
    cart = await carts.open_cart(session, guest=guest, now=now)
    row = await returning.held(session, restaurant_id=guest.restaurant_id, taken_id=taken_id)
    if row is None or guest.customer_id is None or row.customer_id != guest.customer_id:
        raise UnknownRewardError
    if row.status != RewardStatus.REDEEMED or row.expires_at <= now:
        raise RewardRefusedError(N_("This code has run out or was used."))
    if not reward_rules.is_for_cart(_value(row)):
        raise RewardRefusedError(N_("This reward is given by the staff. Please show the code."))
    await take_out_of_cart(session, guest=guest, now=now)
    row.cart_id, row.expires_at = cart.id, now + KEPT_IN_CART
    await session.flush()


async def take_out_of_cart(session: AsyncSession, *, guest: Guest, now: datetime) -> None:
    """Keep the reward for later: its code, unless it has run out, is valid for 15 minutes again."""
    until = col(CustomerReward.expires_at)
    await session.execute(
        sa.update(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == guest.restaurant_id,
            col(CustomerReward.customer_id) == guest.customer_id,
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.cart_id).is_not(None),
        )
        .values(cart_id=None, expires_at=sa.case((until > now, now + KEPT_OUTSIDE), else_=until))
        .execution_options(synchronize_session=False)
    )


async def find_discount(
    session: AsyncSession,
    *,
    cart_id: UUID | None,
    guest: Guest,
    lines: Iterable[BillLine],
    now: datetime,
) -> Discount | None:
    """What a reward takes off the guest's cart, for showing it."""
    if cart_id is None or guest.customer_id is None:
        return None
    row = await session.scalar(_in_cart(guest.restaurant_id, guest.customer_id, cart_id))
    if row is None or row.expires_at <= now:
        return None
    return await _discount(session, row, lines)


async def hold_discount(
    session: AsyncSession,
    *,
    cart: Cart,
    customer_id: UUID | None,
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
        _in_cart(cart.restaurant_id, customer_id, cart.id).with_for_update(key_share=True)
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


async def drop_over(session: AsyncSession, *, guest: Guest, now: datetime) -> None:
    """Take rewards that have run out from the cart, so that it can be sent without them."""
    await session.execute(
        sa.update(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == guest.restaurant_id,
            col(CustomerReward.customer_id) == guest.customer_id,
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.expires_at) <= now,
        )
        .values(cart_id=None)
        .execution_options(synchronize_session=False)
    )


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
