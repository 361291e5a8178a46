"""Who came on which day and what they paid, as columns: what cohorts and proofs are counted from.

A year of 100,000 customers is a million rows; as columns they are 20 MB, and counting is seconds.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.visits import Visit
from services.base.raw_rows import RowId, raw

Ints = NDArray[np.int64]
# Rows are fetched in parts: memory holds the columns, not the rows.
PART = 20_000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class VisitDays:
    """Visit days and bills of a restaurant's customers. Days are counted from 1 January 1970.

    Attributes:
        customers: everybody with a visit day, in the order of the numbers below.
        visitor: number of the customer, once a visit day; ascending.
        day: that day.
        payer: number of the customer, once a day with completed orders; ascending.
        paid_day: that day.
        paid_minor: net spend of it, in minor units.
    """

    customers: tuple[RowId, ...]
    visitor: Ints
    day: Ints
    payer: Ints
    paid_day: Ints
    paid_minor: Ints

    @property
    def first_day(self) -> Ints:
        """First visit day of each customer."""
        first = np.full(len(self.customers), np.iinfo(np.int64).max)
        np.minimum.at(first, self.visitor, self.day)
        return first


def number_of(day: date) -> int:
    """A day as the columns have it."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The day a number of the columns stands for."""
    return date.fromordinal(number + _EPOCH)


async def read_visit_days(session: AsyncSession, *, restaurant_id: UUID, until: date) -> VisitDays:
    """Every customer with a visit; days after `until` are left out.

    A merged customer's visits belong to who stays; those of who was erased to nobody. Money of a
    day without a visit (an order moved by hand) counts from the first visit day on only.
    """
    visits: Any = (
        sa.select(raw(col(Visit.customer_id)), raw(col(Visit.business_day)))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).is_not(None),
            col(Visit.business_day) <= until,
        )
        .distinct()
        .order_by(col(Visit.customer_id))
    )
    bills: Any = (
        sa.select(
            raw(col(Order.customer_id)),
            raw(col(Order.business_day)),
            sa.func.sum(col(Order.total_minor)),
        )
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.customer_id).is_not(None),
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.business_day) <= until,
        )
        .group_by(col(Order.customer_id), col(Order.business_day))
        .order_by(col(Order.customer_id))
    )
    numbers: dict[RowId, int] = {}
    visitor: list[Ints] = []
    day: list[Ints] = []
    async for part in _parts(session, visits):
        ids = [numbers.setdefault(row[0], len(numbers)) for row in part]
        visitor.append(np.array(ids, dtype=np.int64))
        day.append(_days([row[1] for row in part]))
    payer: list[Ints] = []
    paid_day: list[Ints] = []
    paid_minor: list[Ints] = []
    async for part in _parts(session, bills):
        rows = [row for row in part if row[0] in numbers]
        payer.append(np.array([numbers[row[0]] for row in rows], dtype=np.int64))
        paid_day.append(_days([row[1] for row in rows]))
        paid_minor.append(np.array([int(row[2]) for row in rows], dtype=np.int64))
    return VisitDays(
        customers=tuple(numbers),
        visitor=_joined(visitor),
        day=_joined(day),
        payer=_joined(payer),
        paid_day=_joined(paid_day),
        paid_minor=_joined(paid_minor),
    )


def _days(values: list[Any]) -> Ints:
    """Days from 1 January 1970 on, of what a driver gives for a date."""
    return np.array(values, dtype="datetime64[D]").astype(np.int64)


async def _parts(session: AsyncSession, statement: sa.Select[Any]) -> AsyncGenerator[list[Any]]:
    streamed = await session.stream(statement.execution_options(yield_per=PART))
    async for part in streamed.partitions(PART):
        yield list(part)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
