"""A customer's totals, counted from the rows each time: nothing can be counted twice or lost."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.ordering import Order
from models.visits import Visit
from services.base.clock import business_day
from services.profiles import keeping
from services.restaurants import queries as restaurants
from services.totals import summing, upkeep
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
    await _count(session, customer, now=now, with_orders=False)


async def record_completed_order(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """Bring the totals up to date after an order was completed, or taken back afterwards.

    Net spend counts completed orders only. Calling it twice counts once.

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
    await _count(session, customer, now=now)


async def recount(session: AsyncSession, *, customer_id: UUID, now: datetime) -> None:
    """Count everything of one customer again, as after rows moved to or from them."""
    customer = await _locked(session, customer_id)
    if customer is not None:
        await _count(session, customer, now=now)


async def _count(
    session: AsyncSession, customer: Customer, *, now: datetime, with_orders: bool = True
) -> None:
    """Totals, badge, profile and segments, all from one reading of the customer's rows."""
    restaurant = await restaurants.get(session, customer.restaurant_id)
    rows = await keeping.rows_of_one(
        session, restaurant_id=customer.restaurant_id, customer_id=customer.id
    )
    counted = summing.visits(rows)
    customer.total_visits, customer.visit_days = counted.count, counted.day_count
    customer.preferred_table_id, customer.preferred_area_id = counted.table_id, counted.area_id
    if counted.first_day and counted.last_day:
        customer.status = status_by_gaps(
            first_day=counted.first_day,
            last_day=counted.last_day,
            visit_days=counted.day_count,
            today=business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff),
        )
    if with_orders:
        spent = summing.orders(rows)
        customer.total_orders, customer.total_spent_minor = spent.count, spent.total_minor
        customer.highest_order_minor = spent.highest_minor
        customer.preferred_category_id = spent.category_id
    await upkeep.bring_up_to_date(session, customer=customer, now=now, rows=rows)


async def _locked(session: AsyncSession, customer_id: UUID) -> Customer | None:
    # Two orders of one customer may complete at the same moment: the second waits and then
    # counts both. The flush first keeps what the caller has changed in the row.
    await session.flush()
    return await session.scalar(
        sa.select(Customer)
        .where(col(Customer.id) == customer_id)
        # Rows that lead to a customer hold their key: two orders placed at once must not wait for
        # each other to let it go.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
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
