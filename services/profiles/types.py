"""What profiles are counted from, and what comes of it. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

# An id as the driver gives it: counting compares ids and never looks into them.
RawId: TypeAlias = Any


class VisitFact(NamedTuple):
    """One visit."""

    visited_at: datetime
    business_day: date
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

    placed_at: datetime
    business_day: date
    total_minor: int
    payment_method: str | None
    lines: tuple[LineFact, ...]


class DishTraits(NamedTuple):
    """What a dish says about who orders it. `band` is its price within its category."""

    is_vegetarian: bool
    is_vegan: bool
    is_spicy: bool
    band: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything one customer's profile is counted from, oldest first."""

    visits: tuple[VisitFact, ...]
    orders: tuple[OrderFact, ...]
    # Of every status: a cart that was sent.
    sent_count: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What a restaurant has set about profiles, and the borders of the last recompute."""

    engagement_high_seconds: int = 300
    engagement_high_interactions: int = 8
    engagement_low_seconds: int = 60
    engagement_low_interactions: int = 2
    borders: Mapping[str, Any] | None = None
    calculated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """One thing a customer likes. `value` is an id or a word."""

    kind: str
    value: RawId
    strength: float
    count: int
    first_at: datetime
    last_at: datetime
    is_stated: bool = False


class PreferenceRow(NamedTuple):
    """One row of `customer_preferences`, in the order of its columns here."""

    customer_id: UUID
    preference_type: str
    preference_value: str
    restaurant_id: UUID
    preference_strength: float
    is_stated: bool
    observation_count: int
    first_observed_at: datetime
    last_observed_at: datetime


Traits: TypeAlias = Mapping[RawId, DishTraits]
