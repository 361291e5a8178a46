"""A process that fills the day counts of a room and reads its analytics again and again.

`python -m benchmarks.room_probe TABLES READS` prints {"load": [seconds], "views": [seconds]} as
JSON. The database is that of the settings, migrated and empty.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from models.restaurants import Restaurant
from models.rollups import AreaHour, RollupMark, TableDay
from models.seating import Area, Table
from services.analytics import room_months, room_queries
from services.analytics.room_types import Period, RoomReport
from services.base.database import dispose, reading, transaction
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.staff import room_stats_views as views

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
LAST = date(2026, 5, 31)
# The year, the one before it to compare with, and a few days over.
DAYS, YEAR = 760, 365
AREAS, HOURS, CHUNK = 5, (12, 13, 14, 18, 19, 20, 21, 22), 5000
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN = {day: [["12:00", "15:00"], ["18:00", "23:00"]] for day in WEEK}


async def _fill(tables: int) -> RestaurantInfo:
    rng = Random(1)
    async with transaction() as session:
        restaurant = Restaurant(
            slug="room",
            name="Room",
            currency="EUR",
            time_zone="Europe/Berlin",
            opening_hours=OPEN,
            created_at=NOW,
        )
        session.add(restaurant)
        await session.flush()
        own: dict[str, Any] = {"restaurant_id": restaurant.id}
        areas = [Area(name=f"A{n}", position=n, created_at=NOW, **own) for n in range(AREAS)]
        session.add_all(areas)
        await session.flush()
        placed = [
            Table(
                area_id=areas[n % AREAS].id,
                table_number=str(n + 1),
                capacity=4,
                created_at=datetime(2024, 1, 1, tzinfo=UTC),
                **own,
            )
            for n in range(tables)
        ]
        session.add_all(placed)
        await session.flush()
        days = [LAST - timedelta(days=n) for n in range(DAYS)]
        table_days = [
            own | {"business_day": day, "table_id": table.id} | _table_day(rng)
            for day in days
            for table in placed
        ]
        area_hours = [
            own
            | {"business_day": day, "area_id": area.id, "hour": hour, "weekday": day.weekday()}
            | AN_HOUR
            for day in days
            for area in areas
            for hour in HOURS
        ]
        for model, rows in ((TableDay, table_days), (AreaHour, area_hours)):
            for first in range(0, len(rows), CHUNK):
                await session.execute(sa.insert(model), rows[first : first + CHUNK])
        for month in sorted({day.replace(day=1) for day in days}):
            await room_months.add_up(session, restaurant_id=restaurant.id, day=month)
        session.add(RollupMark(followed_until_at=NOW, rules_hash="x", rebuilt_at=NOW, **own))
    async with transaction() as session:
        await session.execute(sa.text("ANALYZE"))
        return await restaurants.get(session, restaurant.id)


AN_HOUR = {
    "sitting_count": 7,
    "order_count": 14,
    "revenue_minor": 90000,
    "occupied_seconds": 40000,
    "guest_seconds": 90000,
    "accept_count": 3,
    "accept_seconds": 100,
    "cook_count": 3,
    "cook_seconds": 900,
    "carry_count": 3,
    "carry_seconds": 90,
    "service_count": 3,
    "service_seconds": 1100,
}


def _table_day(rng: Random) -> dict[str, Any]:
    parties = rng.randint(2, 5)
    return {
        "sitting_count": parties,
        "turn_minutes": " ".join(str(rng.randint(35, 140)) for _ in range(parties)),
        "party_sizes": " ".join(str(rng.randint(1, 6)) for _ in range(parties)),
        "forgotten_count": 0,
        "order_count": parties * 2,
        "revenue_minor": parties * 6000,
        "occupied_seconds": parties * 4000,
        "guest_seconds": parties * 9000,
    }


def _draw(report: RoomReport, restaurant: RestaurantInfo) -> None:
    views.metric_views(report, restaurant, with_money=True)
    views.table_lines(report, restaurant, with_money=True)
    views.area_lines(report, restaurant, with_money=True)
    views.advice_views(report)


async def _main(tables: int, reads: int) -> None:
    restaurant = await _fill(tables)
    took: dict[str, list[float]] = {"load": [], "views": []}
    # No whole months, so that days are read where months do not reach.
    period = Period(LAST - timedelta(days=YEAR + 11), LAST - timedelta(days=12))
    for number in range(reads + 1):
        started = time.perf_counter()
        async with reading() as session:
            report = await room_queries.load_report(
                session, restaurant=restaurant, period=period, now=NOW
            )
        loaded = time.perf_counter()
        _draw(report, restaurant)
        # The first has statements to compile.
        if number:
            took["load"].append(loaded - started)
            took["views"].append(time.perf_counter() - loaded)
    await dispose()
    print(json.dumps(took))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
