"""The rows of a guest's timeline name what they were about."""

import pytest

from models.enums import EventType
from services import events
from services.base.database import reading, transaction
from services.customers import history
from services.customers.timeline_page import _happened
from services.customers.types import ProfileEvent
from services.identity import running
from tests.builders import NOW, make_customer, make_dish, make_restaurant, make_visit

pytestmark = pytest.mark.usefixtures("database")


async def test_a_dish_that_was_opened_is_named_and_another_restaurant_s_is_not() -> None:
    async with transaction() as session:
        restaurant, other = await make_restaurant(session), await make_restaurant(session)
        customer = await make_customer(session, restaurant=restaurant)
        visit = await make_visit(session, restaurant=restaurant, customer=customer)
        guest = await running.guest_of(session, visit)
        mine = await make_dish(session, restaurant=restaurant, name="Muhammara")
        theirs = await make_dish(session, restaurant=other, name="Secret soup")
        for dish_id in (str(mine.id), str(theirs.id), "no id"):
            await events.record(
                session,
                guest=guest,
                event_type=EventType.PRODUCT_VIEW,
                data={"dish_id": dish_id},
                now=NOW,
            )
    async with reading() as session:
        found = await history.events(session, restaurant_id=restaurant.id, customer_id=customer.id)
    assert sorted(event.subject for event in found) == ["", "", "Muhammara"]

    row = _happened("1", list(found), "19:30", "en")
    assert (row.title, row.detail) == ("Opened a dish", "Muhammara")


def test_the_same_again_is_one_row_with_each_dish_once() -> None:
    def event(subject: str) -> ProfileEvent:
        return ProfileEvent("product_view", {}, NOW, None, subject)  # type: ignore[arg-type]

    newest_first = [event("Hummus"), event("Burrata"), event("Hummus"), event("Burrata")]
    assert _happened("1", newest_first, "19:30", "en").detail == "Burrata, Hummus"
    assert _happened("1", [event(""), event("")], "19:30", "en").detail == "2 times"
    assert _happened("1", [event("")], "19:30", "en").detail == ""
