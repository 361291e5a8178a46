"""A customer's totals from the rows their profile is counted from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.enums import OrderStatus
from services.profiles.raw import as_id, day_of
from services.profiles.reading import TABLE_AND_AREA, Rows
from services.profiles.types import RawId, RawMoment


@dataclass(frozen=True, slots=True)
class VisitTotals:
    """How often somebody came, and where they sit most; of equals where they sat last."""

    count: int
    day_count: int
    first_day: date | None
    last_day: date | None
    table_id: UUID | None
    area_id: UUID | None


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """Completed orders, net, in minor units; the category they order most of."""

    count: int
    total_minor: int
    highest_minor: int
    category_id: UUID | None


def visits(rows: Rows) -> VisitTotals:
    """Totals of a customer's visits."""
    days = {day_of(row[3]) for row in rows.visits}
    table_id, area_id = (
        _most((row[place], 1, row[1]) for row in rows.visits) for place in TABLE_AND_AREA
    )
    return VisitTotals(
        count=len(rows.visits),
        day_count=len(days),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        table_id=table_id,
        area_id=area_id,
    )


def orders(rows: Rows) -> OrderTotals:
    """Totals of a customer's completed orders."""
    done = [one for one in rows.orders if one.status == OrderStatus.COMPLETED]
    amounts = [one.total_minor for one in done]
    return OrderTotals(
        count=len(done),
        total_minor=sum(amounts),
        highest_minor=max(amounts, default=0),
        category_id=_most(
            (category_id, quantity, one.placed_at)
            for one in done
            for _, category_id, quantity, _ in one.lines
        ),
    )


def _most(seen: Iterable[tuple[RawId | None, int, RawMoment]]) -> UUID | None:
    """What was seen most; of equals the one seen last, then the smallest id."""
    found: dict[Any, list[Any]] = {}
    for value, count, moment in seen:
        if value is not None:
            known = found.setdefault(value, [0, moment])
            known[0] += count
            known[1] = max(known[1], moment)
    if not found:
        return None
    most = max(found.values())
    return as_id(min(value for value, known in found.items() if known == most))
