"""All profiles, borders and memberships of a restaurant anew."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerProfile, ProfileSettings
from services.base.database import reading, transaction
from services.base.upserts import insert
from services.profiles import keeping
from services.profiles.borders import borders_of
from services.profiles.reading import Span
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.segments import memberships, segments
from services.segments.counters import CountingProcess, counting_processes
from services.segments.everybody import update_everybody

CHUNK = 250
# So many are counted in pieces of milliseconds; starting a process costs seconds.
SMALL = 1000
SMALL_CHUNK = 20
PAUSE_SECONDS = 0.002


async def recompute_all(
    *,
    restaurant_ids: Sequence[UUID],
    now: datetime,
    keep: Callable[[UUID], AbstractContextManager[None]] = lambda _restaurant_id: nullcontext(),
) -> int:
    """Count every customer of some restaurants, many of them in processes of their own.

    Counting takes the processor for seconds: it must not take it from guests.

    Args:
        restaurant_ids: whose customers.
        now: aware UTC.
        keep: holds a restaurant's failure, so that the others are counted all the same.

    Returns:
        How many customers were counted.
    """
    total = 0
    async with counting_processes() as processes:
        for restaurant_id in restaurant_ids:
            with keep(restaurant_id):
                total += await _recompute_one(restaurant_id, processes, now=now)
    return total


async def _recompute_one(
    restaurant_id: UUID, processes: Sequence[CountingProcess], *, now: datetime
) -> int:
    started = time.monotonic()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        ids = await _customer_ids(session, restaurant_id)
    if len(ids) <= SMALL:
        await count_customers(restaurant_id=restaurant_id, ids=ids, now=now)
    else:
        share = -(-len(ids) // len(processes))
        parts = [ids[start : start + share] for start in range(0, len(ids), share)]
        told = await asyncio.gather(
            *(
                process.count(restaurant_id, part[0], part[-1], now)
                for process, part in zip(processes, parts, strict=False)
            ),
            # Whoever asks a process next must not find it at work.
            return_exceptions=True,
        )
        for failure in told:
            if failure is not None:
                raise failure
    await rank(restaurant=restaurant, now=now)
    async with transaction() as session:
        await session.execute(
            sa.update(ProfileSettings)
            .where(col(ProfileSettings.restaurant_id) == restaurant_id)
            .values(took_seconds=time.monotonic() - started, customer_count=len(ids))
        )
    return len(ids)


async def count_range(*, restaurant_id: UUID, first: UUID, last: UUID, now: datetime) -> None:
    """Count the customers from one id to another: what `counting_process` does."""
    async with reading() as session:
        ids = await _customer_ids(session, restaurant_id)
    await count_customers(
        restaurant_id=restaurant_id, ids=[one for one in ids if first <= one <= last], now=now
    )


async def _customer_ids(session: AsyncSession, restaurant_id: UUID) -> list[UUID]:
    ids = await session.scalars(
        sa.select(col(Customer.id)).where(col(Customer.restaurant_id) == restaurant_id)
    )
    return sorted(ids)


async def count_customers(*, restaurant_id: UUID, ids: Sequence[UUID], now: datetime) -> None:
    """Count some customers and write their rows, in short transactions.

    On SQLite nobody orders while one is open. What a visit has brought up to date meanwhile is
    newer and stays.
    """
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        frame = await keeping.frame_of(session, restaurant=restaurant)
    size = CHUNK if len(ids) > SMALL else SMALL_CHUNK
    for start in range(0, len(ids), size):
        span = Span(restaurant_id, tuple(ids[start : start + size]))
        async with reading() as session:
            changes = await keeping.count(session, frame=frame, span=span, now=now)
        changed = changes.customer_ids
        if changed:
            async with transaction() as session:
                older = await keeping.older(
                    session, restaurant_id=restaurant_id, ids=changed, now=now
                )
                await keeping.write(session, restaurant_id=restaurant_id, changes=changes.of(older))
        # Whoever waits to write goes first.
        await asyncio.sleep(PAUSE_SECONDS)


async def rank(*, restaurant: RestaurantInfo, now: datetime) -> None:
    """Borders between guests, and who is in which segment by them."""
    async with transaction() as session:
        borders = await borders_of(session, restaurant_id=restaurant.id)
        values = {"borders": borders, "calculated_at": now}
        made = insert(session, ProfileSettings).values(restaurant_id=restaurant.id, **values)
        await session.execute(
            made.on_conflict_do_update(index_elements=["restaurant_id"], set_=values)
        )
        await _set_price_levels(session, restaurant.id, borders.get("mean_item_price"))
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=now)
    async with reading() as session:
        asking = await memberships.asking_of(session, restaurant=restaurant, now=now)
        known = await memberships.rules_of(session, asking=asking)
    await update_everybody(known=known, asking=asking)


async def _set_price_levels(
    session: AsyncSession, restaurant_id: UUID, borders: dict[str, list[int]] | None
) -> None:
    """The same rule as `rules.price_level`, for everybody at once."""
    if not borders:
        return
    price = col(CustomerProfile.mean_item_price_minor)
    is_low, is_high = price <= borders["bottom"][24], price >= borders["top"][24]
    level = sa.case(
        (price.is_(None), ""),
        (sa.and_(is_low, is_high), "middle"),
        (is_low, "budget"),
        (is_high, "premium"),
        else_="middle",
    )
    await session.execute(
        sa.update(CustomerProfile)
        .where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            col(CustomerProfile.price_level) != level,
        )
        .values(price_level=level)
        .execution_options(synchronize_session=False)
    )
