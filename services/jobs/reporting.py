"""Jobs that keep the day counts behind dashboards and reports. They may run twice without harm."""

from datetime import date, datetime, timedelta

import structlog

from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.jobs.day_counts import REPAIRED_DAYS, all_restaurants, count_each
from services.reports import counting, following, mailing, nightly
from services.restaurants.types import RestaurantInfo

log = structlog.get_logger()


async def follow_sales(now: datetime) -> None:
    """Count the days that have ended, and those on which something else is true by now."""
    for restaurant in await all_restaurants():
        try:
            async with reading() as session:
                days = await following.changed_days(session, restaurant=restaurant, now=now)
            if days is None:
                await _count_everything(restaurant, now)
                continue
            for day in days:
                await _count(restaurant, day)
            async with transaction() as session:
                await following.mark_followed(session, restaurant=restaurant, now=now)
        except SmartMenuError:
            log.exception("sales_not_counted", restaurant_id=str(restaurant.id))


async def count_reports(now: datetime) -> None:
    """Every night: the last days once more, segments, dishes that go together."""
    for restaurant in await all_restaurants():
        try:
            async with reading() as session:
                days = await following.history_days(session, restaurant=restaurant, now=now)
                is_counted = await following.is_counted(session, restaurant=restaurant)
            # What was never counted is counted whole, with all of this, by the job above.
            if days is None or not is_counted:
                continue
            first = max(days[0], days[1] - timedelta(days=REPAIRED_DAYS))
            await count_each(_count, restaurant, first, days[1])
            await _count_nightly(restaurant, now)
        except SmartMenuError:
            log.exception("reports_not_counted", restaurant_id=str(restaurant.id))


async def mail_reports(now: datetime) -> None:
    """Put the reports of weeks and months that have ended into the outbox."""
    for restaurant in await all_restaurants():
        async with transaction() as session:
            await mailing.put_due(session, restaurant_id=restaurant.id, now=now)


async def _count_everything(restaurant: RestaurantInfo, now: datetime) -> None:
    async with reading() as session:
        days = await following.history_days(session, restaurant=restaurant, now=now)
    if days is not None:
        await count_each(_count, restaurant, *days)
    async with transaction() as session:
        await following.mark_followed(session, restaurant=restaurant, now=now)
    if days is not None:
        await _count_nightly(restaurant, now)


async def _count_nightly(restaurant: RestaurantInfo, now: datetime) -> None:
    async with reading() as session:
        found = await nightly.count(session, restaurant=restaurant, now=now)
    async with transaction() as session:
        await nightly.store(session, restaurant=restaurant, found=found)


async def _count(restaurant: RestaurantInfo, day: date) -> None:
    async with reading() as session:
        counted = await counting.count_day(session, restaurant=restaurant, day=day)
    async with transaction() as session:
        await counting.store_day(session, restaurant_id=restaurant.id, day=day, counted=counted)
