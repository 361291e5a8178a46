"""The restaurant: the tenant everything else belongs to."""

from datetime import time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import Row, json_field
from models.enums import ConsentMode


class Restaurant(Row, table=True):
    """One restaurant and what its owner has set."""

    __tablename__ = "restaurants"

    slug: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    currency: str = Field(max_length=3)
    time_zone: str = Field(max_length=64)
    # The first language is the one the menu is written in; the others are translations.
    languages: list[str] = json_field(list)
    # {"mon": [["12:00", "23:00"]], ...}; an end at or before its start is on the next day.
    opening_hours: dict[str, Any] = json_field(dict)
    # {"2026-12-24": {"name": "Christmas Eve", "hours": [["12:00", "16:00"]]}}; none is closed.
    special_days: dict[str, Any] = json_field(dict)
    day_cutoff: time = Field(default=time(5, 0))
    # Part of the gross price that is tax, as a rate on the net price: 1000 is 10 %.
    tax_rate_basis_points: int = Field(default=0)
    brand_color: str = Field(default="#8C2B57", max_length=7)
    # Six tokens a theme, computed from brand_color when it is saved.
    brand_tokens: dict[str, Any] = json_field(dict)
    logo_file: str | None = Field(default=None, max_length=120)
    # Goes up with every change of the menu or of what its page shows: names every cached copy.
    menu_version: int = Field(default=1)
    ordering_paused: bool = Field(default=False)

    consent_mode: str = Field(default=ConsentMode.ASK, max_length=10)
    fingerprint_enabled: bool = Field(default=False)
    uses_cleaning: bool = Field(default=False)
    idle_release_minutes: int = Field(default=20)
    # A ticket turns yellow, then red, after this many minutes.
    ticket_soon_minutes: int = Field(default=8)
    ticket_late_minutes: int = Field(default=15)
    is_demo: bool = Field(default=False)


class OrderCounter(Row, table=True):
    """The last order number given out on one business day: guests and staff say "order 47"."""

    __tablename__ = "order_counters"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "business_day"),)

    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    business_day: str = Field(max_length=10)
    last_number: int
