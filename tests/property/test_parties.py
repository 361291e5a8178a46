"""Whatever staff do with parties, no line, no money and no guest is lost, doubled or sent twice.

And a floor that follows by single tables shows the same as one that is read anew.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Sitting, Table
from models.visits import Visit
from services.base import database as base
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.floor.changes import read_change
from services.floor.queries import load_floor
from services.floor.types import Floor
from services.ordering import board
from services.ordering.types import WantedLine
from services.seating import moving, party, sittings
from tests.builders import NOW, make_table
from tests.services.ordering_room import Room, make_room

TABLES = 4
at = st.integers(0, TABLES - 1)
step = st.one_of(
    st.tuples(st.just("order"), at, st.integers(1, 3)),
    st.tuples(st.sampled_from(["move", "join", "split"]), at, at),
    st.tuples(st.sampled_from(["part", "advance", "release"]), at, st.booleans()),
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=4, max_size=14))
def test_an_evening_keeps_every_line_and_every_guest(
    steps: list[tuple[str, int, int]],
    sqlite_template: Path,
    use_database: Callable[[str], Any],
) -> None:
    file = sqlite_template.with_name("parties.db")
    if not file.exists():
        file.write_bytes(sqlite_template.read_bytes())
    use_database(f"sqlite+aiosqlite:///{file}")
    asyncio.run(_check_evening(steps))


async def _check_evening(steps: list[tuple[str, int, int]]) -> None:
    try:
        room = await make_room()
        async with transaction() as session:
            tables = [
                await make_table(session, restaurant=room.row, table_number=f"T{number}")
                for number in range(TABLES)
            ]
        ordered: list[tuple[Any, ...]] = []
        shown = await _floor(room)
        for number, (what, table, other) in enumerate(steps):
            told: UUID | None = None
            if what == "order":
                ordered += await _order(room, tables[table], quantity=other, number=number)
                told = ordered[-1][0]
            else:
                # Refused: the checks below show that nothing changed for the worse.
                with contextlib.suppress(SmartMenuError):
                    told = await _staff(room, tables, what, table, other)
                await _check(room, ordered)
            # Who parts leaves a table, too: the screen's news name both.
            left = {tables[table].id} if what == "split" else set[UUID]()
            shown = await _follow(room, shown, {told, *left} - {None})
    finally:
        await base.dispose()


async def _floor(room: Room) -> Floor:
    async with reading() as session:
        return await load_floor(session, restaurant_id=room.row.id, now=NOW)


async def _follow(room: Room, shown: Floor, told: set[Any]) -> Floor:
    """What a floor shows that has heard of a step; the same as one that is opened now."""
    async with reading() as session:
        change = await read_change(
            session, restaurant_id=room.row.id, floor=shown, subjects=told, now=NOW
        )
    assert change is not None
    assert change.floor == await _floor(room)
    before = {one.id: one for one in shown.tables}
    assert {one.id for one in change.floor.tables if one != before[one.id]} <= change.table_ids
    return change.floor


async def _order(room: Room, table: Table, *, quantity: int, number: int) -> list[tuple[Any, ...]]:
    placed = await room.order(
        await room.guest(table=table),
        WantedLine(room.pizza.id, quantity),
        key=f"key-{number:08d}",
    )
    return [(placed.order_id, room.pizza.id, quantity, 950 * quantity)]


async def _staff(room: Room, tables: list[Table], what: str, one: int, other: int) -> UUID | None:
    """One step; what its news name."""
    here = tables[one].id
    facts: dict[str, Any] = {"restaurant": room.info, "by": room.waiter, "now": NOW}
    async with transaction() as session:
        sitting_id = await sittings.find_open(session, restaurant_id=room.row.id, table_id=here)
        if what in ("move", "join"):
            seat = moving.move if what == "move" else moving.join
            to = tables[other].id
            return (await seat(session, table_id=here, to_table_id=to, **facts)).table_id
        if what == "part":
            return (await moving.part(session, table_id=here, **facts)).table_id
        if what == "split":
            visits = await session.scalars(
                sa.select(col(Visit.id)).where(col(Visit.sitting_id) == sitting_id).limit(1)
            )
            done = await moving.split(
                session,
                table_id=here,
                visit_ids=visits.all(),
                to_table_id=tables[other].id,
                **facts,
            )
            return done.table_id
        if what == "release" and sitting_id is not None:
            await sittings.release(session, sitting_id=sitting_id, force=bool(other), **facts)
            return here
        if what == "advance" and sitting_id is not None:
            return await _advance(session, sitting_id, facts)
    return None


async def _advance(session: Any, sitting_id: Any, facts: dict[str, Any]) -> UUID | None:
    order = await session.scalar(
        sa.select(Order).where(
            col(Order.sitting_id) == sitting_id, col(Order.order_status) != OrderStatus.COMPLETED
        )
    )
    if order is None:
        return None
    steps = {
        OrderStatus.PENDING: board.accept,
        OrderStatus.PREPARING: board.mark_ready,
        OrderStatus.READY: board.mark_served,
        OrderStatus.SERVED: board.complete,
    }
    await steps[OrderStatus(order.order_status)](session, order_id=order.id, **facts)
    return order.id


async def _check(room: Room, ordered: list[tuple[Any, ...]]) -> None:
    mine = room.row.id
    async with reading() as session:
        lines = await session.execute(
            sa.select(
                col(OrderLine.order_id),
                col(OrderLine.dish_id),
                col(OrderLine.quantity),
                col(OrderLine.line_total_minor),
            ).where(col(OrderLine.restaurant_id) == mine)
        )
        assert sorted(map(tuple, lines)) == sorted(ordered)
        orders = (
            await session.scalars(sa.select(Order).where(col(Order.restaurant_id) == mine))
        ).all()
        assert sum(order.total_minor for order in orders) == sum(one[3] for one in ordered)
        visits = {
            visit.id: visit
            for visit in await session.scalars(
                sa.select(Visit).where(col(Visit.restaurant_id) == mine)
            )
        }
        rows = {
            row.id: row
            for row in await session.scalars(
                sa.select(Sitting).where(col(Sitting.restaurant_id) == mine)
            )
        }
        for order in orders:
            assert order.sitting_id is not None
            sitting = rows[order.sitting_id]
            # An order is where its guest is, on the board and on the bill.
            assert visits[order.visit_id].sitting_id == sitting.id
            if sitting.released_at is None and OrderStatus(order.order_status).is_open:
                assert order.table_id == sitting.table_id
                assert visits[order.visit_id].table_id == sitting.table_id
        for sitting in rows.values():
            if sitting.released_at is not None:
                continue
            members = await party.members(session, restaurant_id=mine, sitting_id=sitting.id)
            assert sitting.id in [one.id for one in members]
            # One leads, and it is there.
            assert [one.joined_to_id for one in members if one.joined_to_id is None] == [None]
            assert {one.joined_to_id for one in members} <= {None, members[0].id}
