"""A guest's card: what each role is sent, and what forged ids get."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from models.enums import Role
from models.identity import MergeEntry
from models.journal import AuditEntry
from models.predictions import CustomerPrediction
from services.base.database import transaction
from tests.builders import NOW
from tests.state.card_place import (
    EMAIL,
    NAME,
    PARTS,
    PHONE,
    SPENT,
    count_of,
    new_customer,
    new_restaurant,
    opened,
    page,
    regular,
    same_phone,
    sent_to,
    texts_of,
)
from tests.state.screens import call, told
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.parametrize("role", [Role.KITCHEN, None])
async def test_who_serves_nobody_is_sent_nothing(role: Role | None) -> None:
    restaurant = await new_restaurant()
    customer = await regular(restaurant)
    state = await opened(await log_in(restaurant, role) if role else None, customer.id)
    await call(state, "show_source", "visits")
    await call(state, "show_older")
    await call(state, "add_note", {"text": "mine"})
    assert [getattr(state, name) for name in PARTS] == [None] * len(PARTS)
    assert await texts_of(customer) == []


async def test_a_waiter_is_sent_what_service_needs_and_neither_money_nor_contact() -> None:
    restaurant = await new_restaurant()
    customer = await regular(restaurant)
    await same_phone(restaurant, customer, await new_customer(restaurant, alias="Mint 5129"))
    state = await opened(await log_in(restaurant, Role.WAITER), customer.id)
    await call(state, "show_tab", "overview")
    sent = sent_to(state)
    # "95.50" is all they spent, "47.75" each order and their mean.
    for hidden in (SPENT, "47.75", "€", NAME, EMAIL, PHONE, "Mint 5129", "Read the menu"):
        assert hidden not in sent, hidden
    for needed in ("Basil 4821", "nuts", "Sea bass", "off the bone", "Table 12"):
        assert needed in sent, needed
    assert state.overview is not None
    assert [one.key for one in state.overview.metrics] == ["visits", "orders", "last_visit"]
    assert (state.overview.given, state.overview.segments, state.overview.same) == ([], [], [])
    assert (state.overview.advice, state.insights) == ([], None)
    assert state.timeline is not None
    assert [kind.key for kind in state.timeline.kinds] == ["visit", "order", "booking"]


async def test_a_manager_is_sent_all_of_it() -> None:
    restaurant = await new_restaurant()
    customer = await regular(restaurant)
    state = await opened(await log_in(restaurant, Role.MANAGER), customer.id)
    sent = sent_to(state)
    for shown in (SPENT, "47.75", NAME, EMAIL, PHONE, "Read the menu for 9 minutes"):
        assert shown in sent, shown
    assert state.overview is not None
    values = {one.key: one.value for one in state.overview.metrics}
    assert values == {
        "visits": "3",
        "spent": "€95.50",
        "plan_value": "€95.50",
        "expected": "Not enough data yet",
        "per_order": "€47.75",
        "last_visit": values["last_visit"],
    }


async def test_what_the_models_expect_is_shown_with_its_range_to_whoever_sees_amounts() -> None:
    restaurant = await new_restaurant()
    customer = await regular(restaurant)
    async with transaction() as session:
        session.add(
            CustomerPrediction(
                customer_id=customer.id,
                restaurant_id=restaurant.id,
                visit_days=3,
                last_visit_day=NOW.date(),
                data_until=NOW.date(),
                is_enough=True,
                expected_visits=9.0,
                alive=0.9,
                visit_within_7=0.2,
                visit_within_14=0.4,
                visit_within_30=0.6,
                value_minor=90_000,
                value_low_minor=30_000,
                value_high_minor=180_000,
                calculated_at=NOW,
            )
        )
    state = await opened(await log_in(restaurant, Role.MANAGER), customer.id)
    assert state.overview is not None
    expected = next(one for one in state.overview.metrics if one.key == "expected")
    assert (expected.value, expected.hint) == ("€900.00", "€300.00 to €1,800.00 in 12 months")
    waiter = await opened(await log_in(restaurant, Role.WAITER), customer.id)
    assert "€900.00" not in sent_to(waiter)

    # Nine in ten of these stay away: no range holds the mean.
    async with transaction() as session:
        await session.execute(
            sa.update(CustomerPrediction).values(value_low_minor=0, value_high_minor=0)
        )
    state = await opened(await log_in(restaurant, Role.MANAGER), customer.id)
    assert state.overview is not None
    expected = next(one for one in state.overview.metrics if one.key == "expected")
    assert expected.hint == "nine in ten such guests: €0.00 or less in 12 months"


async def test_a_role_that_was_taken_away_takes_what_is_shown_along() -> None:
    restaurant = await new_restaurant()
    customer = await regular(restaurant)
    state = await opened(await log_in(restaurant, Role.MANAGER), customer.id)
    waiter = await log_in(restaurant, Role.WAITER)
    state.router = (await page(waiter, customer.id)).router
    await call(state, "show_tab", "timeline")
    sent = sent_to(state)
    assert SPENT not in sent
    assert "47.75" not in sent
    assert EMAIL not in sent


@pytest.mark.parametrize("which", ["another restaurant's", "nobody's", "no id"])
async def test_a_guest_of_somebody_else_is_neither_shown_nor_changed(which: str) -> None:
    restaurant, other = await new_restaurant(), await new_restaurant()
    theirs = await regular(other)
    mine = await new_customer(restaurant)
    address = {"another restaurant's": theirs.id, "nobody's": uuid4(), "no id": "x" * 36}[which]
    state = await opened(await log_in(restaurant), address)
    await call(state, "add_note", {"text": "mine now"})
    await call(state, "add_tag", {"tag": "mine"})
    await call(state, "show_source", "spent")
    for handler in ("compare", "merge_with", "not_same"):
        await call(state, handler, str(mine.id))
    assert [getattr(state, name) for name in PARTS] == [None] * len(PARTS)
    assert await texts_of(theirs) == []
    assert (await count_of(MergeEntry), await count_of(AuditEntry)) == (0, 0)
    assert await told(state) == ("There is no such guest.", "bad")
