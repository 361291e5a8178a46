"""A process that fills a ledger and measures on it; prints what it measured as JSON.

The database is that of the SMARTMENU_ settings, with a demo in it.
"""

import asyncio
import json
import random
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import col

from benchmarks.report import percentile
from models.customers import Customer
from models.enums import OrderStatus
from models.loyalty import LoyaltyPoint
from models.ordering import Order
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import database, dispose, reading, transaction
from services.loyalty import earning, expiring, ledger
from services.restaurants import queries as restaurants

GUESTS, LOTS, TAKEN, DUE = 10_000, 60, 40, 20_000
TURNS, WARM_UP = 200, 20
_COLUMNS = (
    "id, created_at, restaurant_id, customer_id, transaction_type, points, owed, reason, note,"
    " lot_id, group_id, idempotency_key, programme_version, business_day, expires_at"
)


async def main() -> dict[str, Any]:
    """Fill, then measure."""
    chance = random.Random(8)
    now = clock.now()
    async with transaction() as session:
        slug = await session.scalar(sa.select(sa.func.min(col(Restaurant.slug))))
        restaurant = await restaurants.get_by_slug(session, str(slug))
    guests = await _fill(restaurant.id, now)
    async with reading() as session:
        rows = await session.scalar(sa.select(sa.func.count()).select_from(LoyaltyPoint))

    async def balance() -> None:
        async with reading() as session:
            await ledger.balance(
                session, restaurant_id=restaurant.id, customer_id=chance.choice(guests)
            )

    told: dict[str, Any] = {"rows": rows, "turns": TURNS}
    took = await _timed(balance)
    told |= {
        "balance_ms": statistics.median(took) * 1000,
        "balance_p95_ms": percentile(took, 95) * 1000,
    }
    took, statements = await _awards(restaurant, guests, chance)
    told |= {
        "award_ms": statistics.median(took) * 1000,
        "award_p95_ms": percentile(took, 95) * 1000,
        "statements": statements,
    }
    halves = await _expire(restaurant, now)
    told |= {
        "lots_a_second": DUE / sum(halves),
        "second_half": halves[1] / halves[0],
    }
    await dispose()
    return told


async def _fill(restaurant_id: uuid.UUID, now: Any) -> list[uuid.UUID]:  # noqa: ANN401
    guests = [uuid.uuid4() for _ in range(GUESTS)]
    customers = Customer.metadata.tables["customers"]
    async with transaction() as session:
        await session.execute(
            sa.insert(customers),
            [
                Customer(
                    id=one,
                    restaurant_id=restaurant_id,
                    alias=f"Bench {number}",
                    first_seen_at=now,
                    last_seen_at=now,
                    created_at=now,
                    visit_days=7,
                ).model_dump()
                for number, one in enumerate(guests)
            ],
        )
    is_sqlite = database().engine.dialect.name == "sqlite"
    new_id = "randomblob(16)" if is_sqlite else "gen_random_uuid()"
    numbers = (
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {most})"
        if is_sqlite
        else "WITH n(n) AS (SELECT generate_series(1, {most}))"
    )
    text = "hex(c.id)" if is_sqlite else "c.id::text"
    lot_text = "hex(id)" if is_sqlite else "id::text"
    mine = "c.alias LIKE 'Bench %'"
    insert = f"INSERT INTO loyalty_points ({_COLUMNS})"
    lots = (
        f"SELECT {new_id}, c.created_at, c.restaurant_id, c.id, 'earned', 10 + n.n, 0, 'order', '',"
        f" NULL, {new_id}, 'bench:' || {text} || ':' || n.n, 1, :day, :until"
        f" FROM customers c, n WHERE {mine}"
    )
    taken = (
        f"SELECT {new_id}, created_at, restaurant_id, customer_id, 'redeemed', -5, 0, 'reward', '',"
        f" id, {new_id}, 'taken:' || {lot_text}, 1, business_day, NULL FROM loyalty_points"
        f" WHERE idempotency_key LIKE 'bench:%' AND points <= {10 + TAKEN}"
    )
    head = numbers.format(most=LOTS)
    lots = f"{insert} {head} {lots}" if is_sqlite else f"{head} {insert} {lots}"
    ends = LoyaltyPoint.metadata.tables["loyalty_points"].c.expires_at.type
    day, until = sa.bindparam("day", type_=sa.Date), sa.bindparam("until", type_=ends)
    async with transaction() as session:
        await session.execute(
            sa.text(lots).bindparams(day, until),
            {"day": now.date(), "until": now + timedelta(days=300)},
        )
    async with transaction() as session:
        await session.execute(sa.text(f"{insert} {taken}"))
        await session.execute(sa.text("ANALYZE"))
    return guests


async def _timed(turn: Callable[[], Awaitable[None]]) -> list[float]:
    took: list[float] = []
    for number in range(WARM_UP + TURNS):
        began = time.perf_counter()
        await turn()
        if number >= WARM_UP:
            took.append(time.perf_counter() - began)
    return took


async def _awards(
    restaurant: Any,  # noqa: ANN401
    guests: list[uuid.UUID],
    chance: random.Random,
) -> tuple[list[float], int]:
    async with reading() as session:
        orders = list(
            await session.scalars(
                sa.select(col(Order.id))
                .where(
                    col(Order.restaurant_id) == restaurant.id,
                    col(Order.order_status) == OrderStatus.COMPLETED,
                )
                .limit(WARM_UP + TURNS)
            )
        )
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1

    took: list[float] = []
    for number, order_id in enumerate(orders):
        async with transaction() as session:
            order = await session.get_one(Order, order_id, with_for_update=True)
            order.customer_id, order.points_earned = chance.choice(guests), None
            await session.flush()
            if number == WARM_UP:
                event.listen(database().engine.sync_engine, "before_cursor_execute", count)
            began = time.perf_counter()
            awarded = await earning.award(
                session, restaurant=restaurant, order=order, now=clock.now()
            )
            if number >= WARM_UP:
                took.append(time.perf_counter() - began)
            if number == WARM_UP:
                event.remove(database().engine.sync_engine, "before_cursor_execute", count)
            assert awarded.points
    return took, sent


async def _expire(restaurant: Any, now: Any) -> list[float]:  # noqa: ANN401
    points = LoyaltyPoint.metadata.tables["loyalty_points"]
    due = (
        sa.select(points.c.id)
        .where(
            points.c.restaurant_id == restaurant.id,
            points.c.idempotency_key.like("bench:%"),
            points.c.expires_at > now,
        )
        .limit(DUE)
    )
    async with transaction() as session:
        await session.execute(
            sa.update(points)
            .where(points.c.id.in_(due))
            .values(expires_at=now - timedelta(minutes=1))
        )
    halves = [0.0, 0.0]
    done = 0
    while done < DUE:
        began = time.perf_counter()
        async with transaction() as session:
            looked = await expiring.expire_lots(session, restaurant=restaurant, now=now)
        halves[done >= DUE // 2] += time.perf_counter() - began
        assert looked
        done += looked
    return halves


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
