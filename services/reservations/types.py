"""What others see of reservations and the waitlist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.enums import ReservationStatus, WaitStatus
from services import live


@dataclass(frozen=True, slots=True)
class ReservationRules:
    """What a restaurant allows; the defaults count until somebody changes them."""

    guests_may_book: bool = False
    guests_may_queue: bool = False
    smallest_party: int = 1
    largest_party: int = 8
    minutes_for_two: int = 90
    minutes_for_four: int = 120
    minutes_for_more: int = 150
    step_minutes: int = 30
    lead_minutes: int = 60
    most_days_ahead: int = 60
    last_booking_minutes: int = 60
    most_guests_per_step: int = 0
    may_join_tables: bool = True
    ahead_minutes: int = 45
    grace_minutes: int = 15
    reminder_hours: int = 24
    retention_days: int = 30


@dataclass(frozen=True, slots=True)
class Contact:
    """What a party tells about itself; every part may be empty. Never in logs or addresses."""

    name: str = ""
    phone: str = ""
    email: str = ""
    wishes: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """One reservation, with its tables in words."""

    id: UUID
    restaurant_id: UUID
    table_ids: tuple[UUID, ...]
    # "12" or "12 + 13".
    tables: str
    area: str
    customer_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    party_size: int
    status: ReservationStatus
    source: str
    language: str
    contact: Contact
    # One of its tables was archived or is out of service.
    needs_table: bool
    seated_at: datetime | None

    def is_late(self, now: datetime, grace_minutes: int) -> bool:
        """Expected, and not here after the time that is granted."""
        waited = (now - self.starts_at).total_seconds() / 60
        return self.status is ReservationStatus.CONFIRMED and waited >= grace_minutes


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking made."""

    reservation_id: UUID
    restaurant_id: UUID
    # What the guest's link ends with; only its hash is stored.
    token: str
    starts_at: datetime
    # The same form was sent before: nothing new was made.
    is_repeated: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return change_topics(self.restaurant_id)


@dataclass(frozen=True, slots=True)
class ReservationChange:
    """A reservation has changed."""

    reservation_id: UUID
    restaurant_id: UUID
    status: ReservationStatus
    sitting_id: UUID | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        sitting = (live.sitting_topic(self.sitting_id),) if self.sitting_id else ()
        return (*change_topics(self.restaurant_id), *sitting)


@dataclass(frozen=True, slots=True)
class Due:
    """A table that a party is expected at soon."""

    reservation_id: UUID
    table_id: UUID
    starts_at: datetime
    party_size: int


@dataclass(frozen=True, slots=True)
class Wait:
    """A party in the queue."""

    id: UUID
    restaurant_id: UUID
    alias: str
    contact: Contact
    party_size: int
    status: WaitStatus
    source: str
    language: str
    joined_at: datetime
    notified_at: datetime | None
    quoted: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A party has joined the queue."""

    entry_id: UUID
    restaurant_id: UUID
    token: str
    is_repeated: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return (live.reservations_topic(self.restaurant_id),)


@dataclass(frozen=True, slots=True)
class WaitChange:
    """A party in the queue was called, seated, or left."""

    entry_id: UUID
    restaurant_id: UUID
    status: WaitStatus
    sitting_id: UUID | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        if self.sitting_id is None:
            return (live.reservations_topic(self.restaurant_id),)
        return (*change_topics(self.restaurant_id), live.sitting_topic(self.sitting_id))


def change_topics(restaurant_id: UUID) -> tuple[str, ...]:
    """Who hears of a table that is held or let go: the day's screen and the floor."""
    return live.reservations_topic(restaurant_id), live.floor_topic(restaurant_id)
