"""What profiles are counted from, and what comes of it. Amounts are minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

# An id or a moment as the driver gives it: counting compares them and never looks into them.
RawId: TypeAlias = Any
RawMoment: TypeAlias = Any


class VisitFact(NamedTuple):
    """One visit."""

    business_day: date
    # Local minutes after midnight at which it began.
    minute: int
    session_seconds: int
    # None while the visit goes on.
    interactions: int | None
    product_views: int
    carts_abandoned: int
    language: str
    party_size: int | None


class LineFact(NamedTuple):
    """One line of a completed order."""

    dish_id: RawId
    category_id: RawId
    quantity: int
    total_minor: int


class OrderFact(NamedTuple):
    """One completed order."""

    placed_at: RawMoment
    business_day: date
    total_minor: int
    payment_method: str | None
    lines: Sequence[LineFact]


class DishTraits(NamedTuple):
    """What a dish says about who orders it. `band` is its price within its category."""

    is_vegetarian: bool
    is_vegan: bool
    is_spicy: bool
    band: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything one customer's profile is counted from, oldest first."""

    visits: Sequence[VisitFact] = ()
    orders: Sequence[OrderFact] = ()
    # Of every status: a cart that was sent.
    sent_count: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a restaurant has set about profiles, and the borders of the last recompute."""

    engagement_high_seconds: int = 300
    engagement_high_interactions: int = 8
    engagement_low_seconds: int = 60
    engagement_low_interactions: int = 2
    borders: Mapping[str, Any] | None = None
    calculated_at: datetime | None = None


@dataclass(slots=True)
class Seen:
    """How a customer's orders had one value: a dish, a category, a diet, a range of prices."""

    # Weights of the orders: newer ones count more.
    weight: float
    first_at: RawMoment
    last_at: RawMoment
    # Business day of each order, oldest first.
    days: list[date]


@dataclass(frozen=True, slots=True)
class Tally:
    """A customer's completed orders, gone through once. Dishes and categories by their ids."""

    order_count: int
    item_count: int
    spent_minor: int
    vegetarian_orders: int
    vegan_orders: int
    spicy_orders: int
    # The weights of all orders.
    weight: float
    # "category", "product", "dietary", "price_range": value: how it was seen.
    seen: Mapping[str, Mapping[Any, Seen]]
    dish_quantities: Mapping[RawId, int]
    # Spring, summer, autumn, winter.
    season_orders: Sequence[int]
    season_quantities: Sequence[Mapping[RawId, int]]


class Preference(NamedTuple):
    """One thing a customer likes. `value` is an id or a word."""

    kind: str
    value: RawId
    strength: float
    observation_count: int
    first_at: RawMoment
    last_at: RawMoment
    is_stated: bool = False


class Item(NamedTuple):
    """How often and when a customer ordered a dish, or something of a category."""

    item_id: RawId
    order_count: int
    first_day: date
    # Days of the last orders, newest first, eight digits each.
    order_days: str


Traits: TypeAlias = Mapping[RawId, DishTraits]
