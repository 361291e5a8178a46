"""Day counts behind dashboards and reports, and what is counted of them at night."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow

# `ReturnDay.previous_day` of who had never come before: earlier than any day a report begins with.
NEVER = date(1, 1, 1)


class SalesDay(NamedTable, table=True):
    """One business day of a restaurant that is over. Revenue is of completed orders only."""

    __tablename__ = "sales_days"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    order_count: int = Field(default=0)
    # Declined and cancelled ones.
    refused_count: int = Field(default=0)
    # All that were sent, whatever became of them.
    placed_count: int = Field(default=0)
    item_count: int = Field(default=0)
    # Of those, taken from a suggestion.
    suggested_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    revenue_minor: int = Field(default=0)
    # Of guests who are known.
    known_order_count: int = Field(default=0)
    known_revenue_minor: int = Field(default=0)
    visit_count: int = Field(default=0)
    known_visit_count: int = Field(default=0)
    # Guests who are known, each once; and those of them whose first day it was.
    customer_count: int = Field(default=0)
    new_count: int = Field(default=0)
    menu_seconds: int = Field(default=0)
    product_views: int = Field(default=0)
    abandoned_count: int = Field(default=0)
    # Orders of those who were members of the loyalty programme when they were completed.
    member_order_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    member_revenue_minor: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    # Points that came and went; `services/loyalty/measuring.py` says what is what.
    points_earned: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    points_undone: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    points_redeemed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    points_expired: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    points_adjusted: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class SalesHour(NamedTable, table=True):
    """One hour of the restaurant's clock on one business day; hours without anything have none."""

    __tablename__ = "sales_hours"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    # 0 to 23; after midnight, before the cut-off, it still belongs to the day before.
    hour: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    # Of the business day, 0 is Monday: both databases spell it differently.
    weekday: int = Field(sa_type=sa.SmallInteger)
    visit_count: int = Field(default=0)
    # By the hour of placing.
    order_count: int = Field(default=0)
    revenue_minor: int = Field(default=0)


class DishDay(NamedTable, table=True):
    """One dish on one business day, of completed orders. Its revenue is before discounts."""

    __tablename__ = "dish_days"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    dish_id: UUID = Field(foreign_key="dishes.id", primary_key=True)
    category_id: UUID = Field(foreign_key="menu_categories.id")
    quantity: int = Field(default=0)
    order_count: int = Field(default=0)
    revenue_minor: int = Field(default=0)


class ReturnDay(NamedTable, table=True):
    """How many guests came on a day whose visit day before it was another.

    Adds up to distinct guests of any time: those with `previous_day` before its first day.
    """

    __tablename__ = "return_days"
    # Reports add up thousands of them for each of a dozen numbers, without a look at the rows.
    __table_args__ = (
        sa.Index(
            "ix_return_days_sums",
            *("restaurant_id", "business_day", "previous_day", "gap_days"),
            *("customer_count", "second_count"),
        ),
    )

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    previous_day: date = Field(primary_key=True)
    # Days between them; 0 for a first visit.
    gap_days: int = Field(default=0)
    customer_count: int = Field(default=0)
    # Of them, for whom it was the second visit day: the day before was their first.
    second_count: int = Field(default=0)


class SegmentDay(NamedTable, table=True):
    """What the guests who are in a segment today did on a past day; counted anew every night."""

    __tablename__ = "segment_days"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    business_day: date = Field(primary_key=True)
    segment_id: UUID = Field(foreign_key="customer_segments.id", primary_key=True)
    order_count: int = Field(default=0)
    revenue_minor: int = Field(default=0)


class SegmentDish(NamedTable, table=True):
    """What the guests who are in a segment ordered in the last 90 days, as of last night."""

    __tablename__ = "segment_dishes"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    segment_id: UUID = Field(foreign_key="customer_segments.id", primary_key=True)
    dish_id: UUID = Field(foreign_key="dishes.id", primary_key=True)
    quantity: int = Field(default=0)


class DishPair(NamedTable, table=True):
    """In how many orders of the last 90 days two dishes stood together, as of last night."""

    __tablename__ = "dish_pairs"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # The smaller id first.
    dish_id: UUID = Field(foreign_key="dishes.id", primary_key=True)
    other_dish_id: UUID = Field(foreign_key="dishes.id", primary_key=True)
    order_count: int = Field(default=0)


class SalesMark(NamedTable, table=True):
    """How far the counting of one restaurant's days has come."""

    __tablename__ = "sales_marks"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # The journal was followed up to here.
    followed_until_at: datetime
    # Days up to this one are counted.
    counted_until: date
    # Time zone and cut-off under which days were counted; a change counts anew.
    rules_hash: str = Field(max_length=64)
    # Segments and pairs of the night: up to which day, and of how many orders.
    nightly_until: date | None = None
    nightly_order_count: int = Field(default=0)


class ReportMail(TenantRow, table=True):
    """A report that somebody of the staff gets by mail."""

    __tablename__ = "report_mails"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "user_id", "kind"),)

    user_id: UUID = Field(foreign_key="users.id")
    # "customers", "visits", "products", "loyalty", "executive".
    kind: str = Field(max_length=12)
    # "week", on Mondays; "month", on the first day.
    rhythm: str = Field(max_length=5)
    # The last day of the last one put into the outbox.
    sent_until: date
