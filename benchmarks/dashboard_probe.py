"""A process that counts the days of the largest restaurant and reads its pages again and again.

`python -m benchmarks.dashboard_probe COUNT` prints {"page, span": [seconds]} as JSON, COUNT of each
page or what a few seconds hold. What was counted by an earlier run stays.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from benchmarks import members, night_probe
from models.customers import Customer
from models.enums import Role
from models.visits import Visit
from services.accounts.types import Actor
from services.analytics import funnel, insights, night, results
from services.analytics.model_page import load_models
from services.analytics.results import Kind
from services.base.database import database, dispose, reading, transaction
from services.reports import counting, following, nightly
from services.reports.building import build_report
from services.reports.following import today_of
from services.reports.periods import Span, read_span
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.server import look_for_garbage_seldom
from state.staff.night_cohorts import COHORT_KINDS, cohort_cards, funnel_cards
from state.staff.night_insights import night_views
from state.staff.night_models import model_cards, statistics_cards
from state.staff.night_words import model_views
from state.staff.report_views import chart_cards, metric_cards

SPANS = {"30 days": {}, "90 days": {"range": "90"}, "a year": {"range": "year", "compare": "year"}}
WARM_UP = 2
# A page is not read longer than this, but as often as a p95 needs.
PAGE_SECONDS, LEAST_READS = 4.0, 12


async def _largest() -> tuple[RestaurantInfo, int, int]:
    async with reading() as session:
        found = (
            await session.execute(
                sa.select(col(Customer.restaurant_id), sa.func.count())
                .group_by(col(Customer.restaurant_id))
                .order_by(sa.func.count().desc())
                .limit(1)
            )
        ).one()
        visits = await session.scalar(
            sa.select(sa.func.count()).where(col(Visit.restaurant_id) == found[0])
        )
        return await restaurants.get(session, found[0]), found[1], visits or 0


async def _count(restaurant: RestaurantInfo, now: datetime) -> tuple[int, float, float]:
    started = time.perf_counter()
    async with reading() as session:
        days = await following.history_days(session, restaurant=restaurant, now=now)
    assert days is not None
    length = (days[1] - days[0]).days + 1
    async with reading() as session:
        is_counted = await following.is_counted(session, restaurant=restaurant)
    if is_counted:
        return length, 0.0, 0.0
    for count in range(length):
        day = days[0] + timedelta(days=count)
        async with reading() as session:
            counted = await counting.count_day(session, restaurant=restaurant, day=day)
        async with transaction() as session:
            await counting.store_day(session, restaurant_id=restaurant.id, day=day, counted=counted)
    async with transaction() as session:
        await following.mark_followed(session, restaurant=restaurant, now=now)
    counted_seconds = time.perf_counter() - started
    started = time.perf_counter()
    async with reading() as session:
        found = await nightly.count(session, restaurant=restaurant, now=now)
    async with transaction() as session:
        await nightly.store(session, restaurant=restaurant, found=found)
    return length, counted_seconds, time.perf_counter() - started


async def _take(found: list[float], reads: int, read: Callable[[], Awaitable[object]]) -> None:
    for number in range(reads + WARM_UP):
        started = time.perf_counter()
        await read()
        if number >= WARM_UP:
            found.append(time.perf_counter() - started)
        if len(found) >= LEAST_READS and sum(found) > PAGE_SECONDS:
            break


async def _reports(
    restaurant: RestaurantInfo, now: datetime, reads: int, took: dict[str, list[float]]
) -> None:
    for words, query in SPANS.items():
        span = read_span(query, today=today_of(restaurant, now))
        for kind in ReportKind:

            async def read(kind: ReportKind = kind, span: Span = span) -> None:
                async with reading() as session:
                    report = await build_report(
                        session, kind=kind, restaurant=restaurant, span=span, now=now
                    )
                chart_cards(report, "")
                metric_cards(report)

            await _take(took[f"{kind.value}, {words}"], reads, read)


async def _nights(
    restaurant: RestaurantInfo, now: datetime, reads: int, took: dict[str, list[float]]
) -> None:
    """Cohorts, insights and models: rows that a night has left."""
    own = restaurant.id
    async with reading() as session:
        is_new = not await results.load(session, restaurant_id=own, kinds=list(Kind))
    if is_new:
        assert not await night.fit_restaurant(own, now=now)
    today = today_of(restaurant, now)
    reader = Actor(own, own, own, "", Role.OWNER)

    async def cohorts(by: str) -> None:
        async with reading() as session:
            found = await results.find(session, restaurant_id=own, kind=COHORT_KINDS[by])
            steps = await funnel.load_funnel(
                session, restaurant_id=own, first_day=today - timedelta(days=27), last_day=today
            )
        cohort_cards(found, by, restaurant)
        funnel_cards(steps, days=28)

    async def told() -> None:
        async with reading() as session:
            found = await insights.load_insights(session, by=reader, now=now)
        night_views(found, restaurant)

    async def models() -> None:
        async with reading() as session:
            page = await load_models(session, restaurant_id=own, now=now)
        model_cards(page, restaurant)
        statistics_cards(page)
        model_views(page)

    await _take(took["cohorts, months"], reads, lambda: cohorts("month"))
    await _take(took["cohorts, first dishes"], reads, lambda: cohorts("dish"))
    await _take(took["insights"], reads, told)
    await _take(took["models"], reads, models)


async def _main(reads: int) -> None:
    restaurant, guests, visits = await _largest()
    now = await night_probe.moment()
    if not restaurant.is_demo and database().is_sqlite:
        await members.enrol(restaurant.id, now=now)
    days, counted_seconds, nightly_seconds = await _count(restaurant, now)
    look_for_garbage_seldom()
    took: dict[str, list[float]] = defaultdict(list)
    await _nights(restaurant, now, reads, took)
    await _reports(restaurant, now, reads, took)
    async with reading() as session:
        so_far = await counting.count_so_far(
            session, restaurant=restaurant, day=today_of(restaurant, now)
        )
    print(
        json.dumps(
            {
                "guests": guests,
                "visits": visits,
                "days": days,
                "today": so_far.visit_count,
                "counted_seconds": counted_seconds,
                "nightly_seconds": nightly_seconds,
                "took": took,
            }
        )
    )
    await dispose()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
