"""How many days somebody came, and what they spent, in a span of business days.

What the profile says answers most of it; days and amounts are added up only of customers who may
have so much. A page of the list ends with its fiftieth: adding up everybody's rows first took
seconds of a million.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.profiles import CustomerProfile
from models.visits import Visit
from services.segments.ranges import ranged
from services.segments.types import Asking, Condition, Leaf

_CUSTOMER_ID = col(CustomerProfile.customer_id)


def visited(leaf: Leaf, asking: Asking) -> Condition:
    """Visit days in a span."""
    days = sa.select(sa.func.count(sa.distinct(col(Visit.business_day)))).where(
        col(Visit.restaurant_id) == asking.restaurant.id,
        col(Visit.customer_id) == _CUSTOMER_ID,
        *_span(col(Visit.business_day), col(Visit.visited_at), leaf),
    )
    in_all, last_day = col(CustomerProfile.visit_days), col(CustomerProfile.last_visit_day)
    return _summed(days, leaf, in_all=in_all, last_day=last_day)


def spent_in(leaf: Leaf, asking: Asking) -> Condition:
    """Net spend in a span."""
    spent = sa.select(sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0)).where(
        col(Order.restaurant_id) == asking.restaurant.id,
        col(Order.customer_id) == _CUSTOMER_ID,
        col(Order.order_status) == OrderStatus.COMPLETED,
        *_span(col(Order.business_day), col(Order.placed_at), leaf),
    )
    in_all, last_day = col(CustomerProfile.total_spent_minor), col(CustomerProfile.last_spent_day)
    return _summed(spent, leaf, in_all=in_all, last_day=last_day)


def _summed(of: sa.Select[Any], leaf: Leaf, *, in_all: Any, last_day: Any) -> Condition:  # noqa: ANN401 - SQL
    """A sum over a customer's rows, compared; `last_day` is the last that adds to it."""
    total = of.correlate(CustomerProfile).scalar_subquery()

    def at_least(count: int) -> Condition:
        return _at_least(count, total, leaf, in_all=in_all, last_day=last_day)

    return ranged(leaf, at_least)


def _at_least(count: int, total: Any, leaf: Leaf, *, in_all: Any, last_day: Any) -> Condition:  # noqa: ANN401 - SQL
    if count <= 0:
        return sa.true()
    since = leaf.parameters.get("since")
    # As expressions: SQLite would take an index of these columns, and ask everybody in it before
    # it sorts.
    asked = [in_all + 0 >= count]
    if since is not None:
        asked.append(sa.func.coalesce(last_day, date.min) >= since)
    if count > 1 or leaf.parameters.get("until") is not None:
        asked.append(total >= count)
    return sa.and_(*asked)


def _span(day: Any, moment: Any, leaf: Leaf) -> list[Condition]:  # noqa: ANN401 - SQL
    """Rows of a span of business days; a customer's rows are found by the moment."""
    since, until = leaf.parameters.get("since"), leaf.parameters.get("until")
    found: list[Condition] = []
    if since is not None:
        found += [day >= since, moment >= datetime.combine(_day_before(since), time(), UTC)]
    if until is not None:
        found.append(day <= until)
    return found


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day
