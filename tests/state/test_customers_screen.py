"""The guest list: who may see whom, in which order."""

import pytest

from models.customers import Customer
from models.enums import Role
from models.restaurants import Restaurant
from services.base.database import transaction
from state.staff.customers import CustomersState
from tests.builders import make_customer, make_restaurant
from tests.state.screens import call
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _customer(restaurant: Restaurant, **columns: object) -> Customer:
    async with transaction() as session:
        return await make_customer(session, restaurant=restaurant, **columns)


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_see_guests_gets_no_row(role: Role | None) -> None:
    restaurant = await _restaurant()
    await _customer(restaurant, alias="Basil 4821")
    state = await tab(CustomersState, await log_in(restaurant, role) if role else None)
    await call(state, "search_for", "Basil")
    await call(state, "sort_by", "spent")
    await call(state, "more")
    assert (state.rows, state.count_text, state.sort) == ([], "", "last_seen")


async def test_the_list_shows_only_the_own_restaurants_guests() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    await _customer(restaurant, alias="Basil 4821", total_visits=6, total_spent_minor=28_600)
    await _customer(other, alias="Basil 1111")
    state = await tab(CustomersState, await log_in(restaurant, Role.MANAGER))
    await call(state, "search_for", "basil")
    assert [(row.alias, row.visits, row.spent) for row in state.rows] == [
        ("Basil 4821", 6, "€286.00")
    ]
    assert state.count_text == "1 of 1"


async def test_pages_follow_one_another_without_gap_and_sorting_starts_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("state.staff.customers.PAGE", 2)
    restaurant = await _restaurant()
    for visits in range(5):
        await _customer(restaurant, alias=f"Mint {1000 + visits}", total_visits=visits)
    state = await tab(CustomersState, await log_in(restaurant))
    await call(state, "sort_by", "visits")
    assert ([row.visits for row in state.rows], state.has_more) == ([4, 3], True)
    await call(state, "more")
    await call(state, "more")
    await call(state, "more")
    assert ([row.visits for row in state.rows], state.has_more) == ([4, 3, 2, 1, 0], False)
    await call(state, "sort_by", "visits")
    assert [row.visits for row in state.rows] == [0, 1]


async def test_a_column_that_does_not_exist_changes_nothing() -> None:
    restaurant = await _restaurant()
    state = await tab(CustomersState, await log_in(restaurant))
    await call(state, "sort_by", "phone_hash")
    assert (state.sort, state.rows) == ("last_seen", [])
