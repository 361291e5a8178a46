"""A process that counts the days of the largest restaurant and reads its reports again and again.

`python -m benchmarks.dashboard_probe COUNT` prints {"report, span": [seconds]} as JSON.
"""

import asyncio
import json
import sys
import time
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.visits import Visit
from services.base import clock
from services.base.database import dispose, reading, transaction
from services.reports import counting, following, nightly
from services.reports.building import build_report
from services.reports.following import today_of
from services.reports.periods import read_span
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.staff.report_views import chart_cards, metric_cards

SPANS = {"30 days": {}, "90 days": {"range": "90"}, "a year": {"range": "year", "compare": "year"}}
WARM_UP = 2


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


async def _count(restaurant: RestaurantInfo) -> tuple[int, float, float]:
    now = clock.now()
    started = time.perf_counter()
    async with reading() as session:
        days = await following.history_days(session, restaurant=restaurant, now=now)
    assert days is not None
    length = (days[1] - days[0]).days + 1
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


async def _main(reads: int) -> None:
    restaurant, guests, visits = await _largest()
    days, counted_seconds, nightly_seconds = await _count(restaurant)
    took: dict[str, list[float]] = {}
    now = clock.now()
    for words, query in SPANS.items():
        span = read_span(query, today=today_of(restaurant, now))
        for kind in ReportKind:
            for number in range(reads + WARM_UP):
                started = time.perf_counter()
                async with reading() as session:
                    report = await build_report(
                        session, kind=kind, restaurant=restaurant, span=span, now=now
                    )
                chart_cards(report, "")
                metric_cards(report)
                if number >= WARM_UP:
                    took.setdefault(f"{kind.value}, {words}", []).append(
                        time.perf_counter() - started
                    )
    print(
        json.dumps(
            {
                "guests": guests,
                "visits": visits,
                "days": days,
                "counted_seconds": counted_seconds,
                "nightly_seconds": nightly_seconds,
                "took": took,
            }
        )
    )
    await dispose()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
