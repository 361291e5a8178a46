"""Who comes when: reservations, the quarter hours they hold, the waitlist."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field
from models.enums import ReservationStatus, WaitStatus


class ReservationSettings(TenantRow, table=True):
    """What a restaurant allows; one row, missing until somebody changes a default."""

    __tablename__ = "reservation_settings"
    __table_args__ = (sa.UniqueConstraint("restaurant_id"),)

    guests_may_book: bool = Field(default=False)
    guests_may_queue: bool = Field(default=False)
    smallest_party: int = Field(default=1)
    largest_party: int = Field(default=8)
    # How long a table is held for a party of up to two, up to four, and more.
    minutes_for_two: int = Field(default=90)
    minutes_for_four: int = Field(default=120)
    minutes_for_more: int = Field(default=150)
    # Times are offered at this distance.
    step_minutes: int = Field(default=30)
    lead_minutes: int = Field(default=60)
    most_days_ahead: int = Field(default=60)
    # The last booking is this long before closing.
    last_booking_minutes: int = Field(default=60)
    # How many guests may arrive at one offered time; 0 is any number.
    most_guests_per_step: int = Field(default=0)
    may_join_tables: bool = Field(default=True)
    # The floor shows a table as reserved this long ahead.
    ahead_minutes: int = Field(default=45)
    # A party counts as late after this.
    grace_minutes: int = Field(default=15)
    # 0 sends no reminder.
    reminder_hours: int = Field(default=24)
    # Names, numbers and wishes go this many days after the evening.
    retention_days: int = Field(default=30)


class TableReservation(TenantRow, table=True):
    """A party that has a table at a time. What it tells about itself is encrypted."""

    __tablename__ = "table_reservations"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "submit_key"),
        sa.Index(None, "restaurant_id", "reservation_at"),
        sa.Index(None, "restaurant_id", "status", "ends_at"),
        sa.Index(None, "restaurant_id", "booked_by_hash"),
        sa.Index(None, "customer_id"),
        sa.Index(None, "restaurant_id", "phone_hash"),
        sa.Index(None, "restaurant_id", "email_hash"),
        sa.CheckConstraint("party_size >= 1", name="party_size"),
        sa.CheckConstraint("ends_at > reservation_at", name="ends_at"),
    )

    table_id: UUID = Field(foreign_key="tables.id")
    # Ids of neighbouring tables that are put together with the first.
    joined_table_ids: list[str] = json_field(list)
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    sitting_id: UUID | None = Field(default=None, foreign_key="sittings.id")
    reservation_at: datetime
    ends_at: datetime
    party_size: int
    status: str = Field(default=ReservationStatus.CONFIRMED, max_length=12)
    # "guest" or "staff".
    source: str = Field(default="staff", max_length=10)
    language: str = Field(default="en", max_length=8)

    reservation_name_encrypted: str | None = Field(default=None, max_length=400)
    phone_number_encrypted: str | None = Field(default=None, max_length=300)
    email_encrypted: str | None = Field(default=None, max_length=600)
    special_requests_encrypted: str | None = Field(default=None, max_length=3000)
    # Keyed hashes, the same as a customer's: they find what somebody left here.
    phone_hash: str | None = Field(default=None, max_length=64)
    email_hash: str | None = Field(default=None, max_length=64)
    # Which browser booked, so that one of them cannot take the whole room.
    booked_by_hash: str | None = Field(default=None, max_length=64)

    # SHA-256 of the token in the guest's link.
    token_hash: str = Field(unique=True, max_length=64)
    # A form that is sent twice books once.
    submit_key: str = Field(max_length=64)
    seated_at: datetime | None = None
    # Cancelled, not come, or gone.
    closed_at: datetime | None = None
    forgotten_at: datetime | None = None


class ReservationSlot(TenantRow, table=True):
    """One table during one quarter of an hour, held by one reservation.

    The unique index makes a double booking impossible on both databases, whatever code runs at the
    same moment: PostgreSQL's exclusion constraints need an extension that is not always there, and
    SQLite has none.
    """

    __tablename__ = "reservation_slots"
    __table_args__ = (
        sa.UniqueConstraint("table_id", "slot_at"),
        sa.Index(None, "restaurant_id", "slot_at"),
        sa.Index(None, "reservation_id"),
    )

    table_id: UUID = Field(foreign_key="tables.id")
    reservation_id: UUID = Field(foreign_key="table_reservations.id")
    slot_at: datetime


class WaitlistEntry(TenantRow, table=True):
    """A party without a reservation that waits for a table."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "submit_key"),
        sa.Index(None, "restaurant_id", "status", "joined_at"),
        sa.Index(None, "restaurant_id", "booked_by_hash"),
        sa.Index(None, "restaurant_id", "phone_hash"),
        sa.CheckConstraint("party_size >= 1", name="party_size"),
    )

    # What staff call: "Basil 4821". Needs nothing from the guest.
    alias: str = Field(max_length=40)
    party_size: int
    status: str = Field(default=WaitStatus.WAITING, max_length=10)
    source: str = Field(default="guest", max_length=10)
    language: str = Field(default="en", max_length=8)
    joined_at: datetime
    # What they were told when they joined, in minutes; None where no estimate was possible.
    quoted_low_minutes: int | None = None
    quoted_high_minutes: int | None = None
    notified_at: datetime | None = None
    # Seated or left.
    closed_at: datetime | None = None
    table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    sitting_id: UUID | None = Field(default=None, foreign_key="sittings.id")
    name_encrypted: str | None = Field(default=None, max_length=400)
    phone_number_encrypted: str | None = Field(default=None, max_length=300)
    phone_hash: str | None = Field(default=None, max_length=64)
    booked_by_hash: str | None = Field(default=None, max_length=64)
    token_hash: str = Field(unique=True, max_length=64)
    submit_key: str = Field(max_length=64)
    forgotten_at: datetime | None = None
