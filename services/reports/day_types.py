"""What is counted of business days: values, before anybody reads or stores them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class Part(StrEnum):
    """What may be counted of a day beside its orders."""

    VISITS = "visits"
    GUESTS = "guests"
    # Of dishes, or of all together.
    DISHES = "dishes"
    PORTIONS = "portions"
    POINTS = "points"
    # Orders and visits by the hour of the clock, too.
    HOURS = "hours"


@dataclass(slots=True)
class DayTotals:
    """Sums of one or more business days; the columns of `SalesDay`."""

    order_count: int = 0
    refused_count: int = 0
    placed_count: int = 0
    item_count: int = 0
    suggested_count: int = 0
    revenue_minor: int = 0
    known_order_count: int = 0
    known_revenue_minor: int = 0
    visit_count: int = 0
    known_visit_count: int = 0
    customer_count: int = 0
    new_count: int = 0
    menu_seconds: int = 0
    product_views: int = 0
    abandoned_count: int = 0
    member_order_count: int = 0
    member_revenue_minor: int = 0
    points_earned: int = 0
    points_undone: int = 0
    points_redeemed: int = 0
    points_expired: int = 0
    points_adjusted: int = 0


@dataclass(slots=True)
class HourTotals:
    """What happened in one hour of the clock."""

    visit_count: int = 0
    order_count: int = 0
    revenue_minor: int = 0


@dataclass(slots=True)
class DishTotals:
    """What one dish sold: portions, orders with it, its price before discounts."""

    category_id: UUID
    quantity: int = 0
    order_count: int = 0
    revenue_minor: int = 0


@dataclass(slots=True)
class DayCount:
    """Everything that is counted of one business day.

    `returns`: guests by the visit day before it, and how many of them came for the second time.
    """

    totals: DayTotals = field(default_factory=DayTotals)
    hours: dict[int, HourTotals] = field(default_factory=dict)
    dishes: dict[UUID, DishTotals] = field(default_factory=dict)
    returns: Mapping[date, tuple[int, int]] = field(default_factory=dict[date, tuple[int, int]])
