"""Who still sits there although every order is done: they keep the table theirs."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import REFUSED_ORDER_STATUSES
from models.ordering import Cart, CartLine, Order
from models.visits import Visit


async def is_somebody_choosing(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, now: datetime, minutes: int
) -> bool:
    """Whether a guest of a sitting is still to order: it must not end around them.

    Two kinds of guests are. Those with dishes in their cart; and those who sat down after the
    party's last order was sent and have not ordered yet. Whoever was there before and has an empty
    cart is done: of most parties one orders for all, and every phone has the menu open.

    Args:
        session: open transaction.
        restaurant_id: whose sitting.
        sitting_id: the sitting.
        now: aware UTC.
        minutes: a phone without a sign of life for so long has left.
    """
    picked = (
        sa.select(sa.literal(1))
        .select_from(Cart)
        .join(CartLine, col(CartLine.cart_id) == col(Cart.id))
        .where(
            col(Cart.restaurant_id) == restaurant_id,
            col(Cart.visit_id) == col(Visit.id),
            col(Cart.submitted_at).is_(None),
        )
        .exists()
    )
    ordered_since = (
        sa.select(sa.literal(1))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id) == sitting_id,
            col(Order.placed_at) >= col(Visit.visited_at),
            col(Order.order_status).not_in(REFUSED_ORDER_STATUSES),
        )
        .exists()
    )
    found = await session.scalar(
        sa.select(sa.literal(1))
        .select_from(Visit)
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.sitting_id) == sitting_id,
            col(Visit.ended_at).is_(None),
            col(Visit.last_alive_at) > now - timedelta(minutes=minutes),
            sa.or_(picked, sa.not_(ordered_since)),
        )
        .limit(1)
    )
    return found is not None
