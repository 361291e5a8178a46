"""Jobs that keep the day counts of the room. Both may run twice without harm."""

from datetime import date, datetime, timedelta

import structlog

from services.analytics import room_rollups
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.jobs.day_counts import REPAIRED_DAYS, all_restaurants, count_each
from services.restaurants.types import RestaurantInfo

log = structlog.get_logger()


async def follow_room(now: datetime) -> None:
    """Count the days again on which orders were finished or tables released since the last run."""
    for restaurant in await all_restaurants():
        try:
            async with reading() as session:
                days = await room_rollups.changed_days(session, restaurant=restaurant, now=now)
            if days is None:
                await _count_everything(restaurant, now)
                continue
            for day in days:
                await _count(restaurant, day)
            if days:
                async with transaction() as session:
                    await room_rollups.mark_followed(session, restaurant=restaurant, now=now)
        except SmartMenuError:
            log.exception("room_not_counted", restaurant_id=str(restaurant.id))


async def repair_room(now: datetime) -> None:
    """Count the last days of every restaurant again: what nobody told is found here."""
    for restaurant in await all_restaurants():
        try:
            async with reading() as session:
                days = await room_rollups.history_days(session, restaurant=restaurant, now=now)
            if days is None:
                continue
            first = max(days[0], days[1] - timedelta(days=REPAIRED_DAYS))
            await count_each(_count, restaurant, first, days[1])
        except SmartMenuError:
            log.exception("room_not_repaired", restaurant_id=str(restaurant.id))


async def _count_everything(restaurant: RestaurantInfo, now: datetime) -> None:
    async with reading() as session:
        days = await room_rollups.history_days(session, restaurant=restaurant, now=now)
    if days is not None:
        await count_each(_count, restaurant, *days)
    async with transaction() as session:
        await room_rollups.mark_followed(session, restaurant=restaurant, now=now, whole=True)


async def _count(restaurant: RestaurantInfo, day: date) -> None:
    async with reading() as session:
        counted = await room_rollups.count_day(session, restaurant=restaurant, day=day)
    async with transaction() as session:
        await room_rollups.store_day(session, restaurant_id=restaurant.id, day=day, counted=counted)
