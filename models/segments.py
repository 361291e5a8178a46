"""Segments: groups of customers by rules, and who was in them when and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow, json_field


class CustomerSegment(TenantRow, table=True):
    """A group of customers by criteria that the owner can read and change."""

    __tablename__ = "customer_segments"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "key"),)

    # "champion", "vip", ...; None for a segment of the owner's own.
    key: str | None = Field(default=None, max_length=30)
    # Built-in segments are named in the reader's language while this is empty.
    segment_name: str = Field(default="", max_length=80)
    # "frequency", "spending", "behaviour", "preference", "engagement", "custom".
    segment_type: str = Field(max_length=12)
    description: str = Field(default="", max_length=300)
    # {"all": [..]}, {"any": [..]}, {"not": {..}} or {"field", "is", "value", ...}.
    criteria: dict[str, Any] = json_field(dict)
    # The owner has changed a built-in one.
    is_changed: bool = Field(default=False)
    is_active: bool = Field(default=True)
    position: int = Field(default=0)
    customer_count: int = Field(default=0)
    last_calculated_at: datetime | None = None
    updated_at: datetime
    created_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")


class SegmentMember(NamedTable, table=True):
    """From when to when a customer was in a segment, and why.

    An open row (`left_at` is empty) counts as membership unless it says "excluded".
    """

    __tablename__ = "segment_members"
    __table_args__ = (
        sa.Index(
            "uq_segment_members_open",
            "segment_id",
            "customer_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
        sa.Index(None, "customer_id"),
        # Few are placed by hand; every count of a segment asks for them.
        sa.Index(
            "ix_segment_members_by_hand",
            "restaurant_id",
            "segment_id",
            sqlite_where=sa.text("left_at IS NULL AND source <> 'rule'"),
            postgresql_where=sa.text("left_at IS NULL AND source <> 'rule'"),
        ),
    )

    segment_id: UUID = Field(foreign_key="customer_segments.id", primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id", primary_key=True)
    entered_at: datetime = Field(primary_key=True)
    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    left_at: datetime | None = None
    # Found when the segment was counted for the first time, or by another rule: in it already.
    is_first_count: bool = Field(default=False)
    # "rule", "pinned", "excluded".
    source: str = Field(default="rule", max_length=8)
    # When a pin or an exclusion ends by itself.
    until_at: datetime | None = None
    by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    # {"mean_gap_days": 6.5, ...}: what the rule looked at when the customer came in.
    why: dict[str, Any] = json_field(dict)
