"""What the models of the night say about a restaurant, and what is worth knowing of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow, json_field


class ModelResult(NamedTable, table=True):
    """What one model said last night, as screens and menus read it; one row a kind."""

    __tablename__ = "model_results"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # "demand", "season", "menu", "baskets", "suggestions", "groups", "cohorts_month", "proof", ...
    kind: str = Field(max_length=24, primary_key=True)
    result: dict[str, Any] = json_field(dict)
    # How much of what: {"baskets": 8123}.
    learnt_from: dict[str, Any] = json_field(dict)
    # The last business day of the data.
    data_until: date
    # False: too little data; screens say so.
    is_enough: bool
    calculated_at: datetime
    took_seconds: float


class CustomerInsight(TenantRow, table=True):
    """Something worth knowing about a guest, a dish, a table or a time (plan 5.1.4).

    The plan's title and description are sentences in the reader's language, made of these data.
    """

    __tablename__ = "customer_insights"
    __table_args__ = (
        # The name is stated: PostgreSQL cuts names at 63 characters.
        sa.UniqueConstraint(
            "restaurant_id",
            "insight_type",
            "subject_key",
            "generated_on",
            name="uq_customer_insights_said",
        ),
        sa.Index(None, "restaurant_id", "generated_at"),
        sa.Index(None, "customer_id"),
    )

    # Only when it is about a guest.
    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    # "guest", "dish", "table", "time".
    subject: str = Field(max_length=8)
    # Of what: an id, two of them, a day. The same is not said twice within 30 days.
    subject_key: str = Field(max_length=80)
    insight_type: str = Field(max_length=24)
    insight_data: dict[str, Any] = json_field(dict)
    # 0 to 1.
    confidence_score: float
    # What acting on it is worth beside others; the highest comes first.
    weight: float
    generated_on: date
    generated_at: datetime


class InsightRead(NamedTable, table=True):
    """Somebody of the team has read an insight."""

    __tablename__ = "insight_reads"
    __table_args__ = (sa.Index(None, "restaurant_id", "user_id"),)

    insight_id: UUID = Field(foreign_key="customer_insights.id", primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", primary_key=True)
    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    read_at: datetime
