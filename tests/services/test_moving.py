"""A party changes tables."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.enums import TableStatus
from models.ordering import Order
from models.seating import Sitting, SittingMove, Table
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.floor import queries
from services.ordering import board
from services.seating import moving, tables
from services.seating.errors import (
    SittingOverError,
    TableOutOfServiceError,
    TableTakenError,
    UnknownTableError,
)
from tests.builders import NOW, make_area, make_table
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(minutes=20)


async def second_table(room: Room, **columns: object) -> Table:
    async with transaction() as session:
        area = await make_area(session, restaurant=room.row, name="Terrace")
        return await make_table(
            session, restaurant=room.row, area=area, table_number="8", **columns
        )


async def the_sitting() -> Sitting:
    async with reading() as session:
        return (await session.scalars(sa.select(Sitting))).one()


async def move(room: Room, sitting_id: UUID, table_id: UUID) -> None:
    async with transaction() as session:
        await moving.move_sitting(
            session,
            restaurant=room.info,
            sitting_id=sitting_id,
            table_id=table_id,
            by=room.waiter,
            now=LATER,
        )


async def test_a_party_goes_with_its_open_orders_and_leaves_the_finished_ones() -> None:
    room = await make_room()
    target = await second_table(room)
    done, kept = await room.guest(), await room.guest()
    first = await room.order(done)
    second = await room.order(kept, key="key-00000002")
    async with transaction() as session:
        for step in (board.accept, board.mark_served, board.complete):
            await step(
                session, restaurant=room.info, order_id=first.order_id, by=room.waiter, now=NOW
            )
    sitting = await the_sitting()
    await move(room, sitting.id, target.id)

    moved = await the_sitting()
    assert (moved.table_id, moved.area_id) == (target.id, target.area_id)
    async with reading() as session:
        at = {row.id: row.table_id for row in await session.scalars(sa.select(Order))}
        note = (await session.scalars(sa.select(SittingMove))).one()
        floor = await queries.load_floor(session, restaurant_id=room.info.id)
    assert at == {first.order_id: room.table.id, second.order_id: target.id}
    assert (note.from_table_id, note.to_table_id, note.moved_at) == (
        room.table.id,
        target.id,
        LATER,
    )
    assert {one.number: one.status for one in floor.tables} == {
        "7": TableStatus.AVAILABLE,
        "8": TableStatus.OCCUPIED,
    }


async def test_to_where_it_is_nothing_changes() -> None:
    room = await make_room()
    await room.order(await room.guest())
    sitting = await the_sitting()
    await move(room, sitting.id, room.table.id)
    async with reading() as session:
        assert (await session.scalars(sa.select(SittingMove))).all() == []


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("taken", TableTakenError),
        ("out", TableOutOfServiceError),
        ("unknown", UnknownTableError),
        ("over", SittingOverError),
    ],
)
async def test_a_move_that_cannot_be_changes_nothing(
    case: str, refusal: type[SmartMenuError]
) -> None:
    room, other = await make_room(), await make_room()
    target = await second_table(room)
    if case == "taken":
        await room.order(await room.guest(table=target), key="key-00000009")
    placed = await room.order(await room.guest())
    async with reading() as session:
        sitting = (
            await session.scalars(sa.select(Sitting).where(Sitting.table_id == room.table.id))
        ).one()
    if case == "out":
        async with transaction() as session:
            await tables.set_status(
                session,
                restaurant=room.info,
                table_id=target.id,
                status=TableStatus.OUT_OF_SERVICE,
                by=room.waiter,
                now=NOW,
            )
    if case == "over":
        async with transaction() as session:
            await tables.set_status(
                session,
                restaurant=room.info,
                table_id=room.table.id,
                status=TableStatus.AVAILABLE,
                by=room.waiter,
                now=NOW,
                force=True,
            )
    with pytest.raises(refusal):
        await move(room, sitting.id, other.table.id if case == "unknown" else target.id)
    async with reading() as session:
        order = await session.get_one(Order, placed.order_id)
        assert order.table_id == room.table.id
        assert (await session.scalars(sa.select(SittingMove))).all() == []
