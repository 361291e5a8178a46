"""Rows for tests with fixed defaults: `make_dish(session, category=..., price_minor=950)`.

Every builder adds, flushes and returns the row.
A test states what it is about and leaves the rest to the defaults.
"""

from tests.builders.guests import make_customer, make_note, make_tag, make_visit
from tests.builders.menu import (
    ask_group,
    make_category,
    make_dish,
    make_group,
    make_modifier,
    make_variant,
)
from tests.builders.moments import NOW
from tests.builders.orders import make_order, make_order_line
from tests.builders.reservations import make_reservation
from tests.builders.restaurants import make_restaurant, restaurant_info
from tests.builders.room import make_area, make_sitting, make_table, make_table_code
from tests.builders.staff import make_user

__all__ = [
    "NOW",
    "ask_group",
    "make_area",
    "make_category",
    "make_customer",
    "make_dish",
    "make_group",
    "make_modifier",
    "make_note",
    "make_order",
    "make_order_line",
    "make_reservation",
    "make_restaurant",
    "make_sitting",
    "make_table",
    "make_table_code",
    "make_tag",
    "make_user",
    "make_variant",
    "make_visit",
    "restaurant_info",
]
