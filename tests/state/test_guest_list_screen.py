"""The guest list's screen: who may, what is shown, what the address says, what is done to many."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import Role
from models.privacy import CustomerAccess
from models.profiles import CustomerView
from services.base.database import reading, transaction
from services.identity import details
from services.privacy import access
from state.staff import list_looks
from state.staff.criteria import CriteriaState
from state.staff.customers import CustomersState
from state.staff.customers_preview import CustomersPreviewState
from tests.state.guest_list import (
    aliases_of,
    bulk_of,
    filter_query,
    guest_list,
    restaurant_of,
    stored_tags,
)
from tests.state.screens import call, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")
SPENT = {"field": "total_spent", "is": "at_least", "value": 1000}
RICH = {"all": [SPENT]}


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_see_guests_gets_nothing(role: Role | None) -> None:
    restaurant = await restaurant_of(1000)
    person = await log_in(restaurant, role) if role else None
    state = await tab(CustomersState, person)
    await call(state, "search_for", "Mint")
    await call(state, "sort_by", "spent")
    await call(state, "build_filter", adds=True)
    await call(state, "show_all")
    assert (state.rows, state.chips, state.view["address"]) == ([], [], "")
    bulk = await bulk_of(state)
    await call(bulk, "choose", str(uuid4()))
    await call(bulk, "choose_all")
    await call(bulk, "ask", "export")
    await call(bulk, "do", {"tag": "vip"})
    assert (bulk.chosen, bulk.asks["what"], await stored_tags()) == ([], "", [])
    builder = await state.get_state(CriteriaState)
    assert builder.built["open"] == ""
    preview = await state.get_state(CustomersPreviewState)
    assert preview.card is None


async def test_the_list_counts_sorts_and_keeps_its_order_in_the_address() -> None:
    restaurant = await restaurant_of(3000, 1000, 2000)
    await restaurant_of(9000)
    state = await guest_list(await log_in(restaurant, Role.MANAGER))
    assert (len(state.rows), state.view["shown"], state.view["count"]) == (3, "3 guests", "3")
    await call(state, "sort_by", "spent")
    assert aliases_of(state) == ["Mint 1000", "Mint 1002", "Mint 1001"]
    assert state.view["address"] == "/staff/customers?sort=spent&order=down"
    await call(state, "sort_by", "spent")
    assert aliases_of(state) == ["Mint 1001", "Mint 1002", "Mint 1000"]
    assert state.view["address"] == "/staff/customers?sort=spent&order=up"


async def test_an_address_opens_the_same_list_again() -> None:
    restaurant = await restaurant_of(3000, 100, 2000)
    person = await log_in(restaurant)
    state = await guest_list(person, filter_query(RICH) + "&sort=spent&order=up")
    assert aliases_of(state) == ["Mint 1002", "Mint 1000"]
    assert [chip.text for chip in state.chips] == ["Spent in all: at least €10.00"]
    again = await guest_list(person, "?" + urlsplit(state.view["address"]).query)
    assert aliases_of(again) == aliases_of(state)


async def test_what_is_searched_for_is_in_no_address() -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant))
    for text in ("Ana Ruiz", "+49 30 901820", "ana@example.com"):
        await call(state, "search_for", text)
        assert state.view["address"] == "/staff/customers"
    assert state.view["is_narrowed"] == "yes"


async def test_who_searches_by_contact_data_is_noted_and_what_they_typed_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = access.AccessLog()
    monkeypatch.setattr(list_looks, "looks", looks)
    restaurant = await restaurant_of(1000, 2000)
    async with transaction() as session:
        guest = await session.scalar(sa.select(Customer).where(col(Customer.alias) == "Mint 1000"))
        assert guest is not None
        guest.name_hash = details.name_hash("Ana Ruiz", restaurant_id=restaurant.id)
    state = await guest_list(await log_in(restaurant))
    for text in ("Ana Ruiz", "nobody@example.com", "Ana Ruiz", "mint", "Ana"):
        await call(state, "search_for", text)
    await call(state, "show_all")
    state._filter = json.dumps({"all": [{"field": "name", "is": "is", "value": "Ana Ruiz"}]})
    await call(state, "from_top")
    assert aliases_of(state) == ["Mint 1000"]
    await looks.flush()
    async with reading() as session:
        lines = await access.page(session, restaurant_id=restaurant.id)
        rows = (await session.scalars(sa.select(CustomerAccess))).all()
    assert sorted((one.what, one.customer_id, one.guest_count) for one in lines) == [
        ("search", None, 0),
        ("search", None, 1),
        ("search", None, 1),
    ]
    assert not [row for row in rows if "Ana" in str(row.model_dump())]


async def test_a_view_or_a_segment_keeps_no_contact_data() -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant))
    state._filter = json.dumps({"all": [{"field": "name", "is": "is", "value": "Ana Ruiz"}]})
    for form in ({"name": "Ana"}, {"name": "Ana", "is_segment": "on"}):
        await call(state, "save_view", form)
        assert state.view["wrong"].startswith("A name, number or address cannot be kept")
    async with reading() as session:
        assert (await session.scalars(sa.select(CustomerView))).all() == []


@pytest.mark.parametrize("field", ["name", "phone", "email", "alias", "note"])
async def test_conditions_on_persons_are_in_no_address(field: str) -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant))
    leaf = {"field": field, "is": "contains", "value": "Ana"}
    state._filter = json.dumps({"all": [SPENT, {"not": leaf}]})
    assert state._address() == "/staff/customers"


@pytest.mark.parametrize(
    "criteria",
    [
        {"field": "nonsense"},
        {"all": "x"},
        {"filter": 1},
        ["x"],
        "x",
        {"all": [{"field": "total_spent", "is": "at_least", "value": "a lot"}]},
    ],
)
async def test_a_broken_filter_is_told_and_never_run(criteria: object) -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant), filter_query(criteria))
    assert state.rows == []
    assert state.view["problem"].startswith("The condition “")
    await call(state, "show_all")
    assert (aliases_of(state), state.view["problem"]) == (["Mint 1000"], "")


async def test_a_filter_that_is_no_json_is_told_too() -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant), "?filter=%7B%22all%22")
    assert state.rows == []
    assert state.view["problem"] != ""


async def test_fifty_groups_inside_one_another_are_refused_with_a_sentence() -> None:
    restaurant = await restaurant_of(1000)
    criteria: Any = SPENT
    for _ in range(50):
        criteria = {"all": [criteria]}
    state = await guest_list(await log_in(restaurant), filter_query(criteria))
    assert state.rows == []
    # No list writes such an address: it is told like any other that is no filter.
    assert state.view["problem"].startswith("The condition “")


async def test_a_filter_nobody_fits_says_without_which_part_somebody_would() -> None:
    restaurant = await restaurant_of(1000, 2000)
    never = {"field": "total_visits", "is": "at_least", "value": 50}
    state = await guest_list(await log_in(restaurant), filter_query({"all": [SPENT, never]}))
    assert (state.rows, state.view["count"]) == ([], "0")
    assert state.view["advice"] == "Without “Visits: at least 50” there would be 2."
    await call(state, "drop_filter", index=1)
    assert aliases_of(state) == ["Mint 1001", "Mint 1000"]


async def test_a_filter_is_built_line_by_line_with_the_number_of_guests() -> None:
    restaurant = await restaurant_of(3000, 100, 2000)
    state = await guest_list(await log_in(restaurant))
    await call(state, "build_filter", adds=True)
    builder = await state.get_state(CriteriaState)
    assert (builder.built["open"], len(builder.lines)) == ("yes", 1)
    await call(builder, "set_field", "0", "total_spent")
    await call(builder, "set_box", "0", "value", "12,50")
    assert builder.built["count"] == "2 guests fit"
    assert builder.built["sentence"] == "Spent in all: at least €12.50"
    await call(builder, "add", "", "group")
    await call(builder, "set_field", "1.0", "total_visits")
    await call(builder, "set_comparison", "1.0", "is")
    await call(builder, "set_box", "1.0", "value", "0")
    assert builder.built["count"] == "1 guest fits"
    await call(state, "apply_filter")
    assert aliases_of(state) == ["Mint 1000"]
    assert builder.built["open"] == ""
    asked = parse_qs(urlsplit(state.view["address"]).query)
    assert json.loads(asked["filter"][0]) == {
        "all": [
            {"field": "total_spent", "is": "at_least", "value": 1250},
            {"any": [{"field": "total_visits", "is": "is", "value": 0}]},
        ]
    }


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ("set_box", ("0", "value", "a lot")),
        ("set_box", ("0", "nonsense", "1")),
        ("set_box", ("7", "value", "1")),
        ("set_comparison", ("0", "contains")),
        ("set_join", ("5", "any")),
        ("remove", ("9",)),
        ("add", ("4", "condition")),
    ],
)
async def test_what_cannot_be_built_leaves_the_filter_as_it_was(
    handler: str, words: tuple[str, ...]
) -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant), filter_query(RICH))
    await call(state, "build_filter", adds=False)
    builder = await state.get_state(CriteriaState)
    await call(builder, handler, *words)
    assert builder._criteria() == RICH


async def test_a_filter_that_is_not_complete_is_not_applied() -> None:
    restaurant = await restaurant_of(1000)
    state = await guest_list(await log_in(restaurant))
    await call(state, "build_filter", adds=True)
    builder = await state.get_state(CriteriaState)
    await call(state, "apply_filter")
    assert builder.built["open"] == "yes"
    assert builder.built["problem"] == "Please choose what to filter by."


async def test_columns_are_kept_for_a_person_on_every_device() -> None:
    restaurant = await restaurant_of(1000)
    person, other = await log_in(restaurant), await log_in(restaurant)
    state = await guest_list(person)
    await call(state, "toggle_column", "tags")
    await call(state, "toggle_column", "visits")
    await call(state, "toggle_column", "phone_hash")
    shown = [head.key for head in state.heads]
    assert shown == ["status", "last_seen", "months", "spent", "average", "tags"]
    assert [head.key for head in (await guest_list(person)).heads] == shown
    assert "tags" not in [head.key for head in (await guest_list(other)).heads]


async def test_views_are_saved_shared_opened_and_deleted() -> None:
    restaurant = await restaurant_of(3000, 100)
    owner, manager = await log_in(restaurant), await log_in(restaurant, Role.MANAGER)
    state = await guest_list(owner, filter_query(RICH))
    await call(state, "save_view", {"name": " Big  spenders ", "is_shared": "on"})
    await call(state, "save_view", {"name": "Mine"})
    await call(state, "save_view", {"name": ""})
    assert state.view["wrong"] == "This cannot be empty."
    theirs = await guest_list(manager)
    await call(theirs, "open_panel", "views")
    assert [(one.name, one.is_mine) for one in theirs.saved] == [("Big spenders", False)]
    await call(theirs, "open_view", theirs.saved[0].id)
    assert (aliases_of(theirs), theirs.view["view_name"]) == (["Mint 1000"], "Big spenders")
    assert theirs.view["address"] == f"/staff/customers?view={theirs.saved[0].id}"
    await call(theirs, "delete_view", theirs.saved[0].id)
    assert await told(theirs) == ("This view is not there any more.", "bad")
    await call(state, "delete_view", theirs.saved[0].id)
    gone = await guest_list(manager, f"?view={theirs.saved[0].id}")
    assert gone.view["problem"] == "This view is not there any more."


async def test_a_view_of_another_restaurant_is_not_opened() -> None:
    restaurant, other = await restaurant_of(1000), await restaurant_of(2000)
    state = await guest_list(await log_in(other))
    await call(state, "save_view", {"name": "Theirs", "is_shared": "on"})
    async with reading() as session:
        view_id = str((await session.scalars(sa.select(col(CustomerView.id)))).one())
    mine = await guest_list(await log_in(restaurant))
    await call(mine, "open_view", view_id)
    await call(mine, "delete_view", view_id)
    assert await told(mine) == ("This view is not there any more.", "bad")
    assert mine.view["view_id"] == ""
