"""What staff see of customers. Amounts are minor units of the restaurant's currency."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DAYPARTS = ("early", "lunch", "afternoon", "dinner", "late")


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
class PastMerge:
    """A merge that can be taken back."""

    entry_id: UUID
    alias: str
    reason: str
    merged_at: datetime
