"""Groups that a restaurant's customers form by themselves: read, sought and named at night.

→ docs/algorithms/clusters.md
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from services.analytics import clusters
from services.analytics.results import Kind, Result

Facts = dict[str, list[float]]


async def read_facts(session: AsyncSession, *, restaurant_id: UUID, until: date) -> Facts:
    """A value a customer of what sets groups apart; customers without a visit are left out."""
    profile = CustomerProfile
    rows: Any = await session.execute(
        sa.select(
            col(profile.visit_days),
            col(profile.total_visits),
            col(profile.average_order_minor),
            col(profile.last_visit_day),
            col(profile.party_median),
            col(profile.visits_dinner) + col(profile.visits_late),
            col(profile.visits_saturday) + col(profile.visits_sunday),
            col(profile.menu_seconds),
        )
        .where(
            col(profile.restaurant_id) == restaurant_id,
            col(profile.visit_days) > 0,
            col(profile.last_visit_day).is_not(None),
        )
        .order_by(col(profile.customer_id))
    )
    facts: Facts = {
        "visit_days": [],
        "spend_minor": [],
        "days_since": [],
        "party_size": [],
        "evening_ratio": [],
        "weekend_ratio": [],
        "menu_minutes": [],
    }
    columns = list(facts.values())
    for days, visits, spend, last, party, evenings, weekends, seconds in rows:
        count = max(1, visits)
        values = (
            days,
            max(0, spend),
            max(0, (until - last).days),
            party or 1.0,
            evenings / count,
            weekends / count,
            seconds / 60 / count,
        )
        for column, value in zip(columns, values, strict=True):
            column.append(float(value))
    return facts


def fit_groups(facts: Facts, *, until: date, now: datetime) -> Result:
    """Seek groups and give each the words that set it apart."""
    found = clusters.fit(facts)
    count = len(facts["visit_days"])
    shown: list[dict[str, Any]] = [
        {
            "words": list(one.words),
            "size": one.size,
            "share": one.size / count,
            "means": dict(one.means),
        }
        for one in found.clusters
    ]
    return Result(
        kind=Kind.GROUPS,
        result={"groups": shown, "silhouette": found.silhouette},
        learnt_from={"customers": count},
        data_until=until,
        is_enough=bool(found.clusters),
        calculated_at=now,
    )
