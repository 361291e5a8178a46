"""One step of an order: who wins, what is stamped, and what is told about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType, OrderChannel, OrderStatus
from models.ordering import Order
from services import events, journal
from services.accounts.types import Actor
from services.identity.types import Guest
from services.loyalty import returning
from services.ordering import rules
from services.ordering.errors import OrderMovedOnError, UnknownOrderError
from services.outbox import messages as outbox
from services.restaurants.types import RestaurantInfo
from services.seating import first_orders

MOVED, UNDONE = "order_moved", "order_move_undone"
# What each step stamps; undo takes the stamps away again.
STAMPS: dict[OrderStatus, tuple[str, ...]] = {
    OrderStatus.PREPARING: ("accepted_at",),
    OrderStatus.READY: ("ready_at",),
    OrderStatus.SERVED: ("served_at",),
    OrderStatus.COMPLETED: ("completed_at", "closed_at"),
    OrderStatus.DECLINED: ("closed_at",),
    OrderStatus.CANCELLED: ("closed_at",),
}


async def move(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    order_id: UUID,
    after: OrderStatus,
    *,
    by: Actor | None,
    now: datetime,
    reason: str | None = None,
    sources: Sequence[OrderStatus] | None = None,
) -> Order:
    """Take the step where the order still stands where it may; the row lock decides who wins.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose order it is.
        order_id: the order.
        after: the status it gets.
        by: who acts; nobody for the guest themselves.
        now: aware UTC; stamped on the order.
        reason: what the guest reads when it is called off.
        sources: statuses it may come from, when they are fewer than the rules allow.

    Raises:
        UnknownOrderError: not this restaurant's.
        OrderMovedOnError: it stands elsewhere by now.
    """
    order = await get_locked(session, restaurant.id, order_id)
    before = OrderStatus(order.order_status)
    if before not in (sources or rules.COMES_FROM[after]):
        raise OrderMovedOnError(number=order.number, status=before)
    values: dict[str, Any] = dict.fromkeys(STAMPS[after], now)
    moved = await session.scalar(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.id) == order_id,
            col(Order.order_status) == before,
        )
        .values(order_status=after, reason=reason, **values)
        .returning(col(Order.id))
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise OrderMovedOnError(number=order.number, status=before)
    await session.refresh(order)
    note(session, order, MOVED, by=by, now=now, before=before, after=after)
    await session.flush()
    if after.is_refused and order.discount_minor:
        await returning.return_for_order(session, restaurant=restaurant, order_id=order_id, now=now)
    if order.channel == OrderChannel.WHATSAPP:
        await outbox.put(
            session,
            restaurant_id=restaurant.id,
            kind=rules.MOVED_OVER_WHATSAPP,
            payload={"order_id": str(order_id), "status": after},
            key=f"{order_id}:{after}",
            lane=rules.order_lane(order_id),
            now=now,
        )
    return order


async def get_locked(session: AsyncSession, restaurant_id: UUID, order_id: UUID) -> Order:
    """The order as it stands now; nobody else moves it until the transaction ends.

    Raises:
        UnknownOrderError: not this restaurant's.
    """
    order = await session.scalar(
        sa.select(Order)
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.id) == order_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise UnknownOrderError
    return order


async def recount_first_order(session: AsyncSession, order: Order) -> None:
    """A sitting whose orders were all called off may release itself when it is idle again."""
    if order.sitting_id is None:
        return
    await first_orders.recount_first_order(
        session, restaurant_id=order.restaurant_id, sitting_id=order.sitting_id
    )


async def tell_guest_story(
    session: AsyncSession, order: Order, event_type: EventType, now: datetime
) -> None:
    """Note the step among the events of the guest who ordered."""
    await events.record(
        session,
        guest=Guest(
            visit_id=order.visit_id,
            restaurant_id=order.restaurant_id,
            customer_id=order.customer_id,
            alias=order.guest_alias,
            sitting_id=order.sitting_id,
            table_id=order.table_id,
            area_id=order.area_id,
            language="",
            consent_level=None,
        ),
        event_type=event_type,
        data={"order_id": str(order.id), "total_minor": order.total_minor},
        now=now,
    )


def note(
    session: AsyncSession,
    order: Order,
    action: str,
    *,
    by: Actor | None,
    now: datetime,
    before: OrderStatus,
    after: OrderStatus,
) -> None:
    """Write the step, or its undo, into the journal."""
    journal.record(
        session,
        restaurant_id=order.restaurant_id,
        by=by,
        action=action,
        subject_type="order",
        subject_id=order.id,
        now=now,
        is_guest=by is None,
        data={"before": before, "after": after},
    )
