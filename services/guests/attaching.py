"""Which rows belong to whom: hand a visit and what happened in it to a customer, or back."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.events import CustomerEvent
from models.identity import Consent
from models.ordering import Order
from models.visits import Visit


async def hold_orders(session: AsyncSession, *, restaurant_id: UUID, visit_id: UUID) -> None:
    """Hold a visit's orders before the visit itself, as the board does.

    Whoever changes both and holds the visit first waits for the board, and the board for them.
    """
    await session.execute(
        sa.select(col(Order.id))
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.visit_id) == visit_id)
        .order_by(col(Order.id))
        .with_for_update(key_share=True)
    )


async def attach_visit(session: AsyncSession, *, visit: Visit, customer: Customer) -> None:
    """Give a visit of nobody, with its orders, events and choices, to a customer."""
    visit.customer_id = customer.id
    visit.guest_alias = customer.alias
    visit.allergens = sorted({*visit.allergens, *customer.allergens})
    await session.flush()
    await _hand_over(session, visit, customer_id=customer.id)
    await session.execute(
        sa.update(Consent)
        .where(
            col(Consent.restaurant_id) == visit.restaurant_id,
            col(Consent.visit_id) == visit.id,
            col(Consent.customer_id).is_(None),
        )
        .values(customer_id=customer.id)
        .execution_options(synchronize_session=False)
    )


async def detach_visit(session: AsyncSession, *, visit: Visit, alias: str) -> None:
    """Take a visit out of the customer's record; it goes on as a visit of its session only.

    It gets another alias, and its orders with it: the old one would still lead to the record.
    """
    visit.customer_id = None
    visit.guest_alias = alias
    await session.flush()
    await _hand_over(session, visit, customer_id=None)
    await session.execute(
        sa.update(Order)
        .where(col(Order.restaurant_id) == visit.restaurant_id, col(Order.visit_id) == visit.id)
        .values(guest_alias=alias)
        .execution_options(synchronize_session=False)
    )


async def _hand_over(session: AsyncSession, visit: Visit, *, customer_id: UUID | None) -> None:
    for table in (CustomerEvent, Order):
        await session.execute(
            sa.update(table)
            .where(col(table.restaurant_id) == visit.restaurant_id, col(table.visit_id) == visit.id)
            .values(customer_id=customer_id)
            .execution_options(synchronize_session=False)
        )
