"""Brings the demo's room to the present when the demo is started again on a later day."""

from datetime import date, datetime, timedelta
from typing import TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.events import CustomerEvent
from models.ordering import Cart, Order
from models.restaurants import OrderCounter, Restaurant
from models.seating import CodeScan, Sitting
from models.visits import Visit
from services.base.clock import business_day

Found = TypeVar("Found", bound=SQLModel)
# A sitting older than this is no evening any more.
STALE_AFTER = timedelta(hours=3)
_MOMENTS: dict[type[SQLModel], tuple[str, ...]] = {
    Sitting: ("opened_at", "last_activity_at", "first_order_at"),
    Visit: ("visited_at", "last_alive_at"),
    CodeScan: ("scanned_at",),
    Cart: ("created_at", "updated_at", "submitted_at"),
    Order: ("placed_at", "accepted_at", "ready_at", "served_at", "completed_at", "closed_at"),
    CustomerEvent: ("happened_at",),
}


async def refresh_room(session: AsyncSession, *, slug: str, now: datetime) -> bool:
    """Move the running sittings of a demo restaurant, with all that belongs to them, to now.

    Nothing happens while the newest is younger than three hours: somebody is trying the demo.

    Args:
        session: open transaction; flushed, not committed.
        slug: of the demo restaurant; one that is no demo is left alone.
        now: aware UTC.

    Returns:
        Whether anything was moved.
    """
    restaurant = await session.scalar(
        sa.select(Restaurant).where(col(Restaurant.slug) == slug, col(Restaurant.is_demo))
    )
    if restaurant is None:
        return False
    sittings = await _of(session, restaurant.id, Sitting, col(Sitting.released_at).is_(None))
    newest = max((one.last_activity_at for one in sittings), default=now)
    if now - newest < STALE_AFTER:
        return False
    visits = await _of(
        session, restaurant.id, Visit, col(Visit.sitting_id).in_([one.id for one in sittings])
    )
    orders = await _of(
        session, restaurant.id, Order, col(Order.sitting_id).in_([one.id for one in sittings])
    )
    of_visits = [one.id for one in visits]
    moved: list[SQLModel] = [*sittings, *visits, *orders]
    for model, column in (
        (CodeScan, col(CodeScan.visit_id)),
        (Cart, col(Cart.visit_id)),
        (CustomerEvent, col(CustomerEvent.visit_id)),
    ):
        moved.extend(await _of(session, restaurant.id, model, column.in_(of_visits)))
    for row in moved:
        _shift(row, now - newest)
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    for visit in visits:
        visit.business_day, visit.ended_at = today, None
    await _number_again(session, restaurant.id, orders, today)
    await session.flush()
    return True


def _shift(row: SQLModel, by: timedelta) -> None:
    for name in _MOMENTS[type(row)]:
        moment = getattr(row, name)
        if moment is not None:
            setattr(row, name, moment + by)


async def _number_again(
    session: AsyncSession, restaurant_id: UUID, orders: list[Order], day: date
) -> None:
    """Give the moved orders numbers of the new day, in the order they were placed."""
    counter = await session.scalar(
        sa.select(OrderCounter).where(
            col(OrderCounter.restaurant_id) == restaurant_id,
            col(OrderCounter.business_day) == day.isoformat(),
        )
    )
    if counter is None:
        counter = OrderCounter(
            restaurant_id=restaurant_id, business_day=day.isoformat(), last_number=0
        )
        session.add(counter)
    for order in sorted(orders, key=lambda one: one.placed_at):
        if order.business_day != day:
            counter.last_number += 1
            order.number = counter.last_number
            order.business_day = day


async def _of(
    session: AsyncSession,
    restaurant_id: UUID,
    model: type[Found],
    which: sa.ColumnElement[bool],
) -> list[Found]:
    column = SQLModel.metadata.tables[cast("str", model.__tablename__)].c.restaurant_id
    return list(await session.scalars(sa.select(model).where(column == restaurant_id, which)))
