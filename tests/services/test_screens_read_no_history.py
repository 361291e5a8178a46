"""What a live screen reads does not grow with the past: counted in steps of SQLite's machine."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.enums import OPEN_ORDER_STATUSES
from models.ordering import Order, OrderLine
from models.seating import Sitting
from models.visits import Visit
from services.base import statistics
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.list_columns import FIRST_SHOWN
from services.customers.list_facts import Reader, load_listed
from services.floor import cards
from services.floor import queries as floor
from services.identity.types import Guest
from services.ordering import evening
from services.ordering import queries as ordering
from services.restaurants import queries as restaurants
from services.simulation.demo import DemoLoaded
from services.simulation.rows import as_uuid
from tests.services.demo_loads import NOW, load

pytestmark = pytest.mark.usefixtures("sqlite_database")

Read = Callable[[AsyncSession], Awaitable[object]]
COPIES, SPAN_DAYS = 8, 70
# A row more or less at the edge of an index page, nothing that grows.
TOLERANCE = 1.02


async def _rows(session: AsyncSession, model: type[SQLModel], *which: Any) -> list[dict[str, Any]]:
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    found = await session.execute(sa.select(table).where(*which))
    return [dict(row) for row in found.mappings()]


async def _live_the_past_again(today: str) -> int:
    """Put copies of all orders of earlier days before them, with visits, sittings and lines.

    Returns:
        How many orders came.
    """
    earlier = col(Order.business_day) < today
    async with transaction() as session:
        orders = await _rows(session, Order, earlier)
        of_orders = [order["id"] for order in orders]
        lines = await _rows(session, OrderLine, col(OrderLine.order_id).in_(of_orders))
        visits = await _rows(
            session, Visit, col(Visit.id).in_([order["visit_id"] for order in orders])
        )
        sittings = await _rows(
            session, Sitting, col(Sitting.id).in_([order["sitting_id"] for order in orders])
        )
        for copy in range(1, COPIES + 1):
            new = {row["id"]: uuid4() for row in (*orders, *lines, *visits, *sittings)}
            for model, rows in (
                (Sitting, sittings),
                (Visit, visits),
                (Order, orders),
                (OrderLine, lines),
            ):
                await session.execute(
                    sa.insert(model), [_as_copied(row, new, copy) for row in rows]
                )
        # As the job does every night.
        await statistics.refresh(session)
    return COPIES * len(orders)


def _as_copied(row: dict[str, Any], new: dict[UUID, UUID], copy: int) -> dict[str, Any]:
    """A row under new ids, of nobody: a guest's own history is not what this is about."""
    changed = {
        name: new[row[name]] for name in ("id", "order_id", "visit_id", "sitting_id") if name in row
        and row[name] in new
    }  # fmt: skip
    if "submit_key" in row:
        changed |= {"submit_key": uuid4().hex}
    if "customer_id" in row:
        changed |= {"customer_id": None}
    earlier = timedelta(days=SPAN_DAYS * copy)
    return (
        row
        | {name: value - earlier for name, value in row.items() if isinstance(value, date)}
        | changed
    )


async def _screens(loaded: DemoLoaded) -> dict[str, Read]:
    own = as_uuid(loaded.stage.restaurant_id)
    async with reading() as session:
        restaurant = await restaurants.get(session, own)
        order = (
            await session.scalars(
                sa.select(Order)
                .where(col(Order.order_status).in_(OPEN_ORDER_STATUSES))
                .where(col(Order.customer_id).is_not(None))
                .order_by(col(Order.id))
                .limit(1)
            )
        ).one()
    today = business_day(NOW, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    assert order.table_id is not None
    assert order.sitting_id is not None
    table_id = order.table_id
    guest = Guest(
        visit_id=order.visit_id,
        restaurant_id=own,
        customer_id=order.customer_id,
        alias=order.guest_alias,
        sitting_id=order.sitting_id,
        table_id=table_id,
        area_id=order.area_id,
        language="en",
        consent_level=None,
    )
    neighbour = replace(guest, visit_id=uuid4(), customer_id=None)
    return {
        "board": lambda s: ordering.board(s, restaurant_id=own),
        "waiting": lambda s: ordering.count_pending(s, restaurant_id=own),
        "service time": lambda s: evening.average_service_seconds(
            s, restaurant_id=own, business_day=today
        ),
        "recall": lambda s: evening.recently_completed(s, restaurant_id=own, since=NOW),
        "floor": lambda s: floor.load_floor(s, restaurant_id=own),
        "card": lambda s: cards.get_card(s, restaurant_id=own, table_id=table_id),
        "order": lambda s: ordering.get_order(s, restaurant_id=own, order_id=order.id),
        "table's orders": lambda s: ordering.orders_of_others(
            s, restaurant_id=own, guest=neighbour, latest=20
        ),
        "table's total": lambda s: ordering.total_of_table(s, restaurant_id=own, guest=guest),
        "my orders": lambda s: ordering.my_orders(s, restaurant_id=own, guest=guest),
        "guests": _guests(own),
    }


def _guests(own: UUID) -> Read:
    async def first_page(session: AsyncSession) -> object:
        asking = await load_asking(session, restaurant_id=own, now=NOW)
        page = await listing.load_page(session, asking=asking)
        reader = Reader(asking.restaurant, NOW, "en")
        columns = frozenset(FIRST_SHOWN)
        return await load_listed(session, profiles=page.profiles, columns=columns, reader=reader)

    return first_page


async def _steps(read: Read) -> int:
    """How many steps the database's machine takes for a read."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    async with reading() as session:
        connection = await session.connection()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.set_progress_handler(step, 1)
        try:
            await read(session)
        finally:
            await driver.set_progress_handler(None, 1)
    return count


async def test_no_screen_reads_more_after_many_orders() -> None:
    loaded = await load()
    screens = await _screens(loaded)
    async with transaction() as session:
        # The same plans before and after: the demo's facts of guests are younger than its load.
        await statistics.refresh(session)
    before = {name: await _steps(read) for name, read in screens.items()}
    assert all(before.values())

    added = await _live_the_past_again(str(loaded.last_day))
    assert added > 2000

    after = {name: await _steps(read) for name, read in screens.items()}
    grown = {
        name: (before[name], steps)
        for name, steps in after.items()
        if steps > before[name] * TOLERANCE
    }
    assert grown == {}
