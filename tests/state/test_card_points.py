"""Points on a guest's card: where they stand, and what each role may change by hand."""

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import Role
from models.loyalty import LoyaltyPoint
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.loyalty import members
from services.loyalty.programme_rules import Rules
from state.staff.customer import CustomerState
from tests.builders.loyalty import make_lot, make_programme
from tests.builders.moments import NOW
from tests.state.card_place import new_customer, new_restaurant, page
from tests.state.screens import call
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
GIVE = {"points": "50", "way": "give", "note": "A cold soup"}


async def _guest(house: Restaurant, points: int = 0, *, with_programme: bool = True) -> Customer:
    customer = await new_customer(house)
    async with transaction() as session:
        if with_programme:
            await make_programme(session, restaurant_id=house.id)
        if points:
            await make_lot(session, customer=customer, points=points)
            await members.recount(
                session, restaurant_id=house.id, customer_id=customer.id, rules=Rules(), now=NOW
            )
    return customer


async def _card(house: Restaurant, customer: Customer, role: Role = Role.OWNER) -> CustomerState:
    card = await page(await log_in(house, role=role), customer.id)
    await call(card, "show_tab", "loyalty")
    return card


async def _sum() -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.sum(LoyaltyPoint.points))) or 0


async def test_a_card_tells_balance_tier_progress_and_history() -> None:
    house = await new_restaurant()
    card = await _card(house, await _guest(house, 180))
    found = card.loyalty
    assert found is not None
    assert (found.points, found.tier, found.progress_text) == (
        "180",
        "Silver",
        "320 points to Gold",
    )
    assert found.progress == 20
    assert [(one.what, one.points) for one in found.lines] == [("Order", "+180")]


async def test_without_a_programme_the_card_says_so() -> None:
    house = await new_restaurant()
    card = await _card(house, await _guest(house, with_programme=False))
    assert card.loyalty is not None
    assert not card.loyalty.has_programme


async def test_points_are_given_with_a_reason_once_however_often_the_form_is_sent() -> None:
    house = await new_restaurant()
    card = await _card(house, await _guest(house))
    await call(card, "ask_points", is_open=True)
    form = GIVE | {"key": card.points_key}
    await call(card, "adjust_points", form=form)
    await call(card, "adjust_points", form=form)
    assert await _sum() == 50
    assert card.loyalty is not None
    assert (card.loyalty.points, card.is_adjusting) == ("50", False)
    assert [(one.what, one.note) for one in card.loyalty.lines] == [("By hand", "A cold soup")]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"points": ""}, "points"),
        ({"points": "0"}, "points"),
        ({"points": "a few"}, "points"),
        ({"points": "10001"}, "points"),
        ({"points": "99999999999"}, "points"),
        ({"way": "take"}, "points"),
        ({"note": " "}, "note"),
        ({"key": ""}, "key"),
    ],
)
async def test_a_wrong_field_is_named_and_no_points_move(typed: dict[str, str], field: str) -> None:
    house = await new_restaurant()
    card = await _card(house, await _guest(house, 20))
    await call(card, "ask_points", is_open=True)
    await call(card, "adjust_points", form=GIVE | {"key": card.points_key} | typed)
    assert list(card.points_wrong) == [field]
    assert card.is_adjusting
    assert await _sum() == 20


@pytest.mark.parametrize(
    ("role", "may", "left"), [(Role.MANAGER, True, 50), (Role.WAITER, False, 0)]
)
async def test_the_role_sets_the_limit(role: Role, may: bool, left: int) -> None:
    house = await new_restaurant()
    card = await _card(house, await _guest(house), role)
    assert card.loyalty is not None
    assert card.loyalty.may_adjust is may
    await call(card, "ask_points", is_open=True)
    await call(card, "adjust_points", form=GIVE | {"key": card.points_key})
    await call(card, "ask_points", is_open=True)
    await call(card, "adjust_points", form=GIVE | {"key": card.points_key, "points": "1001"})
    assert list(card.points_wrong) == ["points"]
    assert await _sum() == left


async def test_points_of_another_restaurants_guest_are_neither_seen_nor_changed() -> None:
    house, other = await new_restaurant(), await new_restaurant()
    theirs = await _guest(other, 70)
    async with transaction() as session:
        await make_programme(session, restaurant_id=house.id)
    card = await _card(house, theirs)
    assert (card.stage, card.loyalty) == ("missing", None)
    await call(card, "adjust_points", form=GIVE | {"key": "0123456789"})
    assert await _sum() == 70
