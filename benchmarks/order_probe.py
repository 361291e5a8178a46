"""A process that places orders through the service, and replays the same SQL bare.

`python -m benchmarks.order_probe turns|burst COUNT [CONNECTIONS]` prints what it measured as JSON.
A burst says "ready" and waits for a line before it begins, so that several begin together.
`complete COUNT` clears tables of a kept demo where more wait than that. The database is that of the
SMARTMENU_ settings.
"""

import asyncio
import dataclasses
import json
import random
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import col

from models.enums import OrderStatus, TableStatus
from models.menu import Dish, DishModifierGroup, DishVariant, MenuCategory
from models.ordering import Order
from models.restaurants import Restaurant
from models.seating import Table, TableCode
from services.base import clock
from services.base.database import database, dispose, reading, transaction
from services.guests import visits
from services.identity.types import Arrival, Guest, Signals
from services.ordering import checkout
from services.ordering.types import WantedLine
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

LINES = 3
WARM_UP = 15
Recorded = list[tuple[str, Any, bool]]


class _TakenBackError(Exception):
    """Ends a transaction whose statements were only wanted for their words."""


@dataclasses.dataclass(frozen=True, slots=True)
class _World:
    restaurant: RestaurantInfo
    codes: Sequence[str]
    dishes: Sequence[uuid.UUID]

    async def guest(self, number: int) -> Guest:
        """A new guest at a table."""
        async with transaction() as session:
            begun = await visits.begin_visit(
                session,
                restaurant=self.restaurant,
                signals=Signals(session_token=str(uuid.uuid4())),
                arrival=Arrival(table_code=self.codes[number % len(self.codes)]),
                now=clock.now(),
                rng=random.SystemRandom(),
            )
        return begun.guest

    async def place(self, session: Any, guest: Guest) -> None:  # noqa: ANN401 - a session
        """Order three different dishes."""
        await checkout.place_order(
            session,
            restaurant=self.restaurant,
            guest=guest,
            submit_key=str(uuid.uuid4()),
            lines=[WantedLine(dish_id=dish_id, quantity=1) for dish_id in self.dishes],
            now=clock.now(),
        )


async def find_world() -> _World:
    """The first demo restaurant, its tables that take orders and dishes that ask nothing."""
    async with reading() as session:
        slug = await session.scalar(
            sa.select(col(Restaurant.slug)).where(col(Restaurant.is_demo)).limit(1)
        )
        restaurant = await restaurants.get_by_slug(session, (slug or "").split("-2")[0])
        codes = await session.scalars(
            sa.select(col(TableCode.code))
            .join(Table, col(Table.id) == col(TableCode.table_id))
            .where(
                col(Table.restaurant_id) == restaurant.id,
                col(Table.status) == TableStatus.AVAILABLE,
                col(TableCode.revoked_at).is_(None),
            )
            .order_by(col(Table.table_number))
        )
        asks = sa.select(col(DishModifierGroup.dish_id)).union(sa.select(col(DishVariant.dish_id)))
        found = await session.execute(
            sa.select(col(Dish.id), col(Dish.hours), col(MenuCategory.hours))
            .join(MenuCategory, col(MenuCategory.id) == col(Dish.category_id))
            .where(col(Dish.restaurant_id) == restaurant.id, col(Dish.id).not_in(asks))
            .order_by(col(Dish.position))
        )
        always = [dish for dish, own, category in found if not own and not category]
        return _World(restaurant, list(codes), always[:LINES])


async def _record(world: _World, guest: Guest) -> Recorded:
    """The statements of one order that is taken back before it is committed."""
    said: Recorded = []

    def note(_c: Any, _cursor: Any, text: str, values: Any, _x: Any, many: bool) -> None:  # noqa: ANN401
        if not text.startswith("BEGIN"):
            # Several rows in one statement count as many, but are sent as one flat row.
            said.append((text, values, many and isinstance(values, list)))

    engine = database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        async with transaction() as session:
            await world.place(session, guest)
            raise _TakenBackError
    except _TakenBackError:
        return said
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _replay(driver: Any, said: Recorded, costs: dict[str, list[float]]) -> float:  # noqa: ANN401
    """Send recorded statements through the driver, commit; seconds."""
    started = time.perf_counter()
    if database().is_sqlite:
        await driver.cursor().execute("BEGIN IMMEDIATE")
    for text, values, many in said:
        before = time.perf_counter()
        cursor = driver.cursor()
        await (cursor.executemany if many else cursor.execute)(text, values)
        if cursor.description:
            await cursor.fetchall()
        costs[_summary(text)].append(time.perf_counter() - before)
    before = time.perf_counter()
    await driver.commit()
    ended = time.perf_counter()
    costs["COMMIT"].append(ended - before)
    return ended - started


def _summary(text: str) -> str:
    words = text.split()
    if words[0] == "SELECT":
        tables = [words[n + 1] for n, word in enumerate(words[:-1]) if word in {"FROM", "JOIN"}]
        return "SELECT " + ", ".join(dict.fromkeys(tables)) if tables else words[0] + " lock"
    return " ".join(words[: 3 if words[0] == "INSERT" else 2])


async def turns(count: int, _connections: int) -> dict[str, object]:
    """Real and bare orders in turns, so that both meet the same machine."""
    world = await find_world()
    real: list[float] = []
    bare: list[float] = []
    costs: dict[str, list[float]] = defaultdict(list)
    said: Recorded = []
    async with database().engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        for number in range(WARM_UP + count):
            guests = [await world.guest(2 * number), await world.guest(2 * number + 1)]
            started = time.perf_counter()
            async with transaction() as session:
                await world.place(session, guests[0])
            took = time.perf_counter() - started
            said = await _record(world, guests[1])
            replayed = await _replay(driver, said, costs)
            if number == WARM_UP - 1:
                costs.clear()
            if number >= WARM_UP:
                real.append(took)
                bare.append(replayed)
    return {
        "real": real,
        "bare": bare,
        "statements": len(said),
        "costs": {name: sum(took) / count for name, took in costs.items()},
    }


async def burst(count: int, connections: int) -> dict[str, object]:
    """Orders of waiting guests through several connections at once, as fast as they go."""
    world = await find_world()
    waiting = [await world.guest(number) for number in range(count + connections)]
    took: list[float] = []

    async def place() -> None:
        guest = waiting.pop()
        started = time.perf_counter()
        async with transaction() as session:
            await world.place(session, guest)
        took.append(time.perf_counter() - started)

    async def connection() -> None:
        while waiting:
            await place()

    await asyncio.gather(*(place() for _ in range(connections)))
    took.clear()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    return {"took": took, "seconds": time.perf_counter() - started}


async def complete(count: int, _connections: int) -> dict[str, object]:
    """Complete what runs before have left waiting: a table takes so many orders and no more."""
    world = await find_world()
    waiting = (
        col(Order.restaurant_id) == world.restaurant.id,
        col(Order.order_status) == OrderStatus.PENDING,
    )
    full = (
        sa.select(col(Order.sitting_id))
        .where(*waiting)
        .group_by(col(Order.sitting_id))
        .having(sa.func.count() > count)
    )
    async with transaction() as session:
        done = await session.execute(
            sa.update(Order)
            .where(*waiting, col(Order.sitting_id).in_(full))
            .values(order_status=OrderStatus.COMPLETED)
            .returning(col(Order.id))
            .execution_options(synchronize_session=False)
        )
        return {"completed": len(done.all())}


async def _main(what: str, count: int, connections: int) -> None:
    try:
        work = {"turns": turns, "burst": burst, "complete": complete}[what]
        print(json.dumps(await work(count, connections)))
    finally:
        await dispose()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int((*sys.argv, "8")[3])))
