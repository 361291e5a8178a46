"""Who came on which day and what they paid, as columns: what cohorts and proofs are counted from.

A year of 100,000 customers is a million rows; as columns they are 20 MB, and counting is seconds.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
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
# Customers are fetched in parts: memory holds the columns, not the rows.
PART = 10_000
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

    def up_to(self, until: date) -> "VisitDays":
        """As it was at the end of an earlier day, without who had not come by then."""
        last = number_of(until)
        came, paid = self.day <= last, self.paid_day <= last
        known = np.unique(self.visitor[came])
        paid &= np.isin(self.payer, known)
        return VisitDays(
            customers=tuple(self.customers[int(one)] for one in known),
            visitor=np.searchsorted(known, self.visitor[came]),
            day=self.day[came],
            payer=np.searchsorted(known, self.payer[paid]),
            paid_day=self.paid_day[paid],
            paid_minor=self.paid_minor[paid],
        )


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
    # A row a customer, its days in one text: a million rows cost seconds in a driver and nothing
    # in numpy.
    visits: Any = (
        sa.select(raw(col(Visit.customer_id)), _in_one(col(Visit.business_day)))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).is_not(None),
            col(Visit.business_day) <= until,
        )
        .group_by(col(Visit.customer_id))
        .order_by(col(Visit.customer_id))
    )
    paid: Any = (
        sa.select(
            raw(col(Order.customer_id)),
            _in_one(col(Order.business_day)),
            _in_one(col(Order.total_minor)),
        )
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.customer_id).is_not(None),
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.business_day) <= until,
        )
        .group_by(col(Order.customer_id))
        .order_by(col(Order.customer_id))
    )
    customers: list[RowId] = []
    who: list[Ints] = []
    day: list[Ints] = []
    async for part in _parts(session, visits):
        days = [row[1].split() for row in part]
        who.append(_repeated(range(len(customers), len(customers) + len(part)), days))
        day.append(_days(days))
        customers += [row[0] for row in part]
    visitor, visit_day, _ = _each_day(_joined(who), _joined(day))
    numbers = {one: number for number, one in enumerate(customers)}
    who, day = [], []
    minor: list[Ints] = []
    async for part in _parts(session, paid):
        rows = [row for row in part if row[0] in numbers]
        days = [row[1].split() for row in rows]
        who.append(_repeated([numbers[row[0]] for row in rows], days))
        day.append(_days(days))
        bills = [int(one) for row in rows for one in row[2].split()]
        minor.append(np.array(bills, dtype=np.int64))
    payer, paid_day, place = _each_day(_joined(who), _joined(day))
    paid_minor = np.zeros(len(payer), dtype=np.int64)
    np.add.at(paid_minor, place, _joined(minor))
    return VisitDays(tuple(customers), visitor, visit_day, payer, paid_day, paid_minor)


def _in_one(column: Any) -> Any:  # noqa: ANN401 - of days or numbers
    """All values of a group in one text; of one scan all columns have them in the same order."""
    return sa.func.aggregate_strings(sa.cast(column, sa.String), " ")


def _repeated(numbers: Sequence[int], values: Sequence[Sequence[str]]) -> Ints:
    """Each number as often as it has values."""
    counts = np.array([len(one) for one in values], dtype=np.int64)
    return np.repeat(np.array(numbers, dtype=np.int64), counts)


def _days(values: Sequence[Sequence[str]]) -> Ints:
    """Days from 1 January 1970 on, of 2026-05-13 and the like."""
    texts = list(chain.from_iterable(values))
    return np.array(texts, dtype="datetime64[D]").astype(np.int64)


def _each_day(who: Ints, day: Ints) -> tuple[Ints, Ints, Ints]:
    """Each customer's days once, ascending; and where each value given stands among them."""
    span = int(day.max(initial=0)) + 1
    known, place = np.unique(who * span + day, return_inverse=True)
    return known // span, known % span, place


async def _parts(session: AsyncSession, statement: sa.Select[Any]) -> AsyncGenerator[list[Any]]:
    streamed = await session.stream(statement.execution_options(yield_per=PART))
    async for part in streamed.partitions(PART):
        yield list(part)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
