from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.events import CustomerEvent
from models.ordering import Order
from models.restaurants import OrderCounter, Restaurant
from models.seating import Sitting
from models.visits import Visit
from services.base.database import reading, transaction
from services.simulation.demo import load_demo
from services.simulation.refresh import refresh_room
from tests.databases import DatabaseUnderTest

NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3, hours=2)


async def open_sittings() -> dict[str, list[object]]:
    async with reading() as session:
        sittings = await session.scalars(
            sa.select(Sitting).where(col(Sitting.released_at).is_(None)).order_by(col(Sitting.id))
        )
        ids = {sitting.id: sitting for sitting in sittings}
        orders = (
            await session.scalars(
                sa.select(Order)
                .where(col(Order.sitting_id).in_(ids))
                .order_by(col(Order.placed_at))
            )
        ).all()
        days = set(
            await session.scalars(
                sa.select(col(Visit.business_day)).where(col(Visit.sitting_id).in_(ids))
            )
        )
        latest = await session.scalar(sa.select(sa.func.max(col(CustomerEvent.happened_at))))
    return {
        "seated": [sitting.opened_at for sitting in ids.values()],
        "placed": [order.placed_at for order in orders],
        "numbers": [(order.business_day, order.number) for order in orders],
        "days": sorted(days),
        "latest": [latest],
    }


async def test_a_room_of_days_ago_is_moved_to_now(database: DatabaseUnderTest) -> None:
    await load_demo(customers=50, seed=7, months=1, now=NOW)
    before = await open_sittings()
    async with transaction() as session:
        assert await refresh_room(session, slug="brasa-olive", now=LATER)
    after = await open_sittings()
    shift = after["seated"][0] - before["seated"][0]
    # The newest sign of life was a few seconds before the demo was loaded.
    assert timedelta(0) <= shift - (LATER - NOW) <= timedelta(seconds=20)
    assert after["seated"] == [moment + shift for moment in before["seated"]]
    assert after["placed"] == [moment + shift for moment in before["placed"]]
    assert after["days"] == [date(2026, 5, 16)]
    assert after["numbers"] == [
        (date(2026, 5, 16), number) for number in range(1, len(before["numbers"]) + 1)
    ]
    assert after["latest"] == [before["latest"][0] + shift]
    assert after["latest"][0] <= LATER
    async with reading() as session:
        last = await session.scalar(
            sa.select(col(OrderCounter.last_number)).where(
                col(OrderCounter.business_day) == "2026-05-16"
            )
        )
    assert last == len(before["numbers"])


async def test_a_room_in_use_is_left_alone(sqlite_database: DatabaseUnderTest) -> None:
    await load_demo(customers=50, seed=7, months=1, now=NOW)
    before = await open_sittings()
    async with transaction() as session:
        assert not await refresh_room(
            session, slug="brasa-olive", now=NOW + timedelta(hours=2, minutes=59)
        )
    assert await open_sittings() == before


async def test_a_real_restaurant_is_never_touched(sqlite_database: DatabaseUnderTest) -> None:
    await load_demo(customers=50, seed=7, months=1, now=NOW)
    async with transaction() as session:
        await session.execute(sa.update(Restaurant).values(is_demo=False))
    before = await open_sittings()
    async with transaction() as session:
        assert not await refresh_room(session, slug="brasa-olive", now=LATER)
    assert await open_sittings() == before
