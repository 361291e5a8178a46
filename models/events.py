"""What guests did, append-only; can be partitioned by month."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class CustomerEvent(TenantRow, table=True):
    """One thing a guest did. Without consent `customer_id` is empty."""

    __tablename__ = "customer_events"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "happened_at"),
        sa.Index(None, "customer_id", "happened_at"),
        sa.Index(None, "visit_id"),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    visit_id: UUID = Field(foreign_key="customer_visits.id")
    event_type: str = Field(max_length=24)
    event_data: dict[str, Any] = json_field(dict)
    table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    happened_at: datetime
