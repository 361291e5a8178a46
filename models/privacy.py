"""Privacy: a restaurant's rules, its policy's versions, proofs of erasure, who looked at whom."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class PrivacySettings(TenantRow, table=True):
    """How long a restaurant keeps what; one row, missing until somebody changes a default."""

    __tablename__ = "privacy_settings"
    __table_args__ = (sa.UniqueConstraint("restaurant_id"),)

    # A customer who has not come for this long is forgotten.
    profile_months: int = Field(default=36)
    # What guests looked at, tapped and searched goes after this long.
    event_months: int = Field(default=14)
    # Hashes of browser sessions, kinds of phones and referring sites.
    device_days: int = Field(default=90)
    # Who looked at whose profile.
    access_months: int = Field(default=12)

    # Who answers for the data, as the policy names them; empty: the restaurant by its name.
    controller_name: str = Field(default="", max_length=120)
    postal_address: str = Field(default="", max_length=300)
    contact_email: str = Field(default="", max_length=254)

    # Retention has worked through everything before these moments.
    events_done_until_at: datetime | None = None
    devices_done_until_at: datetime | None = None


class RetentionRun(TenantRow, table=True):
    """One run of retention over one restaurant, and what went."""

    __tablename__ = "retention_runs"
    __table_args__ = (sa.Index(None, "restaurant_id", "started_at"),)

    started_at: datetime
    finished_at: datetime | None = None
    # Why nothing was deleted: "first", "clock" or "many"; empty when it was done.
    held_because: str = Field(default="", max_length=10)
    # How many profiles, events, devices and accesses went.
    counts: dict[str, Any] = json_field(dict)
    asked_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")


class PolicyVersion(TenantRow, table=True):
    """What the policy said from some moment on: the settings it was generated from."""

    __tablename__ = "policy_versions"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "number"),
        sa.UniqueConstraint("restaurant_id", "text_version"),
    )

    number: int
    # "2026-11.3": the words' version and the number. Consents name it.
    text_version: str = Field(max_length=20)
    facts: dict[str, Any] = json_field(dict)
    facts_hash: str = Field(max_length=64)
    valid_from_at: datetime


class Erasure(TenantRow, table=True):
    """The proof that somebody was erased: when, at whose request and how many rows, not who."""

    __tablename__ = "erasures"
    __table_args__ = (sa.Index(None, "restaurant_id", "erased_at"),)

    # "guest", "staff", "retention" or "restore".
    asked_by: str = Field(max_length=10)
    actor_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    erased_at: datetime
    visit_count: int = Field(default=0)
    order_count: int = Field(default=0)
    # By table: how many rows were deleted, emptied or parted.
    counts: dict[str, Any] = json_field(dict)


class Tombstone(TenantRow, table=True):
    """The keyed hash of a customer's id: whoever has it was erased and must not come back."""

    __tablename__ = "tombstones"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "subject_hash"),)

    subject_hash: str = Field(max_length=64)
    erased_at: datetime


class CustomerAccess(TenantRow, table=True):
    """Somebody of the staff saw a guest's data: who, whose, what, when, from which screen."""

    __tablename__ = "customer_accesses"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "opened_at"),
        sa.Index(None, "restaurant_id", "customer_id", "opened_at"),
    )

    # None where it was more than one guest: an export of the list, a search by phone or e-mail.
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    user_id: UUID = Field(foreign_key="users.id")
    # "card", "export", "list_export", "search" or "erase_preview".
    what: str = Field(max_length=20)
    screen: str = Field(max_length=40)
    guest_count: int = Field(default=1)
    opened_at: datetime


class ContactChoice(TenantRow, table=True):
    """Whether a guest wants to be written to on one channel; the newest row counts."""

    __tablename__ = "contact_choices"
    __table_args__ = (sa.Index(None, "restaurant_id", "customer_id", "given_at"),)

    customer_id: UUID = Field(foreign_key="customers.id")
    # "email", "whatsapp", "sms" or "push".
    channel: str = Field(max_length=10)
    is_allowed: bool
    text_version: str = Field(max_length=20)
    # "privacy", or "stop" for a message that said so.
    source: str = Field(max_length=20)
    given_at: datetime
