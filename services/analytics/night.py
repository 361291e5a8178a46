"""One restaurant's night: every model fitted, kept as rows, and what follows from them said.

Each part reads, computes and writes by itself, in short transactions: guests order meanwhile, and
a part that fails keeps none of the others from theirs. Running it twice leaves the same rows.
"""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.analytics import (
    demand,
    dish_models,
    dish_sales,
    funnel,
    groups,
    insight_writing,
    predicting,
    proof,
    results,
    returning,
)
from services.analytics.results import Result
from services.analytics.visit_days import VisitDays, read_visit_days
from services.base import logs
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

log = structlog.get_logger()
FUNNEL_DAYS = 400
# The first night of a long history counts as many days as it can in this time, the latest first.
FUNNEL_SECONDS = 20.0
# Days that are counted again: orders are completed late.
RECOUNTED = 2
LARGEST_STEP = 100


class _Night:
    """What the parts of one restaurant's night share."""

    def __init__(self, restaurant: RestaurantInfo, now: datetime) -> None:
        self.restaurant = restaurant
        self.now = now
        self.today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
        # The last day that is over: half a day is no day.
        self.until = self.today - timedelta(days=1)
        self.daily_orders: Sequence[float | None] = ()
        self._visit_days: VisitDays | None = None

    async def visit_days(self, session: AsyncSession) -> VisitDays:
        """Who came when, today included: read once for all parts."""
        if self._visit_days is None:
            self._visit_days = await read_visit_days(
                session, restaurant_id=self.restaurant.id, until=self.today
            )
        return self._visit_days

    async def keep(self, found: Sequence[Result], began: float) -> None:
        """Write results, with how long they took."""
        took = time.monotonic() - began
        async with transaction() as session:
            await results.put(
                session,
                restaurant_id=self.restaurant.id,
                found=[replace(one, took_seconds=took) for one in found],
            )


async def fit_restaurant(restaurant_id: UUID, *, now: datetime) -> list[str]:
    """Do the night of one restaurant.

    Args:
        restaurant_id: whose.
        now: aware UTC.

    Returns:
        The names of the parts that failed.
    """
    async with reading() as session:
        night = _Night(await restaurants.get(session, restaurant_id), now)
    parts: tuple[tuple[str, Callable[[_Night], Awaitable[None]]], ...] = (
        ("value", _value),
        ("returning", _returning),
        ("demand", _demand),
        ("dishes", _dishes),
        ("groups", _groups),
        ("funnel", _funnel),
        # Looks at what the others have written.
        ("insights", _insights),
    )
    failed: list[str] = []
    for name, part in parts:
        began = time.monotonic()
        try:
            await part(night)
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with one part
            failed.append(name)
            # Its message may hold what somebody typed: the log names kind and place only.
            log.error(  # noqa: TRY400 - see above
                "models_not_fitted",
                restaurant_id=str(restaurant_id),
                part=name,
                kind=logs.kinds_of(failure),
                where=logs.places_of(failure),
            )
        else:
            log.info(
                "models_fitted",
                restaurant_id=str(restaurant_id),
                part=name,
                seconds=round(time.monotonic() - began, 2),
            )
    return failed


async def _value(night: _Night) -> None:
    async with reading() as session:
        days = await night.visit_days(session)
    await predicting.fit_restaurant(night.restaurant.id, now=night.now, days=days)


async def _returning(night: _Night) -> None:
    began = time.monotonic()
    async with reading() as session:
        days = (await night.visit_days(session)).up_to(night.until)
        first = await returning.read_first_visits(
            session, restaurant_id=night.restaurant.id, days=days
        )
    await night.keep(returning.count_cohorts(days, first, until=night.until, now=night.now), began)
    began = time.monotonic()
    await night.keep([proof.fit_proof(days, until=night.until, now=night.now)], began)


async def _demand(night: _Night) -> None:
    began = time.monotonic()
    async with reading() as session:
        past = await demand.read_past(session, restaurant=night.restaurant, until=night.until)
    night.daily_orders = past.series["orders"]
    await night.keep(demand.fit_demand(past, until=night.until, now=night.now), began)


async def _dishes(night: _Night) -> None:
    began = time.monotonic()
    async with reading() as session:
        sales = await dish_sales.read_sales(session, restaurant=night.restaurant, until=night.until)
    found = dish_models.fit_dishes(
        sales,
        rounded_to_minor=price_step([one.price_minor for one in sales.dishes if one.is_on_menu]),
        until=night.until,
        now=night.now,
    )
    await night.keep(found, began)


async def _groups(night: _Night) -> None:
    began = time.monotonic()
    async with reading() as session:
        facts = await groups.read_facts(
            session, restaurant_id=night.restaurant.id, until=night.until
        )
    await night.keep([groups.fit_groups(facts, until=night.until, now=night.now)], began)


async def _funnel(night: _Night) -> None:
    async with reading() as session:
        missing = await funnel.missing_days(
            session, restaurant=night.restaurant, until=night.until, most=FUNNEL_DAYS
        )
    again = [night.until - timedelta(days=ago) for ago in range(RECOUNTED)]
    began = time.monotonic()
    for day in [*again, *(one for one in missing if one not in again)]:
        if time.monotonic() - began > FUNNEL_SECONDS:
            break
        await count_funnel_day(night.restaurant, day, now=night.now)


async def count_funnel_day(restaurant: RestaurantInfo, day: date, *, now: datetime) -> None:
    """Count one business day's funnel and keep it."""
    async with reading() as session:
        counted = await funnel.count_day(session, restaurant=restaurant, day=day)
    async with transaction() as session:
        await funnel.store_day(
            session, restaurant_id=restaurant.id, day=day, counted=counted, now=now
        )


async def _insights(night: _Night) -> None:
    async with reading() as session:
        facts = await insight_writing.read_facts(
            session,
            restaurant=night.restaurant,
            daily_orders=night.daily_orders,
            today=night.today,
            now=night.now,
        )
    async with transaction() as session:
        await insight_writing.write(
            session, restaurant_id=night.restaurant.id, facts=facts, now=night.now
        )


def price_step(prices: Sequence[int]) -> int:
    """What all prices of a menu are multiples of, at most 1.00: 50 for 9.50, 12.00, 7.00."""
    return min(math.gcd(*prices) or 1, LARGEST_STEP) if prices else 1
