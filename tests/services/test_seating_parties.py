"""Seating a party at one table or several, and taking it back. Both databases."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from models.enums import TableStatus
from models.seating import Sitting, Table
from services.base.database import reading, transaction
from services.seating import tables, welcoming
from services.seating.errors import TableChangedError, TableOutOfServiceError, TableTakenError
from services.seating.types import TableChange
from tests.builders import NOW, make_sitting
from tests.services.parties import Evening, make_evening

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def evening() -> Evening:
    return await make_evening()


async def seat(evening: Evening, *numbers: str, size: int = 4, joins: bool = False) -> TableChange:
    async with transaction() as session:
        return await welcoming.seat_party(
            session,
            restaurant_id=evening.room.info.id,
            table_ids=[evening.ids[number] for number in numbers],
            party_size=size,
            by=evening.room.waiter,
            now=NOW,
            joins=joins,
        )


async def undo(evening: Evening, entry_id: UUID) -> TableChange:
    async with transaction() as session:
        return await tables.undo(
            session,
            restaurant=evening.room.info,
            entry_id=entry_id,
            by=evening.room.waiter,
            now=NOW,
        )


async def state(evening: Evening, number: str) -> tuple[str, bool]:
    """The word staff set, and whether somebody sits there."""
    async with reading() as session:
        row = await session.get_one(Table, evening.ids[number])
    return row.status, await evening.sitting(number) is not None


async def set_status(evening: Evening, number: str, status: TableStatus) -> TableChange:
    return await evening.do(tables.set_status, number, status=status)


async def test_a_party_at_two_tables_is_one_and_is_counted_once(evening: Evening) -> None:
    change = await seat(evening, "8", "7", size=7)
    assert change.sitting_id == await evening.sitting("8")
    assert await evening.together("7") == {"7", "8"}
    async with reading() as session:
        rows = (await session.scalars(sa.select(Sitting))).all()
    sizes = {row.table_id: (row.party_size, row.joined_to_id) for row in rows}
    assert sizes == {
        evening.ids["8"]: (7, None),
        evening.ids["7"]: (None, change.sitting_id),
    }


async def test_a_seating_is_taken_back_with_all_its_tables(evening: Evening) -> None:
    await set_status(evening, "8", TableStatus.RESERVED)
    change = await seat(evening, "7", "8")
    assert await state(evening, "8") == ("available", True)
    await undo(evening, change.entry_id)
    assert await state(evening, "7") == ("available", False)
    assert await state(evening, "8") == ("reserved", False)
    with pytest.raises(TableChangedError):
        await undo(evening, change.entry_id)


async def test_nobody_is_unseated_who_has_ordered_or_sits_with_others(evening: Evening) -> None:
    change = await seat(evening, "7")
    await evening.order("7", "key-00000001")
    with pytest.raises(TableChangedError):
        await undo(evening, change.entry_id)

    change = await seat(evening, "8")
    await seat(evening, "8", "9", joins=True)
    with pytest.raises(TableChangedError):
        await undo(evening, change.entry_id)
    assert await evening.together("8") == {"8", "9"}


async def test_one_taken_table_of_two_keeps_the_party_standing(evening: Evening) -> None:
    await seat(evening, "8")
    with pytest.raises(TableTakenError) as refused:
        await seat(evening, "7", "8")
    assert refused.value.facts == {"table": "8"}
    assert await evening.sitting("7") is None
    await set_status(evening, "9", TableStatus.OUT_OF_SERVICE)
    with pytest.raises(TableOutOfServiceError):
        await seat(evening, "7", "9")
    assert await evening.sitting("7") is None


async def test_whoever_sat_down_already_is_joined(evening: Evening) -> None:
    async with transaction() as session:
        row = await make_sitting(
            session, restaurant=evening.room.row, table=evening.room.table, party_size=None
        )
    change = await seat(evening, "7", "8", size=6, joins=True)
    assert change.sitting_id == row.id
    assert await evening.together("8") == {"7", "8"}
    # Their phones were there before: only the table that was added is free again.
    await undo(evening, change.entry_id)
    assert (await state(evening, "7"), await state(evening, "8")) == (
        ("available", True),
        ("available", False),
    )


async def test_an_old_undo_brings_no_earlier_party_back(evening: Evening) -> None:
    await seat(evening, "7")
    left = await set_status(evening, "7", TableStatus.AVAILABLE)
    await seat(evening, "7")
    await set_status(evening, "7", TableStatus.AVAILABLE)
    # The table looks as the first release had left it.
    with pytest.raises(TableChangedError):
        await undo(evening, left.entry_id)
    assert await state(evening, "7") == ("available", False)


async def test_an_undo_counts_only_while_nothing_came_after(evening: Evening) -> None:
    cleaning = await set_status(evening, "7", TableStatus.CLEANING)
    reserved = await set_status(evening, "7", TableStatus.RESERVED)
    await undo(evening, reserved.entry_id)
    assert await state(evening, "7") == ("cleaning", False)
    # The undo itself came after.
    with pytest.raises(TableChangedError):
        await undo(evening, cleaning.entry_id)
