"""Visit days and spend of a restaurant's customers, as models read them: one row a customer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from services.analytics.visit_days import VisitDays, day_of
from services.base.raw_rows import as_uuid, raw


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


async def histories_of(
    session: AsyncSession, *, restaurant_id: UUID, days: VisitDays
) -> list[History]:
    """Every living customer with a visit, from the visit days of a restaurant.

    A merged customer's visits belong to who stays, so nobody is counted twice.
    """
    living = set(
        await session.scalars(
            sa.select(raw(col(Customer.id))).where(
                col(Customer.restaurant_id) == restaurant_id,
                col(Customer.merged_into_id).is_(None),
                col(Customer.erased_at).is_(None),
            )
        )
    )
    count = len(days.customers)
    first = days.first_day
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, days.visitor, days.day)
    came = np.bincount(days.visitor, minlength=count)
    repeat = (days.paid_day > first[days.payer]) & (days.paid_minor > 0)
    paid = np.bincount(days.payer[repeat], minlength=count)
    minor = np.zeros(count, dtype=np.int64)
    np.add.at(minor, days.payer[repeat], days.paid_minor[repeat])
    # A year has few days, and many customers came on each.
    dates = {one: day_of(one) for one in np.unique(days.day).tolist()}
    columns = (column.tolist() for column in (first, last, came, paid, minor))
    return [
        History(as_uuid(who), dates[begun], dates[ended], *counted)
        for who, begun, ended, *counted in zip(days.customers, *columns, strict=True)
        if who in living
    ]
