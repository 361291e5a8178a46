"""A reward that a guest has taken goes into their open cart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.types import Guest
from services.loyalty import cart_rewards
from services.ordering import carts


async def put_into_cart(
    session: AsyncSession, *, guest: Guest, taken_id: UUID, now: datetime
) -> None:
    """Let a reward count for the guest's cart; another one in it steps back.

    Args:
        session: open transaction; flushed, not committed.
        guest: whose cart, made when there is none.
        taken_id: the reward that they have taken.
        now: aware UTC.

    Raises:
        UnknownRewardError: not theirs.
        RewardRefusedError: used or run out, or nothing that a cart could use.
    """
    cart = await carts.open_cart(session, guest=guest, now=now)
    await cart_rewards.put_into_cart(
        session,
        restaurant_id=guest.restaurant_id,
        customer_id=guest.customer_id,
        cart_id=cart.id,
        taken_id=taken_id,
        now=now,
    )
