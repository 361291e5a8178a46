"""What was counted ahead of time, so that no screen scans the history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, json_field


class TableDay(NamedTable, table=True):
    """One table on one business day. Days on which nothing happened there have no row.

    Sittings count on the day they began, time on the day it passed, money on the order's day.
    """

    __tablename__ = "table_days"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    table_id: UUID = Field(foreign_key="tables.id", primary_key=True)
    sitting_count: int = Field(default=0)
    # Whole minutes of every sitting that counts, "62 75 48": a median cannot be added up.
    turn_minutes: str = Field(default="")
    # How many people came in each party, "2 4".
    party_sizes: str = Field(default="")
    # Sittings that nobody released for hours: their length says nothing.
    forgotten_count: int = Field(default=0)
    order_count: int = Field(default=0)
    revenue_minor: int = Field(default=0)
    # Inside opening hours; two sittings at once count once.
    occupied_seconds: int = Field(default=0)
    # Seconds times people, inside opening hours.
    guest_seconds: int = Field(default=0)
    # Answers of guests, and their stars added up.
    rating_count: int = Field(default=0)
    rating_stars: int = Field(default=0)


class TableMonth(NamedTable, table=True):
    """One table in one calendar month, added up from its days so that a year is twelve rows."""

    __tablename__ = "table_months"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # The first day of the month.
    month: date = Field(primary_key=True)
    table_id: UUID = Field(foreign_key="tables.id", primary_key=True)
    # Of those on which anything happened.
    first_day: date
    last_day: date
    sitting_count: int = Field(default=0)
    turn_minutes: str = Field(default="")
    party_sizes: str = Field(default="")
    forgotten_count: int = Field(default=0)
    order_count: int = Field(default=0)
    revenue_minor: int = Field(default=0)
    occupied_seconds: int = Field(default=0)
    guest_seconds: int = Field(default=0)
    rating_count: int = Field(default=0)
    rating_stars: int = Field(default=0)


class AreaHour(NamedTable, table=True):
    """One area in one hour of the restaurant's clock on one business day."""

    __tablename__ = "area_hours"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    area_id: UUID = Field(foreign_key="areas.id", primary_key=True)
    # 0 to 23; after midnight, before the cut-off, it still belongs to the day before.
    hour: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    # Of the business day, 0 is Monday: both databases spell it differently.
    weekday: int = Field(sa_type=sa.SmallInteger)
    # Parties seated in this hour.
    sitting_count: int = Field(default=0)
    # Orders placed in this hour and completed since.
    order_count: int = Field(default=0)
    # Spread over the minutes of the sitting.
    revenue_minor: int = Field(default=0)
    occupied_seconds: int = Field(default=0)
    guest_seconds: int = Field(default=0)
    # From placing to accepting, to ready, to served, and the whole way; by the hour of placing.
    accept_count: int = Field(default=0)
    accept_seconds: int = Field(default=0)
    cook_count: int = Field(default=0)
    cook_seconds: int = Field(default=0)
    carry_count: int = Field(default=0)
    carry_seconds: int = Field(default=0)
    service_count: int = Field(default=0)
    service_seconds: int = Field(default=0)


class RollupMark(NamedTable, table=True):
    """How far the counting of one restaurant has come."""

    __tablename__ = "rollup_marks"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # The journal was followed up to here.
    followed_until_at: datetime
    # Opening hours, time zone and cut-off under which days were counted; a change counts anew.
    rules_hash: str = Field(max_length=64)
    rebuilt_at: datetime | None = None


class FunnelDay(NamedTable, table=True):
    """How far the visits of one business day came, from scan to completed order."""

    __tablename__ = "funnel_days"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    # Visits that reached a step, or a later one.
    scan_count: int = Field(default=0)
    menu_count: int = Field(default=0)
    cart_count: int = Field(default=0)
    order_count: int = Field(default=0)
    completed_count: int = Field(default=0)
    # {"menu": {"12": 40}}: visits by the time since the step before, in bins that can be added up
    # (services/analytics/funnel.py); a median cannot be added up.
    waits: dict[str, Any] = json_field(dict)
    counted_at: datetime
