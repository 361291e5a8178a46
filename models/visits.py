"""A visit: one guest's stay, from the first live page to three hours without a sign of life."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class Visit(TenantRow, table=True):
    """One stay.

    Without consent `customer_id` is empty and the session cookie's hash is all there is.
    """

    __tablename__ = "customer_visits"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "visited_at"),
        # With the day: who came when is read from it alone.
        sa.Index(
            "ix_customer_visits_days", "restaurant_id", "customer_id", "visited_at", "business_day"
        ),
        sa.Index(None, "restaurant_id", "session_hash"),
        sa.Index(None, "sitting_id"),
        # Jobs look for visits to end and to forget, however long the history is.
        sa.Index(
            "ix_customer_visits_open",
            "last_alive_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "ix_customer_visits_to_count",
            "ended_at",
            sqlite_where=sa.text("interactions IS NULL AND customer_id IS NOT NULL"),
            postgresql_where=sa.text("interactions IS NULL AND customer_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_customer_visits_to_forget",
            "ended_at",
            sqlite_where=sa.text("customer_id IS NULL AND session_hash IS NOT NULL"),
            postgresql_where=sa.text("customer_id IS NULL AND session_hash IS NOT NULL"),
        ),
        sa.Index(
            "ix_customer_visits_rated",
            "restaurant_id",
            "rated_at",
            sqlite_where=sa.text("rated_at IS NOT NULL"),
            postgresql_where=sa.text("rated_at IS NOT NULL"),
        ),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    session_hash: str | None = Field(default=None, max_length=64)
    # What the table and the kitchen call this guest; a new customer takes it over.
    guest_alias: str = Field(max_length=40)
    sitting_id: UUID | None = Field(default=None, foreign_key="sittings.id")
    table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    table_code_id: UUID | None = Field(default=None, foreign_key="table_codes.id")
    # Came by a campaign's code to have something brought.
    wants_delivery: bool = Field(default=False)
    # Of the friend by whose link they came.
    invite_code: str | None = Field(default=None, max_length=32)
    visited_at: datetime
    business_day: date
    last_alive_at: datetime
    ended_at: datetime | None = None
    language: str = Field(default="en", max_length=8)
    # {"kind": "phone", "system": "iOS", "browser": "Safari"}: never the raw user agent.
    device_info: dict[str, Any] = json_field(dict)
    referrer: str | None = Field(default=None, max_length=200)
    allergens: list[str] = json_field(list)
    session_duration_seconds: int = Field(default=0)
    menu_views: int = Field(default=0)
    # Counted from the events when the visit has ended; None until then.
    interactions: int | None = None
    product_views: int = Field(default=0)
    carts_abandoned: int = Field(default=0)
    order_placed: bool = Field(default=False)
    order_value_minor: int = Field(default=0)
    # One to five stars for the evening, once an order was completed; the last answer counts.
    stars: int | None = Field(default=None, sa_type=sa.SmallInteger)
    rated_at: datetime | None = None
