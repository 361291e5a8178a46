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
from tests.services.parties import Evening, make_evening

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


async def _pay(evening: Evening, table: str, minutes: int) -> settling.Settled:
    return await evening.do(
        settling.settle,
        table,
        expected_minor=await _owed(evening.room, evening.ids[table]),
        now=NOW + timedelta(minutes=minutes),
    )


async def test_an_order_that_arrives_while_others_pay_is_still_owed() -> None:
    """It was sent a moment before, and waited for the same table."""
    evening = await make_evening()
    await evening.order("7", "key-00000001")
    await _pay(evening, "7", 1)
    await evening.order("7", "key-00000002")
    assert await _owed(evening.room, evening.ids["7"]) == PIZZA_MINOR


async def test_sitting_down_with_those_who_have_paid_pays_nothing() -> None:
    evening = await make_evening()
    guest, _ = await evening.order("7", "key-00000001")
    await evening.order("8", "key-00000002")
    await _pay(evening, "8", 1)
    await evening.do(moving.split, "7", "8", visit_ids=[guest.visit_id])
    assert await _owed(evening.room, evening.ids["8"]) == PIZZA_MINOR


async def test_whoever_has_paid_and_moves_is_not_asked_again() -> None:
    evening = await make_evening()
    guest, _ = await evening.order("7", "key-00000001")
    await evening.order("7", "key-00000002")
    paid = await _pay(evening, "7", 1)
    await evening.do(moving.split, "7", "8", visit_ids=[guest.visit_id])
    assert await _owed(evening.room, evening.ids["8"]) == 0
    # The payment was a mistake: everybody owes again, where they sit.
    async with transaction() as session:
        await settling.take_back(
            session,
            restaurant=evening.room.info,
            entry_id=paid.entry_id,
            by=evening.room.waiter,
            now=NOW + timedelta(minutes=2),
        )
    assert await _owed(evening.room, evening.ids["7"]) == PIZZA_MINOR
    assert await _owed(evening.room, evening.ids["8"]) == PIZZA_MINOR
