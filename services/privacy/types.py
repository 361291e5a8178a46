"""What others see of erasing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AskedBy(StrEnum):
    """At whose request somebody was erased."""

    GUEST = "guest"
    STAFF = "staff"
    RETENTION = "retention"
    # A backup from before the erasure was put back.
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. `counts` are rows by table and by what happened to them."""

    erasure_id: UUID
    visit_count: int
    order_count: int
    erased_at: datetime
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ErasePreview:
    """What would go and what would stay, before anything is done.

    Amounts are minor units of the restaurant's currency. `rows` are those that would be deleted,
    parted from the guest or emptied, by table.
    """

    customer_id: UUID
    alias: str
    visit_count: int
    order_count: int
    event_count: int
    total_spent_minor: int
    rows: Mapping[str, int]
    merged_count: int
    is_here: bool
    open_order_count: int
    upcoming_reservation_count: int
