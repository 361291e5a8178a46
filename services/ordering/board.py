"""The board: how an order moves on. Of two people who tap at once one wins, the other is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType, OrderStatus
from models.journal import AuditEntry
from models.ordering import Order, OrderLine
from models.seating import Sitting, Table
from services import events, journal
from services.accounts.types import Actor
from services.customers import totals
from services.identity.types import Guest
from services.ordering import carts, rules
from services.ordering.checkout import change_of
from services.ordering.errors import (
    NothingToUndoError,
    OrderMovedOnError,
    ReasonMissingError,
    TooLateError,
    UnknownOrderError,
)
from services.ordering.types import OrderChange, WantedLine
from services.restaurants.types import RestaurantInfo
from services.seating import sittings
from services.seating.errors import SittingOverError

MOVED, UNDONE = "order_moved", "order_move_undone"
REASON_LENGTH = 200
# What each step stamps; undo takes the stamps away again.
_STAMPS: dict[OrderStatus, tuple[str, ...]] = {
    OrderStatus.PREPARING: ("accepted_at",),
    OrderStatus.READY: ("ready_at",),
    OrderStatus.SERVED: ("served_at",),
    OrderStatus.COMPLETED: ("completed_at", "closed_at"),
    OrderStatus.DECLINED: ("closed_at",),
    OrderStatus.CANCELLED: ("closed_at",),
}


async def accept(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """The kitchen starts: pending becomes preparing.

    Raises:
        UnknownOrderError: not this restaurant's.
        OrderMovedOnError: somebody was faster, or the guest took it back.
    """
    order = await _move(session, restaurant, order_id, OrderStatus.PREPARING, by=by, now=now)
    return change_of(order)


async def decline(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    order_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
) -> OrderChange:
    """Refuse a pending order; the guest reads the reason.

    Raises:
        ReasonMissingError: no reason, or one over 200 characters.
        UnknownOrderError, OrderMovedOnError: as in `accept`.
    """
    checked = _checked_reason(reason)
    order = await _move(
        session, restaurant, order_id, OrderStatus.DECLINED, by=by, now=now, reason=checked
    )
    await _recount_first_order(session, order)
    return change_of(order)


async def mark_ready(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """It stands on the pass. Raises as `accept`."""
    return change_of(await _move(session, restaurant, order_id, OrderStatus.READY, by=by, now=now))


async def mark_served(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """It is on the table. Raises as `accept`."""
    return change_of(await _move(session, restaurant, order_id, OrderStatus.SERVED, by=by, now=now))


async def complete(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """The order is done. With the last open one of a sitting the table is released.

    Raises as `accept`.
    """
    order = await _move(session, restaurant, order_id, OrderStatus.COMPLETED, by=by, now=now)
    await totals.record_completed_order(session, order_id=order.id, now=now)
    await _tell_guest_story(session, order, EventType.ORDER_COMPLETED, now)
    released = await _release_when_done(session, restaurant, order, by=by, now=now)
    return change_of(order, released_sitting_id=released)


async def cancel(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    order_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
) -> OrderChange:
    """Staff call an open order off; the guest reads the reason.

    Raises:
        ReasonMissingError: no reason, or one over 200 characters.
        UnknownOrderError, OrderMovedOnError: as in `accept`.
    """
    checked = _checked_reason(reason)
    order = await _move(
        session, restaurant, order_id, OrderStatus.CANCELLED, by=by, now=now, reason=checked
    )
    await _recount_first_order(session, order)
    await _tell_guest_story(session, order, EventType.ORDER_CANCELLED, now)
    return change_of(order)


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
    await _tell_guest_story(session, order, EventType.ORDER_CANCELLED, now)
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
    await _tell_guest_story(session, order, EventType.ORDER_MODIFIED, now)
    return change_of(order)


async def undo(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """Staff take back the last step of an order, once; a table it released is occupied again.

    Raises:
        UnknownOrderError: not this restaurant's.
        NothingToUndoError: it has not moved, its last step was an undo or the guest's own.
        TableTakenError: the next party sits at the released table.
    """
    order = await _get(session, restaurant.id, order_id, lock=True)
    entry = await session.scalar(
        sa.select(AuditEntry)
        .where(
            col(AuditEntry.restaurant_id) == restaurant.id,
            col(AuditEntry.subject_id) == order_id,
            col(AuditEntry.action).in_((MOVED, UNDONE)),
        )
        .order_by(col(AuditEntry.happened_at).desc(), col(AuditEntry.id).desc())
        .limit(1)
    )
    is_last_step = (
        entry is not None
        and entry.action == MOVED
        and entry.actor_kind == "staff"
        and entry.data["after"] == order.order_status
    )
    if entry is None or not is_last_step:
        raise NothingToUndoError
    undone, before = OrderStatus(order.order_status), OrderStatus(entry.data["before"])
    for stamp in _STAMPS[undone]:
        setattr(order, stamp, None)
    order.order_status, order.reason = before, None
    _note(session, order, UNDONE, by=by, now=now, before=undone, after=before)
    await session.flush()
    if undone is OrderStatus.COMPLETED:
        await totals.record_completed_order(session, order_id=order.id, now=now)
    await _sit_again(session, order, now=now)
    await _recount_first_order(session, order)
    return change_of(order)


async def _move(
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
    """Take the step where the order still stands where it may; the row lock decides who wins."""
    order = await _get(session, restaurant.id, order_id, lock=True)
    before = OrderStatus(order.order_status)
    if before not in (sources or rules.COMES_FROM[after]):
        raise OrderMovedOnError(number=order.number, status=before)
    values: dict[str, Any] = dict.fromkeys(_STAMPS[after], now)
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
    _note(session, order, MOVED, by=by, now=now, before=before, after=after)
    await session.flush()
    return order


async def _cancel_own(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    *,
    now: datetime,
) -> Order:
    order = await _get(session, restaurant.id, order_id, lock=True)
    is_own = order.visit_id == guest.visit_id or (
        guest.customer_id is not None and order.customer_id == guest.customer_id
    )
    if not is_own:
        raise UnknownOrderError
    try:
        order = await _move(
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
    await _recount_first_order(session, order)
    return order


async def _get(
    session: AsyncSession, restaurant_id: UUID, order_id: UUID, *, lock: bool = False
) -> Order:
    query = sa.select(Order).where(
        col(Order.restaurant_id) == restaurant_id, col(Order.id) == order_id
    )
    if lock:
        query = query.with_for_update(key_share=True)
    order = await session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        raise UnknownOrderError
    return order


async def _release_when_done(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    order: Order,
    *,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Release the sitting with its last open order; of two last orders at once the second does."""
    if order.sitting_id is None:
        return None
    try:
        # Held before the orders are counted: whoever completes the other one waits here.
        await sittings.lock_open(session, restaurant_id=restaurant.id, sitting_id=order.sitting_id)
    except SittingOverError:
        return None
    if await sittings.count_open_orders(
        session, restaurant_id=restaurant.id, sitting_id=order.sitting_id
    ):
        return None
    await sittings.release(
        session,
        restaurant=restaurant,
        sitting_id=order.sitting_id,
        now=now,
        by=by,
        reason="orders_completed",
    )
    return order.sitting_id


async def _sit_again(session: AsyncSession, order: Order, *, now: datetime) -> None:
    """An order that is open again needs its sitting, unless staff had ended that by hand."""
    if order.sitting_id is None:
        return
    sitting = await session.get_one(Sitting, order.sitting_id, populate_existing=True)
    if sitting.released_at is None or sitting.release_reason != "orders_completed":
        return
    await sittings.reopen(
        session, restaurant_id=order.restaurant_id, sitting_id=sitting.id, now=now
    )
    await session.execute(
        sa.update(Table)
        .where(col(Table.id) == sitting.table_id, col(Table.status) == "cleaning")
        .values(status="available")
        .execution_options(synchronize_session=False)
    )


async def _recount_first_order(session: AsyncSession, order: Order) -> None:
    """A sitting whose orders were all called off may release itself when it is idle again."""
    if order.sitting_id is None:
        return
    first = (
        sa.select(sa.func.min(col(Order.placed_at)))
        .where(
            col(Order.restaurant_id) == order.restaurant_id,
            col(Order.sitting_id) == order.sitting_id,
            col(Order.order_status).not_in((OrderStatus.DECLINED, OrderStatus.CANCELLED)),
        )
        .scalar_subquery()
    )
    await session.execute(
        sa.update(Sitting)
        .where(col(Sitting.id) == order.sitting_id)
        .values(first_order_at=first)
        .execution_options(synchronize_session=False)
    )


async def _tell_guest_story(
    session: AsyncSession, order: Order, event_type: EventType, now: datetime
) -> None:
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


def _note(
    session: AsyncSession,
    order: Order,
    action: str,
    *,
    by: Actor | None,
    now: datetime,
    before: OrderStatus,
    after: OrderStatus,
) -> None:
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


def _wanted(line: OrderLine) -> WantedLine:
    return WantedLine(
        dish_id=line.dish_id,
        quantity=line.quantity,
        variant_id=line.variant_id,
        modifier_ids=tuple(UUID(one["id"]) for one in line.modifiers),
        note=line.note,
    )


def _checked_reason(reason: str) -> str:
    checked = " ".join(reason.split())
    if not 1 <= len(checked) <= REASON_LENGTH:
        raise ReasonMissingError
    return checked
