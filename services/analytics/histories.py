"""Visit days and spend of a restaurant's customers, as models read them: one row a customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.ordering import Order
from models.visits import Visit


@dataclass(frozen=True, slots=True)
class History:
    """One living customer.

    Attributes:
        customer_id: who.
        first_day: first business day with a visit.
        last_day: last one.
        visit_days: business days with a visit.
        paid_days: of those after the first, days with net spend above zero.
        paid_minor: net spend of these days.
    """

    customer_id: UUID
    first_day: date
    last_day: date
    visit_days: int
    paid_days: int
    paid_minor: int


async def read_histories(
    session: AsyncSession, *, restaurant_id: UUID, until: date
) -> list[History]:
    """Every living customer with a visit; days after `until` are left out.

    A merged customer's visits belong to who stays, so nobody is counted twice.

    Args:
        session: open session.
        restaurant_id: whose customers.
        until: the last business day of the data.
    """
    day = col(Visit.business_day)
    # Labels of columns have no type that checkers know.
    visitor: Any = col(Visit.customer_id)
    payer: Any = col(Order.customer_id)
    paid_on: Any = col(Order.business_day)
    visits = (
        sa.select(
            visitor.label("customer_id"),
            sa.func.min(day).label("first_day"),
            sa.func.max(day).label("last_day"),
            sa.func.count(sa.distinct(day)).label("visit_days"),
        )
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.merged_into_id).is_(None),
            col(Customer.erased_at).is_(None),
            day <= until,
        )
        .group_by(col(Visit.customer_id))
        .subquery("visits")
    )
    bills = (
        sa.select(
            payer.label("customer_id"),
            paid_on.label("day"),
            sa.func.sum(col(Order.total_minor)).label("minor"),
        )
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.customer_id).is_not(None),
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.business_day) <= until,
        )
        .group_by(col(Order.customer_id), col(Order.business_day))
        .subquery("bills")
    )
    rows = await session.execute(
        sa.select(
            visits.c.customer_id,
            visits.c.first_day,
            visits.c.last_day,
            visits.c.visit_days,
            sa.func.count(bills.c.minor),
            sa.func.coalesce(sa.func.sum(bills.c.minor), 0),
        )
        .outerjoin(
            bills,
            sa.and_(
                bills.c.customer_id == visits.c.customer_id,
                bills.c.day > visits.c.first_day,
                bills.c.minor > 0,
            ),
        )
        .group_by(visits.c.customer_id, visits.c.first_day, visits.c.last_day, visits.c.visit_days)
        .order_by(visits.c.customer_id)
    )
    return [History(*row[:4], int(row[4]), int(row[5])) for row in rows]
