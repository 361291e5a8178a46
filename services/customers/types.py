"""What staff see of customers. Amounts are minor units of the restaurant's currency."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.enums import ConsentLevel, CustomerStatus, LinkKind
from services.identity.aliases import Face
from services.identity.types import GivenDetails

DAYPARTS = ("early", "lunch", "afternoon", "dinner", "late")


class CustomerSort(StrEnum):
    """What the list can be sorted by."""

    LAST_SEEN = "last_seen"
    VISITS = "visits"
    SPENT = "spent"
    STATUS = "status"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list. `monthly_visits` are 12 counts, the month that runs now last."""

    customer_id: UUID
    alias: str
    face: Face
    status: CustomerStatus
    consent_level: ConsentLevel
    last_seen_at: datetime
    is_here: bool
    total_visits: int
    total_spent_minor: int
    average_order_minor: int
    favourite_dish: str | None
    monthly_visits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of the list. `total_count` is of all pages; `next_after` is None on the last."""

    rows: tuple[CustomerRow, ...]
    total_count: int
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class Favourite:
    """A dish and how many of it the guest has had."""

    dish_id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Preferred:
    """A table number or the name of an area, and in how many visits."""

    name: str
    visit_count: int


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One line of an order, as it was ordered."""

    dish_name: str
    variant_name: str
    quantity: int
    line_total_minor: int
    note: str


@dataclass(frozen=True, slots=True)
class ProfileOrder:
    """One order, with its lines."""

    order_id: UUID
    visit_id: UUID
    number: int
    status: str
    total_minor: int
    placed_at: datetime
    table_number: str | None
    lines: tuple[ProfileLine, ...]


@dataclass(frozen=True, slots=True)
class ProfileVisit:
    """One stay."""

    visit_id: UUID
    visited_at: datetime
    business_day: date
    ended_at: datetime | None
    table_number: str | None
    area_name: str | None
    device_info: dict[str, Any]
    session_duration_seconds: int
    menu_views: int
    order_value_minor: int


@dataclass(frozen=True, slots=True)
class ProfileEvent:
    """One thing the guest did."""

    event_type: str
    data: dict[str, Any]
    happened_at: datetime
    visit_id: UUID
    # The dish or category it was about; empty when it was about none, or that is gone.
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Another customer who may be the same guest: a hint for staff, never done by itself."""

    customer_id: UUID
    alias: str


@dataclass(frozen=True, slots=True)
class PastMerge:
    """A merge that can be taken back."""

    entry_id: UUID
    alias: str
    reason: str
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """Everything on one customer's page.

    `when_counts` are visits by weekday (Monday first) and part of the day (`DAYPARTS`).
    """

    row: CustomerRow
    anonymous_id: UUID
    consent_since_at: datetime
    known_by: tuple[LinkKind, ...]
    details: GivenDetails
    allergens: tuple[str, ...]
    notes: str
    tags: tuple[str, ...]
    first_seen_at: datetime
    first_table: str | None
    visit_days: int
    total_orders: int
    highest_order_minor: int
    orders: tuple[ProfileOrder, ...]
    visits: tuple[ProfileVisit, ...]
    events: tuple[ProfileEvent, ...]
    favourites: tuple[Favourite, ...]
    when_counts: tuple[tuple[int, ...], ...]
    preferred_tables: tuple[Preferred, ...]
    preferred_areas: tuple[Preferred, ...]
    maybe_same: tuple[MaybeSame, ...]
    merges: tuple[PastMerge, ...]
