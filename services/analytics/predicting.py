"""Fits a restaurant's models to its customers' visit days and writes what they expect.

Runs in a process of its own (`services/analytics/nightly.py`). → docs/algorithms/value.md
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.predictions import CustomerPrediction, ModelFit
from services.analytics.histories import History, histories_of
from services.analytics.value import SpendFit, VisitFit, fit_spend, fit_visits
from services.analytics.value.outlook import DAYS_A_WEEK, badge_days, outlook
from services.analytics.visit_days import VisitDays, read_visit_days
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.upserts import insert
from services.restaurants import queries as restaurants

# A transaction each: on SQLite nobody orders while one is open.
BATCH = 500
# No 32-bit column holds more; nobody spends so much either.
MOST_MINOR = 2**31 - 1
KEPT_DAYS = 400

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one night brought for one restaurant."""

    visits: VisitFit
    spend: SpendFit
    predictions: Rows


async def fit_restaurant(
    restaurant_id: UUID, *, now: datetime, days: VisitDays | None = None
) -> int:
    """Fit the models of one restaurant and put their rows in place of the last night's.

    Running it twice a night leaves the same rows. Short transactions of its own.

    Args:
        restaurant_id: whose.
        now: aware UTC; decides the last business day of the data.
        days: up to that day, where they have been read.

    Returns:
        For how many customers something is expected.
    """
    began = time.monotonic()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        until = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
        if days is None:
            days = await read_visit_days(session, restaurant_id=restaurant_id, until=until)
        histories = await histories_of(session, restaurant_id=restaurant_id, days=days)
    fitted = fit_histories(histories, restaurant_id=restaurant_id, until=until, now=now)
    for start in range(0, len(fitted.predictions), BATCH):
        async with transaction() as session:
            await _put(session, fitted.predictions[start : start + BATCH])
    async with transaction() as session:
        await _finish(
            session, fitted, restaurant_id, until=until, now=now, took=time.monotonic() - began
        )
    return len(fitted.predictions)


def fit_histories(
    histories: Sequence[History], *, restaurant_id: UUID, until: date, now: datetime
) -> Fitted:
    """Fit both models and predict every customer; no database.

    The same customers give the same numbers: the draws behind the ranges have a fixed seed.
    """
    x = np.array([one.visit_days - 1 for one in histories], dtype=np.float64)
    t_x = np.array([(one.last_day - one.first_day).days for one in histories]) / DAYS_A_WEEK
    whole = np.array([(until - one.first_day).days for one in histories]) / DAYS_A_WEEK
    paid = np.array([one.paid_days for one in histories], dtype=np.float64)
    total = np.array([one.paid_minor for one in histories], dtype=np.float64)
    mean = total / np.maximum(paid, 1)
    visits, spend = fit_visits(x, t_x, whole), fit_spend(paid, mean)
    seen = outlook(visits, spend, x=x, t_x=t_x, T=whole, spend_visits=paid, mean_spend=mean)
    days = badge_days(visits, x=x, t_x=t_x)
    known: dict[str, Any] = {
        "restaurant_id": restaurant_id,
        "data_until": until,
        "is_enough": visits.is_enough,
        "calculated_at": now,
    }
    rows: Rows = []
    for place, one in enumerate(histories):
        wait = float(seen.median_days[place])
        rows.append(
            known
            | {
                "customer_id": one.customer_id,
                "visit_days": one.visit_days,
                "last_visit_day": one.last_day,
                "expected_visits": float(seen.visits[place]),
                "alive": float(seen.alive[place]),
                "visit_within_7": float(seen.within_7[place]),
                "visit_within_14": float(seen.within_14[place]),
                "visit_within_30": float(seen.within_30[place]),
                "median_days": wait if np.isfinite(wait) else None,
                "value_minor": _minor(seen.value[place]),
                "value_low_minor": _minor(seen.value_low[place]),
                "value_high_minor": _minor(seen.value_high[place]),
            }
            | _badge(one.last_day, int(days.at_risk[place]), int(days.lost[place]), visits)
        )
    return Fitted(visits, spend, rows)


def _badge(last_day: date, at_risk: int, lost: int, visits: VisitFit) -> dict[str, date | None]:
    if not visits.is_enough:
        return {"at_risk_on": None, "lost_on": None}
    return {
        "at_risk_on": last_day + timedelta(days=at_risk),
        "lost_on": last_day + timedelta(days=lost),
    }


def _minor(value: float) -> int:
    return min(round(float(value)), MOST_MINOR)


async def _put(session: AsyncSession, rows: Rows) -> None:
    made = insert(session, CustomerPrediction)
    changed = {name: made.excluded[name] for name in rows[0] if name != "customer_id"}
    await session.execute(
        made.on_conflict_do_update(index_elements=["customer_id"], set_=changed), rows
    )


async def _finish(
    session: AsyncSession,
    fitted: Fitted,
    restaurant_id: UUID,
    *,
    until: date,
    now: datetime,
    took: float,
) -> None:
    """Note the models, and delete the rows of who is not expected any more: merged, forgotten."""
    await session.execute(
        sa.delete(CustomerPrediction).where(
            col(CustomerPrediction.restaurant_id) == restaurant_id,
            col(CustomerPrediction.calculated_at) < now,
        )
    )
    await session.execute(
        sa.delete(ModelFit).where(
            col(ModelFit.restaurant_id) == restaurant_id,
            col(ModelFit.data_until) < until - timedelta(days=KEPT_DAYS),
        )
    )
    visits, spend = fitted.visits, fitted.spend
    for kind, model, fit, repeaters in (
        ("visits", visits.model, visits, visits.repeater_count),
        ("spend", "gamma_gamma", spend, spend.customer_count),
    ):
        values: Mapping[str, Any] = {
            "model": model,
            "params": dict(fit.params),
            "standard_errors": dict(fit.standard_errors or {}),
            "log_likelihood": fit.log_likelihood,
            "customer_count": fit.customer_count,
            "repeater_count": repeaters,
            "is_enough": fit.is_enough,
            "converged": fit.converged,
            "fitted_at": now,
            "took_seconds": took,
        }
        keys = {"restaurant_id": restaurant_id, "kind": kind, "data_until": until}
        made = insert(session, ModelFit).values(id=new_id(), created_at=now, **keys, **values)
        await session.execute(
            made.on_conflict_do_update(index_elements=list(keys), set_=dict(values))
        )
