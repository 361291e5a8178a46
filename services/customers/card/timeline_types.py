"""What happened with a guest, as facts: one kind of row each."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from services.customers.card.paging import Place


class Kind(StrEnum):
    """What the timeline can be narrowed to."""

    VISIT = "visit"
    READING = "reading"
    ORDER = "order"
    BOOKING = "booking"
    CAMPAIGN = "campaign"
    CONSENT = "consent"
    POINTS = "points"
    MERGE = "merge"


# What service needs to know of somebody at the table; the rest is for who leads the place.
KINDS_OF_SERVICE = (Kind.VISIT, Kind.ORDER, Kind.BOOKING)


@dataclass(frozen=True, slots=True)
class VisitHappened:
    """A guest came. `with_aliases` are the other phones of the party."""

    id: UUID
    at: datetime
    ended_at: datetime | None
    table_number: str | None
    area_name: str | None
    device_info: dict[str, str]
    campaign: str
    sitting_id: UUID | None
    with_aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingHappened:
    """A guest read the menu during one visit.

    `taken_out` are dishes that went into the cart and out again; `searches` what they looked for.
    """

    id: UUID
    at: datetime
    seconds: int
    dish_count: int
    category_count: int
    taken_out: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    left_cart: bool = False


@dataclass(frozen=True, slots=True)
class OrderHappened:
    """A guest ordered. `total_minor` is None for who may not see amounts."""

    id: UUID
    at: datetime
    number: int
    status: str
    total_minor: int | None
    note: str
    served_seconds: int | None
    dishes: tuple[tuple[int, str], ...] = ()
    line_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingHappened:
    """A guest booked a table for some evening; `at` is when they booked."""

    id: UUID
    at: datetime
    reservation_at: datetime
    party_size: int
    status: str


@dataclass(frozen=True, slots=True)
class ConsentHappened:
    """A guest chose what is kept."""

    id: UUID
    at: datetime
    level: str
    source: str
    text_version: str


@dataclass(frozen=True, slots=True)
class PointsHappened:
    """Points came or went: all rows of one thing together. `kind` is that of the ledger."""

    id: UUID
    at: datetime
    kind: str
    reason: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class MergeHappened:
    """Two records became one, or two again."""

    id: UUID
    at: datetime
    alias: str
    reason: str
    undone_at: datetime | None


Happened: TypeAlias = (
    VisitHappened
    | ReadingHappened
    | OrderHappened
    | BookingHappened
    | ConsentHappened
    | PointsHappened
    | MergeHappened
)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One page, newest first; `next_after` is None on the last. Counts are of all pages."""

    rows: tuple[Happened, ...]
    next_after: Place | None
    counts: dict[Kind, int] = field(default_factory=dict[Kind, int])
