"""What is done to many guests of the list at once, and how its pages join."""

import pytest
import sqlalchemy as sa

from models.bulk import BulkAction
from services.base.database import reading
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
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
SPENT = {"field": "total_spent", "is": "at_least", "value": 1000}
RICH = {"all": [SPENT]}


async def test_chosen_rows_are_tagged_told_and_undone() -> None:
    restaurant = await restaurant_of(1000, 2000, 3000)
    state = await guest_list(await log_in(restaurant))
    bulk = await bulk_of(state)
    await call(bulk, "choose", state.rows[0].id)
    await call(bulk, "choose", state.rows[1].id)
    assert bulk.asks["count"] == "2 chosen"
    await call(bulk, "ask", "tag")
    assert bulk.asks["title"] == "Tag 2 guests"
    await call(bulk, "do", {"tag": ""})
    assert bulk.asks["wrong"] == "This cannot be empty."
    await call(bulk, "do", {"tag": "birthday"})
    assert await stored_tags() == ["birthday", "birthday"]
    assert await told(bulk) == ("2 guests tagged", "info")
    assert bulk.chosen == []
    await call(bulk, "undo")
    assert (await stored_tags(), await told(bulk)) == ([], ("Undone for 2 guests.", "ok"))
    await call(bulk, "undo")
    assert await told(bulk) == ("This was undone already.", "bad")


async def test_everybody_who_fits_is_tagged_however_few_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("state.staff.customers.PAGE", 2)
    restaurant = await restaurant_of(*(1000 for _ in range(5)), 10)
    state = await guest_list(await log_in(restaurant), filter_query(RICH))
    assert (len(state.rows), state.view["shown"]) == (2, "2 of 5")
    bulk = await bulk_of(state)
    await call(bulk, "choose_page")
    assert (len(bulk.chosen), state.view["all_text"]) == (2, "All 5 that fit")
    await call(bulk, "choose_all")
    await call(bulk, "ask", "tag")
    assert bulk.asks["title"] == "Tag 5 guests"
    await call(bulk, "do", {"tag": "spender"})
    assert len(await stored_tags()) == 5


async def test_a_forged_id_of_another_restaurant_is_not_tagged() -> None:
    restaurant, other = await restaurant_of(1000), await restaurant_of(2000)
    theirs = (await guest_list(await log_in(other))).rows[0].id
    state = await guest_list(await log_in(restaurant))
    bulk = await bulk_of(state)
    await call(bulk, "choose", theirs)
    await call(bulk, "ask", "tag")
    assert bulk.asks["title"] == "Tag 0 guests"
    await call(bulk, "do", {"tag": "mine"})
    assert bulk.asks["wrong"] == "There is nobody to do this for."
    preview = await state.get_state(CustomersPreviewState)
    await call(preview, "open", theirs)
    assert (preview.card, await told(preview)) == (None, ("There is no such guest.", "bad"))
    async with reading() as session:
        assert (await session.scalars(sa.select(BulkAction))).all() == []


async def test_the_drawer_shows_one_guest_and_takes_a_tag() -> None:
    restaurant = await restaurant_of(2860)
    state = await guest_list(await log_in(restaurant))
    preview = await state.get_state(CustomersPreviewState)
    await call(preview, "open", state.rows[0].id)
    assert preview.card is not None
    assert (preview.card.alias, preview.card.spent) == ("Mint 1000", "€28.60")
    await call(preview, "add_tag", {"tag": "<b>vip</b>"})
    assert preview.card.tags == ["<b>vip</b>"]
    await call(preview, "add_tag", {"tag": ""})
    assert preview.card.wrong == "This cannot be empty."
    await call(preview, "add_note", {"note": "Prefers table 12."})
    assert preview.card.note == "Prefers table 12."
    await call(preview, "open", state.rows[0].id)
    assert preview.card is None


async def test_pages_join_until_a_window_is_full_and_then_begin_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("state.staff.customers.PAGE", 2)
    monkeypatch.setattr("state.staff.customers.MOST_SHOWN", 4)
    restaurant = await restaurant_of(*range(5))
    state = await guest_list(await log_in(restaurant), "?sort=visits&order=up")
    await call(state, "more")
    assert (aliases_of(state)[-1], state.view["shown"]) == ("Mint 1003", "4 of 5")
    await call(state, "more")
    assert (aliases_of(state), state.view["shown"]) == (["Mint 1004"], "5–5 of 5")
    assert (state.view["has_more"], state.view["is_later"]) == ("", "yes")
    await call(state, "more")
    await call(state, "from_top")
    assert aliases_of(state) == ["Mint 1000", "Mint 1001"]
