"""What a restaurant knows of a customer by counting: facts, preferences, tags, notes, views.

Profiles and preferences are derived: they can be counted anew from visits and orders at any time.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow, json_field
from models.enums import ConsentLevel, CustomerStatus

# What the list can be sorted by; names are stated because PostgreSQL cuts them at 63 characters.
_SORTED = {
    "alias": "alias",
    "status": "status_rank",
    "first_seen": "first_seen_at",
    "last_seen": "last_seen_at",
    "visits": "total_visits",
    "visit_days": "visit_days",
    "rhythm": "rhythm_days",
    "orders": "total_orders",
    "spent": "total_spent_minor",
    "average": "average_order_minor",
    "highest": "highest_order_minor",
    "last_visit": "last_visit_day",
}


class CustomerProfile(NamedTable, table=True):
    """The facts of one living customer, as columns that lists can filter and sort.

    Merged and forgotten customers have none. What stands in `customers` too is a copy, so that a
    list of 100,000 reads one table; `services/profiles` writes both in one transaction.
    """

    __tablename__ = "customer_profiles"
    __table_args__ = tuple(
        sa.Index(f"ix_customer_profiles_{name}", "restaurant_id", column, "customer_id")
        for name, column in _SORTED.items()
    )

    customer_id: UUID = Field(foreign_key="customers.id", primary_key=True)
    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    alias: str = Field(max_length=40)
    consent_level: str = Field(default=ConsentLevel.REMEMBER, max_length=12)
    status: str = Field(default=CustomerStatus.NEW, max_length=10)
    # Who needs attention comes first: at risk, lost, new, active.
    status_rank: int = Field(default=0)
    language: str = Field(default="", max_length=8)
    first_seen_at: datetime
    last_seen_at: datetime

    # Visits and rhythm. Days are business days.
    total_visits: int = Field(default=0)
    visit_days: int = Field(default=0)
    first_visit_day: date | None = None
    last_visit_day: date | None = None
    # g: days from the first to the last visit day by (visit days - 1); None below 3 visit days.
    mean_gap_days: float | None = None
    # The same for sorting: who has no rhythm yet stands behind everybody who has.
    rhythm_days: float = Field(default=99_999.0)
    # Gaps between two visit days that were 30 days or less.
    short_gaps: int = Field(default=0)
    visits_monday: int = Field(default=0)
    visits_tuesday: int = Field(default=0)
    visits_wednesday: int = Field(default=0)
    visits_thursday: int = Field(default=0)
    visits_friday: int = Field(default=0)
    visits_saturday: int = Field(default=0)
    visits_sunday: int = Field(default=0)
    visits_early: int = Field(default=0)
    visits_lunch: int = Field(default=0)
    visits_afternoon: int = Field(default=0)
    visits_dinner: int = Field(default=0)
    visits_late: int = Field(default=0)
    # Monday is 0; minutes after local midnight. None while there is no visit.
    usual_weekday: int | None = None
    usual_daypart: str = Field(default="", max_length=10)
    usual_minute: int | None = None

    # Spending: completed orders only.
    total_orders: int = Field(default=0)
    total_spent_minor: int = Field(default=0)
    average_order_minor: int = Field(default=0)
    highest_order_minor: int = Field(default=0)
    last_order_at: datetime | None = None
    # Of the last completed order that cost something.
    last_spent_day: date | None = None
    # "rising", "stable", "falling"; empty while there are too few orders.
    spend_trend: str = Field(default="", max_length=8)
    # Rise over the last ten orders, by Theil and Sen's slope, as a share of their median.
    spend_trend_ratio: float | None = None
    payment_method: str = Field(default="", max_length=20)

    # Order patterns.
    items_ordered: int = Field(default=0)
    items_per_order: float = Field(default=0)
    mean_item_price_minor: int | None = None
    # "budget", "middle", "premium" among the restaurant's guests; empty without an order.
    price_level: str = Field(default="", max_length=8)
    vegetarian_orders: int = Field(default=0)
    vegan_orders: int = Field(default=0)
    spicy_orders: int = Field(default=0)
    favourite_dish_id: UUID | None = Field(default=None, foreign_key="dishes.id")
    preferred_category_id: UUID | None = Field(default=None, foreign_key="menu_categories.id")

    # Tables and company.
    preferred_area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    preferred_table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    preferred_table_type: str = Field(default="", max_length=20)
    party_median: float | None = None

    # Engagement.
    menu_seconds: int = Field(default=0)
    product_views: int = Field(default=0)
    carts: int = Field(default=0)
    carts_abandoned: int = Field(default=0)
    # "high", "medium", "low"; empty while no visit has ended.
    engagement: str = Field(default="", max_length=8)

    calculated_at: datetime
    # Of the rows this was counted from: a recompute leaves alone whom nothing has changed.
    fingerprint: str | None = Field(default=None, max_length=32)


class CustomerPattern(NamedTable, table=True):
    """What a card shows of a customer and no list asks, written with the profile.

    In the profile it was two thirds of a row on PostgreSQL: a list that reads everybody read it
    too. Without foreign keys, as preferences are.
    """

    __tablename__ = "customer_patterns"

    customer_id: UUID = Field(primary_key=True)
    restaurant_id: UUID
    # Visits by weekday (rows, Monday first) and part of the day.
    when_counts: list[Any] = json_field(list)
    # Spring, summer, autumn, winter: [{"orders": 3, "category_id": "..."}].
    seasons: list[Any] = json_field(list)


class ProfileSettings(TenantRow, table=True):
    """What a restaurant has set about profiles, and the borders of the last recompute."""

    __tablename__ = "profile_settings"
    __table_args__ = (sa.UniqueConstraint("restaurant_id"),)

    engagement_high_seconds: int = Field(default=300)
    engagement_high_interactions: int = Field(default=8)
    engagement_low_seconds: int = Field(default=60)
    engagement_low_interactions: int = Field(default=2)
    # {"total_spent": [100 amounts], "mean_item_price": [...]}: the smallest value among the
    # highest 1, 2, ... 100 percent of guests.
    borders: dict[str, Any] = json_field(dict)
    customer_count: int = Field(default=0)
    calculated_at: datetime | None = None
    took_seconds: float = Field(default=0)


class CustomerPreference(NamedTable, table=True):
    """One thing a customer likes, how much and since when (docs/algorithms/preferences.md).

    Without foreign keys: rows are written together with their customer's profile, which has them,
    and checking them for each of twenty took PostgreSQL longer than writing them.
    """

    __tablename__ = "customer_preferences"

    customer_id: UUID = Field(primary_key=True)
    # "category", "product", "dietary", "price_range".
    preference_type: str = Field(max_length=12, primary_key=True)
    # An id for categories and products, else a word.
    preference_value: str = Field(max_length=40, primary_key=True)
    restaurant_id: UUID
    preference_strength: float
    # Said by the guest, not counted.
    is_stated: bool = Field(default=False)
    observation_count: int
    first_observed_at: datetime
    last_observed_at: datetime


class CustomerItem(NamedTable, table=True):
    """How often and when a customer ordered one dish, or something of one category.

    Counted from completed orders with the profile, so that "ordered twice since June" is answered
    by an index that has everything it asks. Without foreign keys, as preferences are.
    """

    __tablename__ = "customer_items"
    __table_args__ = (
        sa.Index(
            "ix_customer_items_asked",
            *("restaurant_id", "item_id", "customer_id", "order_count", "first_day", "order_days"),
        ),
        {"sqlite_with_rowid": False},
    )

    customer_id: UUID = Field(primary_key=True)
    # A dish or a category.
    item_id: UUID = Field(primary_key=True)
    restaurant_id: UUID
    # Completed orders that had it.
    order_count: int
    first_day: date
    # Business days of the last 32 of them, newest first, eight digits each.
    order_days: str = Field(max_length=256)


class CustomerTag(TenantRow, table=True):
    """A word that staff hang on a customer."""

    __tablename__ = "customer_tags"
    __table_args__ = (
        sa.UniqueConstraint("customer_id", "tag"),
        sa.Index(None, "restaurant_id", "tag", "customer_id"),
    )

    customer_id: UUID = Field(foreign_key="customers.id")
    tag: str = Field(max_length=40)
    added_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")


class CustomerNote(TenantRow, table=True):
    """Something staff have written down about a customer, with every earlier wording."""

    __tablename__ = "customer_notes"
    __table_args__ = (
        sa.Index(None, "customer_id", "created_at"),
        sa.Index(None, "restaurant_id", "created_at"),
        # A job looks for what nobody brought back.
        sa.Index(
            "ix_customer_notes_deleted",
            "deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        ),
    )

    customer_id: UUID = Field(foreign_key="customers.id")
    text: str = Field(max_length=2000)
    author_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    edited_at: datetime | None = None
    # Oldest first: [{"text", "at", "by"}], what stood there before each change.
    history: list[Any] = json_field(list)
    # Not for who serves.
    only_managers: bool = Field(default=False)
    # For an hour a deleted note can be brought back.
    deleted_at: datetime | None = None


class CustomerView(TenantRow, table=True):
    """A list that somebody has saved: which customers, which columns, in which order."""

    __tablename__ = "customer_views"
    __table_args__ = (sa.Index(None, "restaurant_id", "user_id"),)

    user_id: UUID = Field(foreign_key="users.id")
    name: str = Field(max_length=60)
    # Seen by the whole team.
    is_shared: bool = Field(default=False)
    criteria: dict[str, Any] = json_field(dict)
    search: str = Field(default="", max_length=100)
    columns: list[Any] = json_field(list)
    sort: str = Field(default="last_seen", max_length=30)
    is_descending: bool = Field(default=True)
