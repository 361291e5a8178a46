"""A guest sits down at another table while an order of theirs is completed: nobody is refused."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.ordering import Order
from models.seating import TableCode
from services.base.database import reading, transaction
from services.guests import visits
from services.ordering import board, moves
from services.ordering.types import WantedLine
from tests.builders import NOW, make_table
from tests.builders.arrivals import arrive
from tests.services.ordering_room import make_room

pytestmark = pytest.mark.usefixtures("database")
# Longer than a step takes until it waits for somebody.
A_MOMENT = 0.2


@pytest.mark.parametrize("by_code", [True, False])
async def test_an_order_is_completed_while_its_guest_moves(*, by_code: bool) -> None:
    room = await make_room()
    async with transaction() as session:
        other = await make_table(session, restaurant=room.row, table_number="8")
        codes = {
            table.id: str(
                await session.scalar(
                    sa.select(col(TableCode.code)).where(col(TableCode.table_id) == table.id)
                )
            )
            for table in (room.table, other)
        }
        begun = await arrive(session, room.info, "phone-1", table_code=codes[room.table.id])
    guest = begun.guest
    placed = [
        await room.order(guest, WantedLine(room.pizza.id, 1), key=f"key-0000000{n}") for n in (1, 2)
    ]
    who: dict[str, Any] = {
        "restaurant": room.info, "order_id": placed[0].order_id, "by": room.waiter, "now": NOW
    }  # fmt: skip
    async with transaction() as session:
        for step in (board.accept, board.mark_ready, board.mark_served):
            await step(session, **who)

    async def move() -> None:
        async with transaction() as session:
            if by_code:
                await arrive(session, room.info, "phone-1", table_code=codes[other.id])
            else:
                await visits.move_visit(
                    session, restaurant=room.info, guest=guest, table_id=other.id, now=NOW
                )

    async with transaction() as session:
        await moves.get_locked(session, room.info.id, placed[0].order_id)
        moving = asyncio.ensure_future(move())
        await asyncio.sleep(A_MOMENT)
        await board.complete(session, **who)
    await moving
    async with reading() as session:
        found = await session.execute(
            sa.select(col(Order.order_status), col(Order.table_id)).order_by(col(Order.number))
        )
        # What is done was eaten where it was.
        assert [tuple(row) for row in found] == [
            ("completed", room.table.id),
            ("pending", other.id),
        ]
