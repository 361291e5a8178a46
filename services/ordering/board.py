"""The board: how an order moves on. Of two people who tap at once one wins, the other is told."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType, OrderStatus
from models.journal import AuditEntry
from models.ordering import Order
from services.accounts.types import Actor
from services.loyalty import earning, returning, reversing
from services.ordering import moves
from services.ordering.checkout import change_of
from services.ordering.errors import NothingToUndoError, ReasonMissingError
from services.ordering.types import OrderChange
from services.restaurants.types import RestaurantInfo
from services.seating import party, reopening, sittings, staying
from services.seating.errors import SittingOverError
from services.totals import totals

REASON_LENGTH = 200


async def accept(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """The kitchen starts: pending becomes preparing.

    Raises:
        UnknownOrderError: not this restaurant's.
        OrderMovedOnError: somebody was faster, or the guest took it back.
    """
    order = await moves.move(session, restaurant, order_id, OrderStatus.PREPARING, by=by, now=now)
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
    order = await moves.move(
        session, restaurant, order_id, OrderStatus.DECLINED, by=by, now=now, reason=checked
    )
    await moves.recount_first_order(session, order)
    return change_of(order)


async def mark_ready(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """It stands on the pass. Raises as `accept`."""
    order = await moves.move(session, restaurant, order_id, OrderStatus.READY, by=by, now=now)
    return change_of(order)


async def mark_served(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """It is on the table. Raises as `accept`."""
    order = await moves.move(session, restaurant, order_id, OrderStatus.SERVED, by=by, now=now)
    return change_of(order)


async def complete(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """The order is done. With the last open one of a sitting the table is released.

    Not while another guest there is still choosing (`staying.is_somebody_choosing`).

    Raises as `accept`.
    """
    order = await moves.move(session, restaurant, order_id, OrderStatus.COMPLETED, by=by, now=now)
    await totals.record_completed_order(session, order_id=order.id, now=now)
    await earning.award(session, restaurant=restaurant, order=order, now=now)
    await moves.tell_guest_story(session, order, EventType.ORDER_COMPLETED, now)
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
    order = await moves.move(
        session, restaurant, order_id, OrderStatus.CANCELLED, by=by, now=now, reason=checked
    )
    await moves.recount_first_order(session, order)
    await moves.tell_guest_story(session, order, EventType.ORDER_CANCELLED, now)
    return change_of(order)


async def undo(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, by: Actor, now: datetime
) -> OrderChange:
    """Staff take back the last step of an order, once; a table it released is occupied again.

    Raises:
        UnknownOrderError: not this restaurant's.
        NothingToUndoError: it has not moved, its last step was an undo or the guest's own.
        TableTakenError: the next party sits at the released table.
        NotEnoughPointsError: the reward that the order used was taken for something else.
    """
    order = await moves.get_locked(session, restaurant.id, order_id)
    entry = await session.scalar(
        sa.select(AuditEntry)
        .where(
            col(AuditEntry.restaurant_id) == restaurant.id,
            col(AuditEntry.subject_id) == order_id,
            col(AuditEntry.action).in_((moves.MOVED, moves.UNDONE)),
        )
        .order_by(col(AuditEntry.happened_at).desc(), col(AuditEntry.id).desc())
        .limit(1)
    )
    is_last_step = (
        entry is not None
        and entry.action == moves.MOVED
        and entry.actor_kind == "staff"
        and entry.data["after"] == order.order_status
    )
    if entry is None or not is_last_step:
        raise NothingToUndoError
    undone, before = OrderStatus(order.order_status), OrderStatus(entry.data["before"])
    for stamp in moves.STAMPS[undone]:
        setattr(order, stamp, None)
    order.order_status, order.reason = before, None
    moves.note(session, order, moves.UNDONE, by=by, now=now, before=undone, after=before)
    await session.flush()
    if undone is OrderStatus.COMPLETED:
        await totals.record_completed_order(session, order_id=order.id, now=now)
        await reversing.reverse(session, restaurant=restaurant, order=order, now=now)
    if undone.is_refused and order.discount_minor:
        await returning.take_again(session, restaurant=restaurant, order_id=order.id, now=now)
    if order.sitting_id is not None:
        await reopening.sit_again(
            session, restaurant_id=restaurant.id, sitting_id=order.sitting_id, now=now
        )
    await moves.recount_first_order(session, order)
    return change_of(order)


async def _release_when_done(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    order: Order,
    *,
    by: Actor,
    now: datetime,
) -> UUID | None:
    """Release the sitting with its last open order; of two last orders at once the second does.

    While somebody there is still choosing it stays: `idle.release_idle` frees it later.
    """
    if order.sitting_id is None:
        return None
    try:
        # Held before the orders are counted: whoever completes the other one waits here.
        held = await party.lock_members(
            session, restaurant_id=restaurant.id, sitting_id=order.sitting_id
        )
    except SittingOverError:
        return None
    if await sittings.count_open_orders(
        session, restaurant_id=restaurant.id, sitting_id=order.sitting_id
    ):
        return None
    for sitting in held:
        if await staying.is_somebody_choosing(
            session,
            restaurant_id=restaurant.id,
            sitting_id=sitting.id,
            now=now,
            minutes=restaurant.idle_release_minutes,
        ):
            return None
    await sittings.release(
        session,
        restaurant=restaurant,
        sitting_id=order.sitting_id,
        now=now,
        by=by,
        reason=reopening.ORDERS_COMPLETED,
    )
    return order.sitting_id


def _checked_reason(reason: str) -> str:
    checked = " ".join(reason.split())
    if not 1 <= len(checked) <= REASON_LENGTH:
        raise ReasonMissingError
    return checked
