"""Tables that nobody uses any more free themselves; staff need not tap for them."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, TableStatus
from models.ordering import Order
from models.seating import Sitting
from services.restaurants.types import RestaurantInfo
from services.seating import party, sittings, staying
from services.seating.errors import SittingOverError
from services.seating.types import TableChange


async def release_idle(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> list[TableChange]:
    """Release sittings in which nothing has moved for the set minutes.

    Those without an order; and those whose orders are all done, that stayed open for a guest who
    was still choosing (`staying.is_somebody_choosing`) and has left by now.
    """
    quiet_since = now - timedelta(minutes=restaurant.idle_release_minutes)
    idle = await session.scalars(
        sa.select(col(Sitting.id))
        .where(
            col(Sitting.restaurant_id) == restaurant.id,
            col(Sitting.released_at).is_(None),
            col(Sitting.last_activity_at) <= quiet_since,
            sa.or_(col(Sitting.first_order_at).is_(None), _is_all_done(restaurant.id)),
            # Tables that staff put together are staff's to free.
            party.stands_alone(),
        )
        # Their tables are held one after the other, in one order everywhere.
        .order_by(col(Sitting.table_id))
    )
    released: list[TableChange] = []
    for sitting_id in idle.all():
        try:
            sitting = await sittings.lock_open(
                session, restaurant_id=restaurant.id, sitting_id=sitting_id
            )
        except SittingOverError:
            continue
        change = await _release_quiet(session, restaurant, sitting, quiet_since, now)
        if change is not None:
            released.append(change)
    return released


def _is_all_done(restaurant_id: UUID) -> sa.ColumnElement[bool]:
    """A sitting with orders of which none is anybody's work."""
    orders = sa.select(sa.literal(1)).where(
        col(Order.restaurant_id) == restaurant_id, col(Order.sitting_id) == col(Sitting.id)
    )
    still_open = orders.where(col(Order.order_status).in_(OPEN_ORDER_STATUSES))
    return sa.and_(orders.exists(), sa.not_(still_open.exists()))


async def _release_quiet(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    sitting: Sitting,
    quiet_since: datetime,
    now: datetime,
) -> TableChange | None:
    """Release one of the list; somebody may have ordered between the list and the lock."""
    if sitting.last_activity_at > quiet_since:
        return None
    has_ordered = sitting.first_order_at is not None
    where = {"restaurant_id": restaurant.id, "sitting_id": sitting.id}
    if has_ordered and (
        await sittings.count_open_orders(session, **where)
        or await staying.is_somebody_choosing(
            session, **where, now=now, minutes=restaurant.idle_release_minutes
        )
    ):
        return None
    needs_cleaning = has_ordered and restaurant.uses_cleaning
    return await sittings.end(
        session,
        sitting,
        after=TableStatus.CLEANING if needs_cleaning else TableStatus.AVAILABLE,
        now=now,
        by=None,
        reason="orders_completed" if has_ordered else "idle",
        open_orders=0,
    )
