"""The owner's editor of rewards, as a browser's events reach it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from models.enums import Role
from models.loyalty import LoyaltyReward
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.loyalty import rewards
from services.loyalty.types import Reward
from state.staff.rewards import RewardsState
from tests.builders import make_dish, make_restaurant
from tests.builders.loyalty import make_reward
from tests.state.screens import call, logged_in_screen, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
FIVE_OFF = {
    "reward_name": "Five off",
    "reward_description": "",
    "points_required": "120",
    "gives": "discount:amount",
    "amount_minor": "5,00",
    "audience": "",
    "unlock_points": "0",
    "is_active": "on",
}


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session, currency="EUR", time_zone="Europe/Berlin")


async def _stored(restaurant: Restaurant) -> tuple[Reward, ...]:
    async with reading() as session:
        return await rewards.list_rewards(session, restaurant_id=restaurant.id)


async def _screen(restaurant: Restaurant, role: Role = Role.OWNER) -> RewardsState:
    screen = await logged_in_screen(RewardsState, restaurant, role)
    await call(screen, "enter")
    return screen


async def test_a_reward_is_written_changed_and_deleted() -> None:
    restaurant = await _restaurant()
    screen = await _screen(restaurant)
    assert (screen.is_ready, screen.rewards) == (True, [])
    await call(screen, "start")
    await call(screen, "save", FIVE_OFF | {"stock": "3", "valid_until": "2999-12-31"})
    assert (screen.is_open, screen.wrong) == (False, {})
    (line,) = screen.rewards
    assert (line.name, line.gives, line.points, line.state, line.is_on) == (
        "Five off",
        "An amount off the order",
        "120 points",
        "3 left",
        True,
    )
    (stored,) = await _stored(restaurant)
    assert (stored.value.amount_minor, stored.stock) == (500, 3)
    # Until the business day that begins after the last one, at five in the morning of Berlin.
    assert stored.valid_until == datetime(3000, 1, 1, 4, tzinfo=UTC)

    await call(screen, "open", line.id)
    assert (screen.reward.amount, screen.reward.valid_until) == ("5.00", "2999-12-31")
    await call(screen, "choose_gives", "discount:percent")
    await call(screen, "save", FIVE_OFF | {"gives": "discount:percent", "percent": "10"})
    (stored,) = await _stored(restaurant)
    assert (stored.value.kind, stored.value.percent, stored.valid_until) == ("percent", 10, None)

    await call(screen, "open", line.id)
    await call(screen, "delete")
    assert len(await _stored(restaurant)) == 1
    await call(screen, "ask_delete", True)
    await call(screen, "delete")
    assert (await _stored(restaurant), screen.rewards, screen.is_open) == ((), [], False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reward_name": " "}, "reward_name"),
        ({"points_required": ""}, "points_required"),
        ({"points_required": "-1"}, "points_required"),
        ({"points_required": "ten"}, "points_required"),
        ({"gives": "discount:words"}, "kind"),
        ({"gives": "nothing:at all"}, "reward_type"),
        ({"gives": ""}, "reward_type"),
        ({"amount_minor": ""}, "amount_minor"),
        ({"amount_minor": "five"}, "amount_minor"),
        ({"gives": "discount:percent", "percent": "101"}, "percent"),
        ({"gives": "free_item:dish", "dish_id": "none"}, "dish_id"),
        ({"audience": "my friends"}, "audience"),
        ({"stock": "-1"}, "stock"),
        ({"per_guest_limit": "0"}, "per_guest_limit"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"valid_until": "1999-01-01"}, "valid_until"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(typed: dict[str, str], field: str) -> None:
    restaurant = await _restaurant()
    screen = await _screen(restaurant)
    await call(screen, "start")
    await call(screen, "save", FIVE_OFF | typed)
    assert list(screen.wrong) == [field]
    assert screen.is_open
    assert await _stored(restaurant) == ()


async def test_hours_of_an_offer_are_kept() -> None:
    restaurant = await _restaurant()
    screen = await _screen(restaurant)
    await call(screen, "start")
    hours = {"audience": "off_peak", "starts": "15:00", "ends": "17:30", "day.0": "on"}
    await call(screen, "save", FIVE_OFF | hours)
    (line,) = screen.rewards
    await call(screen, "open", line.id)
    shown = screen.reward
    assert (screen.audience, shown.starts, shown.ends) == ("off_peak", "15:00", "17:30")
    assert [day.value for day in shown.weekdays if day.is_on] == ["0"]


async def test_a_dish_of_another_restaurant_is_no_reward() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    async with transaction() as session:
        theirs = await make_dish(session, restaurant=other)
        reward = await make_reward(session, restaurant_id=other.id)
    screen = await _screen(restaurant)
    await call(screen, "start")
    await call(screen, "save", FIVE_OFF | {"gives": "free_item:dish", "dish_id": str(theirs.id)})
    assert screen.wrong == {"dish_id": "Choose a dish."}
    await call(screen, "leave")
    await call(screen, "open", str(reward.id))
    assert not screen.is_open
    assert (await told(screen))[1] == "bad"
    assert len(await _stored(other)) == 1


async def test_what_guests_took_while_the_form_was_open_stays_taken() -> None:
    restaurant = await _restaurant()
    screen = await _screen(restaurant)
    await call(screen, "start")
    await call(screen, "save", FIVE_OFF | {"stock": "3"})
    (line,) = screen.rewards
    await call(screen, "open", line.id)
    async with transaction() as session:
        await session.execute(sa.update(LoyaltyReward).values(stock=1))
    await call(screen, "save", FIVE_OFF | {"reward_name": "Five", "stock": screen.reward.stock})
    (stored,) = await _stored(restaurant)
    assert (stored.name, stored.stock) == ("Five", 1)
    await call(screen, "open", line.id)
    await call(screen, "save", FIVE_OFF | {"stock": ""})
    (stored,) = await _stored(restaurant)
    assert stored.stock is None
