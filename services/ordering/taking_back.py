"""What guests do to an order that nobody has accepted yet: take it back, or change it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType, OrderStatus
from models.ordering import Order, OrderLine
from services.identity.types import Guest
from services.ordering import carts, moves
from services.ordering.checkout import change_of
from services.ordering.errors import (
    OrderMovedOnError,
    TooLateError,
    UnknownOrderError,
)
from services.ordering.ownership import is_own_order
from services.ordering.types import OrderChange, WantedLine
from services.restaurants.types import RestaurantInfo


async def cancel_by_guest(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    now: datetime,
) -> OrderChange:
    """The guest takes an order back that nobody has accepted yet.

    Raises:
        UnknownOrderError: not this guest's.
        TooLateError: the kitchen has started, or it is closed.
    """
    order = await _cancel_own(session, restaurant, guest, order_id, now=now)
    await moves.tell_guest_story(session, order, EventType.ORDER_CANCELLED, now)
    return change_of(order)


async def take_back_into_cart(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    now: datetime,
) -> OrderChange:
    """The guest changes an order nobody has accepted: it is cancelled, its lines are in the cart.

    Raises:
        UnknownOrderError: not this guest's.
        TooLateError: the kitchen has started, or it is closed.
        OrderTooLongError: the cart has no room for it; the order stands.
    """
    order = await _cancel_own(session, restaurant, guest, order_id, now=now)
    lines = await session.scalars(
        sa.select(OrderLine)
        .where(col(OrderLine.restaurant_id) == restaurant.id, col(OrderLine.order_id) == order.id)
        .order_by(col(OrderLine.position))
    )
    await carts.put_back(
        session,
        restaurant=restaurant,
        guest=guest,
        lines=[(_wanted(line), line.unit_price_minor) for line in lines],
        note=order.note,
        now=now,
    )
    await moves.tell_guest_story(session, order, EventType.ORDER_MODIFIED, now)
    return change_of(order)


async def _cancel_own(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    *,
    now: datetime,
) -> Order:
    order = await moves.get_locked(session, restaurant.id, order_id)
    if not await is_own_order(session, guest=guest, order_id=order.id):
        raise UnknownOrderError
    try:
        order = await moves.move(
            session,
            restaurant,
            order_id,
            OrderStatus.CANCELLED,
            by=None,
            now=now,
            sources=(OrderStatus.PENDING,),
        )
    except OrderMovedOnError as error:
        raise TooLateError from error
    await moves.recount_first_order(session, order)
    return order


def _wanted(line: OrderLine) -> WantedLine:
    return WantedLine(
        dish_id=line.dish_id,
        quantity=line.quantity,
        variant_id=line.variant_id,
        modifier_ids=tuple(UUID(one["id"]) for one in line.modifiers),
        note=line.note,
    )
