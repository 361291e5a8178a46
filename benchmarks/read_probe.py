"""A process that reads what staff's and guests' screens read, again and again.

`python -m benchmarks.read_probe COUNT` prints {screen: [seconds]} as JSON, with how many orders the
restaurant and the database hold.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from benchmarks.order_probe import find_world
from models.enums import OPEN_ORDER_STATUSES
from models.ordering import Order
from services.base import clock
from services.base.database import dispose, reading
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.list_columns import FIRST_SHOWN
from services.customers.list_facts import Reader, load_listed
from services.floor import cards
from services.floor import queries as floor
from services.identity.types import Guest
from services.ordering import evening
from services.ordering import queries as ordering

WARM_UP = 5
Read = Callable[[Any], Awaitable[object]]


async def _screens() -> tuple[dict[str, Read], int, int]:
    restaurant = (await find_world()).restaurant
    own = col(Order.restaurant_id) == restaurant.id
    async with reading() as session:
        here = await session.scalar(sa.select(sa.func.count()).select_from(Order).where(own)) or 0
        total = await session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0
        order_id, sitting_id, table_id = (
            await session.execute(
                sa.select(col(Order.id), col(Order.sitting_id), col(Order.table_id))
                .where(own, col(Order.sitting_id).is_not(None))
                .where(col(Order.order_status).in_(OPEN_ORDER_STATUSES))
                .order_by(col(Order.placed_at))
                .limit(1)
            )
        ).one()
    assert sitting_id
    assert table_id
    own_id = restaurant.id
    # Somebody who has just sat down there.
    guest = Guest(
        visit_id=uuid4(),
        restaurant_id=own_id,
        customer_id=None,
        alias="",
        sitting_id=sitting_id,
        table_id=table_id,
        area_id=None,
        language="en",
        consent_level=None,
    )
    today = clock.business_day(
        clock.now(), time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
    )
    reads: dict[str, Read] = {
        "board": lambda s: ordering.board(s, restaurant_id=own_id),
        "waiting orders": lambda s: ordering.count_pending(s, restaurant_id=own_id),
        "service time": lambda s: evening.average_service_seconds(
            s, restaurant_id=own_id, business_day=today
        ),
        "floor": lambda s: floor.load_floor(s, restaurant_id=own_id),
        "table card": lambda s: cards.get_card(s, restaurant_id=own_id, table_id=table_id),
        "one order": lambda s: ordering.get_order(s, restaurant_id=own_id, order_id=order_id),
        "orders of a table": lambda s: ordering.orders_of_others(
            s, restaurant_id=own_id, guest=guest, latest=20
        ),
        "first page of guests": _guests(own_id),
    }
    return reads, here, total


def _guests(own_id: UUID) -> Read:
    async def first_page(session: AsyncSession) -> object:
        now = clock.now()
        asking = await load_asking(session, restaurant_id=own_id, now=now)
        page = await listing.load_page(session, asking=asking)
        reader = Reader(asking.restaurant, now, "en")
        columns = frozenset(FIRST_SHOWN)
        return await load_listed(session, profiles=page.profiles, columns=columns, reader=reader)

    return first_page


async def _main(count: int) -> None:
    reads, here, total = await _screens()
    took: dict[str, list[float]] = {name: [] for name in reads}
    for number in range(count + WARM_UP):
        for name, read in reads.items():
            async with reading() as session:
                started = time.perf_counter()
                await read(session)
                if number >= WARM_UP:
                    took[name].append(time.perf_counter() - started)
    print(json.dumps({"orders": here, "orders_of_all": total, "took": took}))
    await dispose()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
