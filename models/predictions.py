"""What models say: their parameters each night, and what they expect of each customer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow, json_field


class ModelFit(TenantRow, table=True):
    """One model of one restaurant as it was fitted on the data up to one business day."""

    __tablename__ = "model_fits"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "kind", "data_until"),)

    # "visits", "spend".
    kind: str = Field(max_length=20)
    # "mbg", "gamma_gamma".
    model: str = Field(max_length=20)
    # {"r": 0.52, "alpha": 6.18, "a": 0.89, "b": 1.61}; weeks, and minor units a visit.
    params: dict[str, Any] = json_field(dict)
    # The same names; empty for the prior, and where the likelihood has no peak.
    standard_errors: dict[str, Any] = json_field(dict)
    log_likelihood: float
    # The last business day of the data.
    data_until: date
    customer_count: int
    # Who came again; for spend, with spend on a repeat day.
    repeater_count: int
    # False: too few customers, the parameters are assumed.
    is_enough: bool
    converged: bool
    fitted_at: datetime
    took_seconds: float


class CustomerPrediction(NamedTable, table=True):
    """What the models of the last night expect of one living customer."""

    __tablename__ = "customer_predictions"
    __table_args__ = (
        sa.Index("ix_customer_predictions_at_risk", "restaurant_id", "at_risk_on"),
        sa.Index("ix_customer_predictions_value", "restaurant_id", "value_minor", "customer_id"),
    )

    customer_id: UUID = Field(foreign_key="customers.id", primary_key=True)
    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    # The history it follows from: after another visit day it no longer holds.
    visit_days: int
    last_visit_day: date
    data_until: date
    # False: the models were too young; then there are no days of the badge.
    is_enough: bool
    # Days with a visit in the next 12 months.
    expected_visits: float
    # P(alive): shown, not used for ranking.
    alive: float
    visit_within_7: float
    visit_within_14: float
    visit_within_30: float
    # Days until the next visit has come with a chance of one half; None: rather never.
    median_days: float | None = None
    # Expected spend of the next 12 months, and what one in ten stays below or goes beyond.
    value_minor: int
    value_low_minor: int
    value_high_minor: int
    # If they do not come until then: at risk, lost.
    at_risk_on: date | None = None
    lost_on: date | None = None
    calculated_at: datetime
