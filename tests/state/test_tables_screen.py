"""The tables' screen: who may do what, only their own room."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from models.enums import Role
from models.restaurants import Restaurant
from models.seating import Area, Table, TableCode
from services.base.database import reading, transaction
from state.staff.tables import TablesState
from state.staff.tables_forms import AreaFormState, TableFormState
from tests.builders import make_area, make_restaurant, make_sitting, make_table
from tests.state.screens import call, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _place() -> tuple[Restaurant, Area, Table]:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant)
        table = await make_table(session, restaurant=restaurant, area=area, table_number="12")
    return restaurant, area, table


async def _codes(table_id: UUID) -> list[bool]:
    """Whether each code of a table still seats guests, in the order they were made."""
    async with reading() as session:
        rows = await session.scalars(
            sa.select(TableCode).where(TableCode.table_id == table_id).order_by(TableCode.id)
        )
        return [row.revoked_at is None for row in rows]


def _form(area: Area, **changes: str) -> dict[str, str]:
    filled = {"number": "13", "seats": "2", "table_type": "2_top", "shape": "round"}
    return filled | {"area_id": str(area.id)} | changes


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_those_who_may_not_edit_tables_change_nothing(role: Role | None) -> None:
    restaurant, area, table = await _place()
    person = await log_in(restaurant, role) if role else None
    tables = await tab(TablesState, person)
    await call(tables, "ask_archive", "table", str(table.id))
    await call(tables, "archive")
    await call(await tab(TableFormState, person), "save", _form(area))
    await call(await tab(AreaFormState, person), "save", {"name": "Roof"})
    async with reading() as session:
        counts = [
            await session.scalar(sa.select(sa.func.count()).select_from(kind))
            for kind in (Table, Area, TableCode)
        ]
        kept = await session.get_one(Table, table.id)
    assert (counts, kept.is_active) == ([1, 1, 1], True)
    assert await _codes(table.id) == [True]


async def test_a_table_is_added_with_a_code() -> None:
    restaurant, area, _ = await _place()
    person = await log_in(restaurant, Role.MANAGER)
    state = await tab(TableFormState, person)
    await call(state, "start", str(area.id))
    await call(state, "save", _form(area))
    assert state.wrong == {}
    async with reading() as session:
        table = (await session.scalars(sa.select(Table).where(Table.table_number == "13"))).one()
    assert (table.capacity, table.shape, table.restaurant_id) == (2, "round", restaurant.id)
    assert await _codes(table.id) == [True]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("number", "12", "There is already a table 12."),
        ("number", "", "Please fill this in."),
        ("seats", "0", "A table has 1 to 99 seats."),
        ("seats", "four", "This must be a whole number."),
        ("seats", "", "This cannot be empty."),
        ("shape", "star", "Please choose one of the list."),
        ("area_id", "nowhere", "Choose an area."),
    ],
)
async def test_a_refused_field_keeps_the_form(field: str, typed: str, sentence: str) -> None:
    restaurant, area, _ = await _place()
    state = await tab(TableFormState, await log_in(restaurant))
    await call(state, "start", str(area.id))
    await call(state, "touch")
    before = state.form_number
    await call(state, "save", _form(area, **{field: typed}))
    assert state.wrong == {field: sentence}
    assert (state.form_number, state.is_dirty) == (before, True)


async def test_another_restaurants_table_area_and_codes_stay_as_they_are() -> None:
    _, area, table = await _place()
    other, _, _ = await _place()
    person = await log_in(other)
    form = await tab(TableFormState, person)
    await call(form, "open", str(table.id))
    assert form.table.id == ""
    await call(form, "save", _form(area, number="99"))
    tables = await tab(TablesState, person)
    for what, subject in (("table", table.id), ("area", area.id)):
        await call(tables, "ask_archive", what, str(subject))
        await call(tables, "archive")
        assert (await told(tables))[1] == "bad"
    async with reading() as session:
        kept = await session.get_one(Table, table.id)
        count = await session.scalar(sa.select(sa.func.count()).select_from(Table))
    assert (kept.is_active, count) == (True, 2)
    assert await _codes(table.id) == [True]


async def test_a_table_with_guests_is_not_put_away() -> None:
    restaurant, _, table = await _place()
    async with transaction() as session:
        await make_sitting(session, restaurant=restaurant, table=table)
    state = await tab(TablesState, await log_in(restaurant))
    await call(state, "ask_archive", "table", str(table.id))
    await call(state, "archive")
    assert await told(state) == ("Somebody sits at table 12. Release the table first.", "bad")
    async with reading() as session:
        assert (await session.get_one(Table, table.id)).is_active is True
