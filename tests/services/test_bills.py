"""What a party owes is what counts as paid: at all of its tables, and only what is new."""

from datetime import timedelta

import pytest

from models.seating import Area
from services.base.database import reading, transaction
from services.ordering import settling
from services.ordering.types import WantedLine
from services.seating import moving
from services.seating.errors import SittingOverError
from tests.builders import NOW, make_table
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
PIZZA_MINOR = 950


async def _owed(room: Room, table_id: object) -> int:
    async with reading() as session:
        return await settling.bill_minor(
            session,
            restaurant_id=room.info.id,
            table_id=table_id,  # type: ignore[arg-type]
        )


async def test_a_party_at_two_tables_owes_what_both_ordered() -> None:
    room = await make_room()
    async with transaction() as session:
        area = await session.get_one(Area, room.table.area_id)
        eight = await make_table(session, restaurant=room.row, area=area, table_number="8")
    await room.order(await room.guest(), key="key-00000001")
    await room.order(
        await room.guest(table=eight), WantedLine(room.pizza.id, 2), key="key-00000002"
    )
    facts = {"restaurant": room.info, "by": room.waiter, "now": NOW}
    async with transaction() as session:
        await moving.join(session, table_id=eight.id, to_table_id=room.table.id, **facts)
    assert await _owed(room, room.table.id) == 3 * PIZZA_MINOR
    assert await _owed(room, eight.id) == 3 * PIZZA_MINOR


async def test_what_was_paid_is_not_asked_for_again() -> None:
    room = await make_room()
    guest = await room.guest()
    await room.order(guest, key="key-00000001")
    async with transaction() as session:
        await settling.settle(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            expected_minor=PIZZA_MINOR,
            by=room.waiter,
            now=NOW,
        )
    # Its food is still in the kitchen, so the party sits there and orders once more.
    assert await _owed(room, room.table.id) == 0
    await room.order(guest, key="key-00000002", now=NOW + timedelta(minutes=5))
    assert await _owed(room, room.table.id) == PIZZA_MINOR


async def test_nobody_owes_anything_at_a_free_table() -> None:
    room = await make_room()
    with pytest.raises(SittingOverError):
        await _owed(room, room.table.id)
