"""What a restaurant has set up so far, in use and its own only."""

from models.enums import Role
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.restaurants.first_steps import FirstSteps, load_first_steps
from tests.builders import make_area, make_category, make_dish, make_restaurant, make_table
from tests.state.tabs import log_in


async def _steps(restaurant: Restaurant) -> FirstSteps:
    async with reading() as session:
        return await load_first_steps(session, restaurant_id=restaurant.id)


async def test_a_new_restaurant_has_everything_before_it(database: object) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session, slug="new", opening_hours={})
        other = await make_restaurant(session, slug="other")
        category = await make_category(session, restaurant=other)
        await make_dish(session, restaurant=other, category=category)
        area = await make_area(session, restaurant=other)
        await make_table(session, restaurant=other, area=area)
    assert await _steps(restaurant) == FirstSteps(
        has_dishes=False, has_tables=False, has_team=False, has_hours=False
    )
    assert (await _steps(other)).can_serve is True


async def test_what_was_put_away_does_not_count(database: object) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session, opening_hours={"mon": [], "tue": []})
        category = await make_category(session, restaurant=restaurant)
        await make_dish(session, restaurant=restaurant, category=category, is_active=False)
        area = await make_area(session, restaurant=restaurant)
        await make_table(session, restaurant=restaurant, area=area, is_active=False)
    await log_in(restaurant, Role.OWNER)
    assert await _steps(restaurant) == FirstSteps(
        has_dishes=False, has_tables=False, has_team=False, has_hours=False
    )


async def test_a_second_person_and_one_open_day_count(database: object) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session, opening_hours={"mon": [["12:00", "23:00"]]})
    await log_in(restaurant, Role.OWNER)
    await log_in(restaurant, Role.WAITER)
    steps = await _steps(restaurant)
    assert (steps.has_team, steps.has_hours, steps.can_serve) == (True, True, False)
