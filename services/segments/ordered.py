"""How often somebody ordered a dish, or something of a category, asked of `customer_items`.

The days of a customer's last 32 orders stand in the row, newest first, eight digits each: "twice
since June" compares the second of them. What lies further back than they reach is counted from the
orders themselves, of those customers only.
"""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.profiles import CustomerItem, CustomerProfile
from services.profiles.items import DAY_DIGITS, MAX_DAYS, digits
from services.segments.ranges import ranged
from services.segments.types import Asking, Condition, Leaf

DAYS = col(CustomerItem.order_days)
# Orders after the span that are looked past before the orders themselves are asked.
_PASSED = 8


def ordered_dish(leaf: Leaf, asking: Asking) -> Condition:
    """How many completed orders had a dish."""
    return _ordered(leaf, asking, leaf.parameters["dish"])


def ordered_category(leaf: Leaf, asking: Asking) -> Condition:
    """How many completed orders had something of a category, as the menu was then."""
    return _ordered(leaf, asking, leaf.parameters["category"])


def _ordered(leaf: Leaf, asking: Asking, item_id: UUID) -> Condition:
    return ranged(leaf, lambda count: _at_least(count, leaf, asking, item_id))


def _at_least(count: int, leaf: Leaf, asking: Asking, item_id: UUID) -> Condition:
    if count <= 0:
        return sa.true()
    since: date | None = leaf.parameters.get("since")
    until: date | None = leaf.parameters.get("until")
    rows = sa.select(col(CustomerItem.customer_id)).where(
        col(CustomerItem.restaurant_id) == asking.restaurant.id,
        col(CustomerItem.item_id) == item_id,
        col(CustomerItem.order_count) >= count,
    )
    if asking.customer_id is not None:
        rows = rows.where(col(CustomerItem.customer_id) == asking.customer_id)
    if since is not None:
        rows = rows.where(digits(since) <= DAYS)
    if until is not None:
        rows = rows.where(col(CustomerItem.first_day) <= until)
    if until is not None or (since is not None and count > 1):
        rows = rows.where(_within(count, since, until, item_id))
    return col(CustomerProfile.customer_id).in_(rows)


def _within(count: int, since: date | None, until: date | None, item_id: UUID) -> Condition:
    """Whether a row has so many orders in a span; the row has as many at any time."""
    reach = MAX_DAYS - count
    if reach < 0:
        return _counted(count, since, until, item_id)
    if until is None:
        return _day(count) >= digits(since or date.min)
    if since is None:
        # The oldest orders: so many of them have not come later.
        last = col(CustomerItem.order_count) - count + 1
        return sa.case(
            (last <= MAX_DAYS, _day(last) <= digits(until)),
            else_=_counted(count, since, until, item_id),
        )
    passed = min(_PASSED, reach)
    # Of the days, newest first, the first that is not after the span, and the one so many on.
    known = sa.case(
        *(
            (_day(place) <= digits(until), _day(place + count - 1) >= digits(since))
            for place in range(1, passed + 2)
        ),
        else_=sa.false(),
    )
    # More orders than these came after the span.
    beyond = sa.and_(
        col(CustomerItem.order_count) > passed + count, _day(passed + 1) > digits(until)
    )
    return sa.case((beyond, _counted(count, since, until, item_id)), else_=known)


def _day(place: Any) -> Any:  # noqa: ANN401 - SQL
    """The day of one of the last orders, 1 is the newest; empty when there is none."""
    return sa.func.substr(DAYS, (place - 1) * DAY_DIGITS + 1, DAY_DIGITS)


def _counted(count: int, since: date | None, until: date | None, item_id: UUID) -> Condition:
    """So many orders in a span, counted from the orders of the row's customer."""
    orders = (
        sa.select(sa.func.count(sa.distinct(col(Order.id))))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(
            col(Order.restaurant_id) == col(CustomerItem.restaurant_id),
            col(Order.customer_id) == col(CustomerItem.customer_id),
            col(Order.order_status) == OrderStatus.COMPLETED,
            sa.or_(col(OrderLine.dish_id) == item_id, col(OrderLine.category_id) == item_id),
        )
    )
    if since is not None:
        orders = orders.where(col(Order.business_day) >= since)
    if until is not None:
        orders = orders.where(col(Order.business_day) <= until)
    return orders.correlate(CustomerItem).scalar_subquery() >= count
