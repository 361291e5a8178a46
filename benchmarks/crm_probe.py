"""A process that fills one restaurant with customers, counts them all, and reads its lists.

`python -m benchmarks.crm_probe COUNT` prints figures as JSON. Ten visits, ten orders and 38 lines a
customer; a menu of 60 dishes. The database is that of the settings, migrated and empty.
"""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from benchmarks import crm_reads
from models.customers import Customer
from models.menu import Dish, MenuCategory
from models.restaurants import Restaurant
from services.base.database import dispose, reading, transaction
from services.base.statistics import ANALYZE
from services.segments import recompute
from services.simulation.rows import as_ms, random_hash, row_id, stamp
from services.simulation.setting_aside import set_aside
from services.simulation.totals import UPDATE, UPDATE_ID_PLACES
from services.simulation.writer import Batch, BulkWriter, bulk_writer
from services.totals import totals

NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)
VISITS, LINES, DISHES, CATEGORIES = 10, (3, 4, 4, 4, 4, 4, 4, 4, 4, 3), 60, 8
CHUNK = 2000
DAY_MS = 86_400_000
UPDATES = 40


async def main(count: int) -> None:
    """Fill, count twice, follow visits, read lists."""
    restaurant_id, dishes = await make()
    await fill(restaurant_id, dishes, count)
    found: dict[str, Any] = {"customers": count}
    for name in ("first", "again"):
        started = time.monotonic()
        await recompute.recompute_all(restaurant_ids=[restaurant_id], now=NOW)
        found[f"recompute {name}"] = time.monotonic() - started
    found["memory_mb"] = (
        sum(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        // 1024
    )
    async with transaction() as session:
        await session.execute(sa.text("ANALYZE"))
    found["visit"] = await _follow(restaurant_id)
    found["pages"] = await crm_reads.pages(restaurant_id, dishes, NOW)
    found["cards"] = await crm_reads.cards(restaurant_id, NOW)
    await dispose()
    print(json.dumps(found))


async def make() -> tuple[UUID, list[tuple[UUID, UUID, int]]]:
    """A restaurant with its dishes, as (id, category, price)."""
    rng = Random(7)
    async with transaction() as session:
        restaurant = Restaurant(
            slug="crm", name="CRM", currency="EUR", time_zone="Europe/Berlin", created_at=NOW
        )
        session.add(restaurant)
        await session.flush()
        dishes: list[tuple[UUID, UUID, int]] = []
        for number in range(CATEGORIES):
            category = MenuCategory(
                restaurant_id=restaurant.id, name=f"Category {number}", position=number
            )
            session.add(category)
            await session.flush()
            for place in range(DISHES // CATEGORIES + 1):
                dish = Dish(
                    restaurant_id=restaurant.id,
                    category_id=category.id,
                    name=f"Dish {number}.{place}",
                    price_minor=rng.randrange(300, 3000),
                    position=place,
                    diets=rng.choice([[], ["vegetarian"], ["vegetarian", "vegan"]]),
                    spice=rng.randrange(4),
                )
                session.add(dish)
                await session.flush()
                dishes.append((dish.id, category.id, dish.price_minor))
        return restaurant.id, dishes


async def fill(restaurant_id: UUID, dishes: list[tuple[UUID, UUID, int]], count: int) -> None:
    """So many customers with their past."""
    rng = Random(11)
    async with bulk_writer() as writer:
        drops, makes = await set_aside()
        await writer.run(drops)
        for start in range(0, count, CHUNK):
            await _chunk(writer, rng, restaurant_id.hex, dishes, start, min(CHUNK, count - start))
        for statement in makes:
            await writer.run([statement])
        await writer.run(ANALYZE)


async def _chunk(
    writer: BulkWriter,
    rng: Random,
    owner: str,
    dishes: list[tuple[UUID, UUID, int]],
    start: int,
    count: int,
) -> None:
    batch, updates = Batch(), []
    end_ms = as_ms(NOW)
    for number in range(start, start + count):
        first_ms = end_ms - rng.randrange(20, 365) * DAY_MS
        customer, alias, made = row_id(rng, first_ms), f"Basil {number}", stamp(first_ms)
        batch.customers.append(
            (
                customer,
                made,
                owner,
                row_id(rng, first_ms),
                alias,
                "remember",
                None,
                None,
                "[]",
                made,
                made,
                None,
                None,
            )
        )
        spent = highest = 0
        moments = sorted(rng.randrange(first_ms, end_ms) for _ in range(VISITS))
        for turn, at_ms in enumerate(moments):
            total = _visit(batch, rng, owner, (customer, alias), dishes, at_ms, (number, turn))
            spent, highest = spent + total, max(highest, total)
        updates.append(
            (
                stamp(moments[-1]),
                VISITS,
                len({at // DAY_MS for at in moments}),
                VISITS,
                spent,
                highest,
                None,
                None,
                None,
                rng.choice(["active", "at_risk", "lost", "new"]),
                customer,
            )
        )
    await writer.write(batch)
    await writer.update(UPDATE, updates, id_places=UPDATE_ID_PLACES)


def _visit(
    batch: Batch,
    rng: Random,
    owner: str,
    who: tuple[str, str],
    dishes: list[tuple[UUID, UUID, int]],
    at_ms: int,
    place: tuple[int, int],
) -> int:
    visit, order, when = row_id(rng, at_ms), row_id(rng, at_ms), stamp(at_ms)
    chosen = [
        dishes[min(int(rng.expovariate(0.08)), len(dishes) - 1)] for _ in range(LINES[place[1]])
    ]
    total = sum(price for _, _, price in chosen)
    batch.visits.append(_visit_row(rng, owner, who, visit, when, total))
    number = place[0] * VISITS + place[1]
    batch.orders.append(_order_row(owner, who, (order, visit), number, when, total))
    for position, dish in enumerate(chosen):
        line = row_id(rng, at_ms)
        batch.order_lines.append(_line_row(owner, (line, order), position, dish, when))
    return total


def _visit_row(
    rng: Random, owner: str, who: tuple[str, str], visit: str, when: str, total: int
) -> tuple[Any, ...]:
    customer, alias = who
    seconds, taps = rng.randrange(600), rng.randrange(15)
    place = (None, None, None, None)
    moments = (when, when[:10], when, when)
    counted = (seconds, 1, 1, total, taps, 3, 0, None, None)
    token = random_hash(rng)
    known = ("en", "{}", "[]")
    return (visit, when, owner, customer, token, alias, *place, *moments, *known, *counted)


def _order_row(
    owner: str, who: tuple[str, str], ids: tuple[str, str], number: int, when: str, total: int
) -> tuple[Any, ...]:
    (customer, alias), (order, visit) = who, ids
    of = (customer, visit, None, None, None)
    named = (number, when[:10], order, order, "completed", alias, "[]", "")
    money = ("EUR", total, 0, total)
    moments = (when, when, when, when, when, when)
    return (order, when, owner, *of, *named, *money, *moments, None)


def _line_row(
    owner: str, ids: tuple[str, str], position: int, dish: tuple[UUID, UUID, int], when: str
) -> tuple[Any, ...]:
    (line, order), (dish_id, category_id, price) = ids, dish
    what = (dish_id.hex, category_id.hex, None, "Dish", "", "[]")
    return (line, when, owner, order, position, *what, 1, price, price, None, "", 0)


async def _follow(restaurant_id: UUID) -> list[float]:
    """Seconds that a customer's profile and segments take after a visit, within a transaction."""
    async with reading() as session:
        ids = (
            await session.scalars(
                sa.select(col(Customer.id))
                .where(col(Customer.restaurant_id) == restaurant_id)
                .limit(UPDATES)
            )
        ).all()
    took: list[float] = []
    for customer_id in ids:
        async with transaction() as session:
            started = time.perf_counter()
            await totals.recount(session, customer_id=customer_id, now=NOW + timedelta(minutes=1))
            took.append(time.perf_counter() - started)
    return took


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
