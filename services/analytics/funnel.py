"""From scan to completed order (plan 4.1.1): who goes on, who leaves, and how long each step takes.

Counted by day from the events; a screen adds days up and never reads an event.
→ docs/algorithms/funnel.md
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType
from models.events import CustomerEvent
from models.rollups import FunnelDay
from models.visits import Visit
from services.base.upserts import insert
from services.restaurants.hours import business_day_span
from services.restaurants.types import RestaurantInfo

# Each bin of waiting is a tenth longer than the one before: medians are right to a twentieth.
WIDER = math.log(1.1)
# What is finished later than this after the day's end belongs to no funnel.
AFTERWARDS = timedelta(hours=6)


class Step(StrEnum):
    """One step of a visit, in order."""

    SCAN = "scan"
    MENU = "menu"
    CART = "cart"
    ORDER = "order"
    COMPLETED = "completed"


STEPS = tuple(Step)
_EVENTS: Mapping[str, int] = {
    EventType.SCAN: 0,
    EventType.MENU_VIEW: 1,
    EventType.ADD_TO_CART: 2,
    EventType.ORDER_PLACED: 3,
    EventType.ORDER_COMPLETED: 4,
}
Waits = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step over some days.

    Attributes:
        step: which.
        count: visits that came so far, or farther.
        of_all: share of all visits; None without one.
        of_before: share of those of the step before.
        lost: visits that ended at the step before.
        median_seconds: from the step before to this one; None where nobody was timed.
    """

    step: Step
    count: int
    of_all: float | None
    of_before: float | None
    lost: int
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day as it is stored."""

    counts: tuple[int, ...] = (0, 0, 0, 0, 0)
    waits: Waits = field(default_factory=dict[str, dict[str, int]])


async def count_day(session: AsyncSession, *, restaurant: RestaurantInfo, day: date) -> CountedDay:
    """Count one business day from its events; visits belong to the day they began."""
    start, end = business_day_span(
        day, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
    )
    # Labels of columns have no type that checkers know.
    visit: Any = col(CustomerEvent.visit_id)
    kind: Any = col(CustomerEvent.event_type)
    moments = (
        sa.select(
            visit.label("visit_id"),
            kind.label("event_type"),
            sa.func.min(col(CustomerEvent.happened_at)).label("at"),
        )
        .where(
            col(CustomerEvent.restaurant_id) == restaurant.id,
            col(CustomerEvent.happened_at) >= start,
            col(CustomerEvent.happened_at) < end + AFTERWARDS,
            col(CustomerEvent.event_type).in_(list(_EVENTS)),
        )
        .group_by(col(CustomerEvent.visit_id), col(CustomerEvent.event_type))
        .subquery("moments")
    )
    rows = await session.execute(
        sa.select(moments.c.visit_id, moments.c.event_type, moments.c.at)
        .join(Visit, col(Visit.id) == moments.c.visit_id)
        .where(col(Visit.restaurant_id) == restaurant.id, col(Visit.business_day) == day)
    )
    visits: dict[UUID, dict[int, datetime]] = {}
    for visit_id, event_type, at in rows:
        visits.setdefault(visit_id, {})[_EVENTS[event_type]] = at
    return count_visits(visits.values())


def count_visits(visits: Iterable[Mapping[int, datetime]]) -> CountedDay:
    """Count visits by the first moment of each step they reached (0 to 4)."""
    reached: Counter[int] = Counter()
    waits: Waits = {}
    for one in visits:
        if one:
            reached[max(one)] += 1
        for place in range(1, len(STEPS)):
            if place not in one or place - 1 not in one:
                continue
            seconds = (one[place] - one[place - 1]).total_seconds()
            # Another round of orders: the cart was filled again before the first was served.
            if seconds < 0:
                continue
            bins = waits.setdefault(STEPS[place], {})
            name = str(round(math.log1p(seconds) / WIDER))
            bins[name] = bins.get(name, 0) + 1
    counts = tuple(
        sum(count for last, count in reached.items() if last >= place)
        for place in range(len(STEPS))
    )
    return CountedDay(counts, waits)


async def store_day(
    session: AsyncSession, *, restaurant_id: UUID, day: date, counted: CountedDay, now: datetime
) -> None:
    """Put a day in place of what was counted of it; flushed, not committed."""
    keys = {"restaurant_id": restaurant_id, "business_day": day}
    values = {
        **{f"{step}_count": count for step, count in zip(STEPS, counted.counts, strict=True)},
        "waits": counted.waits,
        "counted_at": now,
    }
    made = insert(session, FunnelDay).values(**keys, **values)
    await session.execute(made.on_conflict_do_update(index_elements=list(keys), set_=values))


async def missing_days(
    session: AsyncSession, *, restaurant: RestaurantInfo, until: date, most: int
) -> list[date]:
    """Days up to one that were never counted, the latest first; none before the first visit."""
    first = await session.scalar(
        sa.select(col(Visit.business_day))
        .where(col(Visit.restaurant_id) == restaurant.id)
        .order_by(col(Visit.visited_at))
        .limit(1)
    )
    if first is None:
        return []
    since = max(first, until - timedelta(days=most - 1))
    known = set(
        await session.scalars(
            sa.select(col(FunnelDay.business_day)).where(
                col(FunnelDay.restaurant_id) == restaurant.id,
                col(FunnelDay.business_day) >= since,
            )
        )
    )
    days = (until - timedelta(days=ago) for ago in range((until - since).days + 1))
    return [day for day in days if day not in known]


async def load_funnel(
    session: AsyncSession, *, restaurant_id: UUID, first_day: date, last_day: date
) -> tuple[FunnelStep, ...]:
    """The funnel of some business days, added up from the days' rows."""
    rows = list(
        await session.scalars(
            sa.select(FunnelDay).where(
                col(FunnelDay.restaurant_id) == restaurant_id,
                col(FunnelDay.business_day).between(first_day, last_day),
            )
        )
    )
    counts = [sum(getattr(row, f"{step}_count") for row in rows) for step in STEPS]
    return steps_of(counts, [row.waits for row in rows])


def steps_of(
    counts: Sequence[int], waits: Iterable[Mapping[str, Mapping[str, int]]]
) -> tuple[FunnelStep, ...]:
    """Shares, losses and medians of summed days."""
    bins: dict[str, Counter[int]] = {step: Counter() for step in STEPS}
    for day in waits:
        for step, known in day.items():
            for name, count in known.items():
                bins[step][int(name)] += count
    found: list[FunnelStep] = []
    for place, step in enumerate(STEPS):
        before = counts[place - 1] if place else counts[0]
        found.append(
            FunnelStep(
                step=step,
                count=counts[place],
                of_all=counts[place] / counts[0] if counts[0] else None,
                of_before=counts[place] / before if before else None,
                lost=before - counts[place],
                median_seconds=_median(bins[step]),
            )
        )
    return tuple(found)


def _median(bins: Mapping[int, int]) -> float | None:
    half = sum(bins.values()) / 2
    for place in sorted(bins):
        half -= bins[place]
        if half <= 0:
            return math.expm1(place * WIDER)
    return None
