"""The job that counts today's and yesterday's funnel. It may run twice without harm."""

import asyncio
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlmodel import col

from models.restaurants import Restaurant
from services.analytics import funnel
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.restaurants import queries as restaurants

log = structlog.get_logger()


async def count_funnel(now: datetime) -> None:
    """Count the day that runs and the one before, of every restaurant; the night does the rest."""
    loop = asyncio.get_running_loop()
    async with reading() as session:
        restaurant_ids = list(await session.scalars(sa.select(col(Restaurant.id))))
    for restaurant_id in restaurant_ids:
        began = loop.time()
        try:
            async with reading() as session:
                restaurant = await restaurants.get(session, restaurant_id)
            today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
            for day in (today, today - timedelta(days=1)):
                async with reading() as session:
                    counted = await funnel.count_day(session, restaurant=restaurant, day=day)
                async with transaction() as session:
                    await funnel.store_day(
                        session, restaurant_id=restaurant_id, day=day, counted=counted, now=now
                    )
        except SmartMenuError:
            log.exception("funnel_not_counted", restaurant_id=str(restaurant_id))
        # The process has guests to serve meanwhile.
        await asyncio.sleep(loop.time() - began)
