"""What the jobs that count days share: every restaurant, one after the other, at a polite pace."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.restaurants import Restaurant
from services.base.database import reading
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

# What a nightly job counts again, whatever the journal said.
REPAIRED_DAYS = 7
LONGEST_REST_SECONDS = 0.5

Count = Callable[[RestaurantInfo, date], Awaitable[None]]


async def all_restaurants() -> list[RestaurantInfo]:
    """Every restaurant there is."""
    async with reading() as session:
        ids = (await session.scalars(sa.select(col(Restaurant.id)))).all()
        return [await restaurants.get(session, restaurant_id) for restaurant_id in ids]


async def count_each(count: Count, restaurant: RestaurantInfo, first: date, last: date) -> None:
    """Day by day, with a rest as long as each took: the process has guests to serve meanwhile.

    The newest first: what people look at is there soonest.
    """
    loop = asyncio.get_running_loop()
    for back in range((last - first).days + 1):
        began = loop.time()
        await count(restaurant, last - timedelta(days=back))
        await asyncio.sleep(min(loop.time() - began, LONGEST_REST_SECONDS))
