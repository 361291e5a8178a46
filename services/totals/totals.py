"""A customer's totals, counted from the rows each time: nothing can be counted twice or lost."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.visits import Visit
from services.base.clock import business_day
from services.restaurants import queries as restaurants
from services.totals import upkeep
from services.totals.rules import status_by_gaps


async def record_visit(session: AsyncSession, *, customer_id: UUID, now: datetime) -> None:
    """Count the visits of a customer after one began, joined or moved to another table.

    Args:
        session: open transaction; flushed, not committed.
        customer_id: whose visit it is.
        now: the sign of life, aware UTC; `last_seen_at` never goes back.
    """
    customer = await _locked(session, customer_id)
    if customer is None:
        return
    customer.last_seen_at = max(customer.last_seen_at, now)
    await _count_visits(session, customer, now=now)
    await _follow(session, customer, now=now)


async def record_completed_order(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """Bring the totals up to date after an order was completed, or taken back afterwards.

    Net spend counts completed orders only (rulings, Numbers). Calling it twice counts once.

    Args:
        session: open transaction; flushed, not committed.
        order_id: the order that changed.
        now: aware UTC; decides the badge (new, active, at risk, lost).
    """
    order = await session.get(Order, order_id, populate_existing=True)
    if order is None:
        return
    await _count_visit_value(session, order)
    customer = await _locked(session, order.customer_id) if order.customer_id else None
    if customer is None:
        return
    await _count_visits(session, customer, now=now)
    await _count_orders(session, customer)
    await _follow(session, customer, now=now)


async def recount(session: AsyncSession, *, customer_id: UUID, now: datetime) -> None:
    """Count everything of one customer again, as after rows moved to or from them."""
    customer = await _locked(session, customer_id)
    if customer is not None:
        await _count_visits(session, customer, now=now)
        await _count_orders(session, customer)
        await _follow(session, customer, now=now)


async def _follow(session: AsyncSession, customer: Customer, *, now: datetime) -> None:
    await session.flush()
    await upkeep.bring_up_to_date(session, customer=customer, now=now)


async def _locked(session: AsyncSession, customer_id: UUID) -> Customer | None:
    # Two orders of one customer may complete at the same moment: the second waits and then
    # counts both. The flush first keeps what the caller has changed in the row.
    await session.flush()
    return await session.scalar(
        sa.select(Customer)
        .where(col(Customer.id) == customer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def _count_visits(session: AsyncSession, customer: Customer, *, now: datetime) -> None:
    mine = sa.and_(
        col(Visit.restaurant_id) == customer.restaurant_id, col(Visit.customer_id) == customer.id
    )
    day = col(Visit.business_day)
    row = (
        await session.execute(
            sa.select(
                sa.func.count(), sa.func.count(sa.distinct(day)), sa.func.min(day), sa.func.max(day)
            ).where(mine)
        )
    ).one()
    customer.total_visits, customer.visit_days, first_day, last_day = row
    if customer.total_visits:
        restaurant = await restaurants.get(session, customer.restaurant_id)
        customer.status = status_by_gaps(
            first_day=first_day,
            last_day=last_day,
            visit_days=customer.visit_days,
            today=business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff),
        )
    customer.preferred_table_id = await _most_frequent(session, col(Visit.table_id), mine)
    customer.preferred_area_id = await _most_frequent(session, col(Visit.area_id), mine)


async def _count_orders(session: AsyncSession, customer: Customer) -> None:
    done = sa.and_(
        col(Order.restaurant_id) == customer.restaurant_id,
        col(Order.customer_id) == customer.id,
        col(Order.order_status) == OrderStatus.COMPLETED,
    )
    total = col(Order.total_minor)
    row = (
        await session.execute(
            sa.select(
                sa.func.count(),
                sa.func.coalesce(sa.func.sum(total), 0),
                sa.func.coalesce(sa.func.max(total), 0),
            ).where(done)
        )
    ).one()
    customer.total_orders, spent, customer.highest_order_minor = row
    customer.total_spent_minor = int(spent)
    customer.preferred_category_id = await session.scalar(
        sa.select(col(OrderLine.category_id))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(done)
        .group_by(col(OrderLine.category_id))
        .order_by(
            sa.func.sum(col(OrderLine.quantity)).desc(),
            sa.func.max(col(Order.placed_at)).desc(),
            col(OrderLine.category_id),
        )
        .limit(1)
    )


async def _count_visit_value(session: AsyncSession, order: Order) -> None:
    spent = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0)).where(
            col(Order.restaurant_id) == order.restaurant_id,
            col(Order.visit_id) == order.visit_id,
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
    )
    visit = await session.get(Visit, order.visit_id, populate_existing=True)
    if visit is not None:
        visit.order_value_minor = int(spent or 0)
        await session.flush()


async def _most_frequent(
    session: AsyncSession,
    column: Mapped[UUID | None],
    mine: sa.ColumnElement[bool],
) -> UUID | None:
    """The value most visits have; of equals the one seen last."""
    return await session.scalar(
        sa.select(column)
        .where(mine, column.is_not(None))
        .group_by(column)
        .order_by(sa.func.count().desc(), sa.func.max(col(Visit.visited_at)).desc(), column)
        .limit(1)
    )
