"""Conditions on how a customer's first visit was, and when they came again after it.

The same definitions as the night's cohorts: → docs/algorithms/cohorts.md
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind, OrderStatus
from models.ordering import Order, OrderLine
from models.profiles import CustomerProfile
from models.seating import TableCode
from models.visits import Visit
from services.segments.conditions import CUSTOMER_ID, Make, compared, of_customer
from services.segments.types import Asking, Condition, Leaf


def first_dish(leaf: Leaf, asking: Asking) -> Condition:
    """The first line of the first completed order."""
    asked = _first_order(col(OrderLine.dish_id), asking).join(
        OrderLine, col(OrderLine.order_id) == col(Order.id)
    )
    return compared(_one(asked.order_by(col(OrderLine.position))), leaf)


def first_order(leaf: Leaf, asking: Asking) -> Condition:
    """What the first completed order came to."""
    return compared(_one(_first_order(col(Order.total_minor), asking)), leaf)


def first_place(column: Any) -> Make:  # noqa: ANN401 - a column of `customers`
    """Where they sat first."""
    return of_customer(lambda leaf, _asking: compared(column, leaf))


def first_campaign(leaf: Leaf, asking: Asking) -> Condition:
    """By which campaign's code they came on their first day; the code is the value."""
    return sa.exists(
        sa.select(col(Visit.id))
        .join(TableCode, col(TableCode.id) == col(Visit.table_code_id))
        .where(
            col(Visit.restaurant_id) == asking.restaurant.id,
            col(Visit.customer_id) == CUSTOMER_ID,
            col(Visit.business_day) == col(CustomerProfile.first_visit_day),
            col(TableCode.restaurant_id) == asking.restaurant.id,
            col(TableCode.kind) == CodeKind.CAMPAIGN,
            compared(col(TableCode.code), leaf),
        )
        .correlate(CustomerProfile)
    )


def months_after_first(leaf: Leaf, asking: Asking) -> Condition:
    """A visit so many calendar months after that of the first one."""
    later = _month(col(Visit.business_day)) - _month(col(CustomerProfile.first_visit_day))
    return sa.exists(
        sa.select(col(Visit.id))
        .where(
            col(Visit.restaurant_id) == asking.restaurant.id,
            col(Visit.customer_id) == CUSTOMER_ID,
            compared(later, leaf),
        )
        .correlate(CustomerProfile)
    )


def _month(day: Any) -> Any:  # noqa: ANN401 - SQL
    return sa.extract("year", day) * 12 + sa.extract("month", day)


def _first_order(what: Any, asking: Asking) -> sa.Select[Any]:  # noqa: ANN401 - a column
    return (
        sa.select(what)
        .select_from(Order)
        .where(
            col(Order.restaurant_id) == asking.restaurant.id,
            col(Order.customer_id) == CUSTOMER_ID,
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .order_by(col(Order.placed_at), col(Order.id))
    )


def _one(of: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return of.limit(1).correlate(CustomerProfile).scalar_subquery()
