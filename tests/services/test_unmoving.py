"""Moves, tables put together and parted are taken back, unless something happened since."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.seating import SittingMove
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.seating import moving, tables
from services.seating.errors import TableChangedError
from tests.builders import NOW
from tests.services.ordering_room import make_room
from tests.services.parties import Evening, make_evening

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def evening() -> Evening:
    return await make_evening()


async def undo(evening: Evening, change: Any) -> Any:
    async with transaction() as session:
        return await tables.undo(
            session,
            restaurant=evening.room.info,
            entry_id=change.entry_id,
            by=evening.room.waiter,
            now=NOW,
        )


async def refused(evening: Evening, change: Any) -> type[SmartMenuError]:
    with pytest.raises(SmartMenuError) as error:
        await undo(evening, change)
    return type(error.value)


async def test_a_move_is_taken_back_with_guests_and_orders(evening: Evening) -> None:
    _, order_id = await evening.order("7", "key-00000001")
    before = await evening.where(order_id)
    moved = await evening.do(moving.move, "7", "8")
    # A guest goes on ordering where the party sits now.
    await undo(evening, moved)
    assert await evening.where(order_id) == before
    assert (await evening.sitting("7"), await evening.sitting("8")) == (before[1], None)
    async with reading() as session:
        steps = await session.execute(
            sa.select(col(SittingMove.from_table_id), col(SittingMove.to_table_id)).order_by(
                col(SittingMove.id)
            )
        )
    seven, eight = evening.ids["7"], evening.ids["8"]
    assert list(map(tuple, steps)) == [(seven, eight), (eight, seven)]
    assert await refused(evening, moved) is TableChangedError


async def test_an_order_placed_after_a_move_goes_back_with_its_party(evening: Evening) -> None:
    guest, first = await evening.order("7", "key-00000001")
    moved = await evening.do(moving.move, "7", "8")
    second = (await evening.room.order(guest, key="key-00000002")).order_id
    assert (await evening.where(second))[0] == evening.ids["8"]
    await undo(evening, moved)
    for order_id in (first, second):
        assert (await evening.where(order_id))[0] == evening.ids["7"]


async def test_a_move_stays_when_the_next_party_sits_at_the_old_table(evening: Evening) -> None:
    _, order_id = await evening.order("7", "key-00000001")
    moved = await evening.do(moving.move, "7", "8")
    await evening.order("7", "key-00000002")
    assert await refused(evening, moved) is TableChangedError
    assert (await evening.where(order_id))[0] == evening.ids["8"]


async def test_tables_put_together_by_mistake_are_two_parties_again(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    await evening.order("8", "key-00000002")
    both = await evening.do(moving.join, "7", "8")
    third = await evening.do(moving.join, "9", "8")
    await undo(evening, third)
    # Table 9 had been opened for the party alone.
    assert await evening.sitting("9") is None
    await undo(evening, both)
    assert (await evening.together("7"), await evening.together("8")) == ({"7"}, {"8"})


async def test_a_free_table_that_guests_used_meanwhile_keeps_them(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    both = await evening.do(moving.join, "8", "7")
    _, order_id = await evening.order("8", "key-00000002")
    await undo(evening, both)
    assert await evening.together("8") == {"8"}
    assert (await evening.where(order_id))[1] == await evening.sitting("8")


@pytest.mark.parametrize("number", ["7", "8", "9"])
async def test_a_table_taken_out_by_mistake_is_back_in_its_party(
    evening: Evening, number: str
) -> None:
    await evening.order("7", "key-00000001")
    await evening.do(moving.join, "8", "7")
    await evening.do(moving.join, "9", "7")
    before = {one: await evening.sitting(one) for one in ("7", "8", "9")}
    parted = await evening.do(moving.part, number)
    await undo(evening, parted)
    assert await evening.together("7") == {"7", "8", "9"}
    assert {one: await evening.sitting(one) for one in before} == before


async def test_parting_stays_when_another_table_was_put_to_the_new_leader(
    evening: Evening,
) -> None:
    for number in ("7", "8", "9"):
        await evening.order(number, f"key-0000000{number}")
    await evening.do(moving.join, "8", "7")
    parted = await evening.do(moving.part, "7")
    await evening.do(moving.join, "9", "8")
    assert await refused(evening, parted) is TableChangedError
    assert await evening.together("8") == {"8", "9"}


async def test_another_restaurant_takes_nothing_back(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    both = await evening.do(moving.join, "8", "7")
    other = await make_room(slug="elsewhere")
    with pytest.raises(TableChangedError):
        async with transaction() as session:
            await tables.undo(
                session, restaurant=other.info, entry_id=both.entry_id, by=other.waiter, now=NOW
            )
    assert await evening.together("7") == {"7", "8"}
