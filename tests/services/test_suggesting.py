"""What goes with a dish is read from the night's rows, for one guest and one restaurant."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.columns import new_id
from models.enums import EventType
from models.events import CustomerEvent
from models.menu import Dish, DishAllergen
from models.ordering import Cart, CartLine
from models.restaurants import Restaurant
from models.visits import Visit
from services.analytics import results
from services.analytics.results import Kind, Result
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.menu.cache import cached_menu
from services.ordering import suggesting
from services.restaurants import queries as restaurants
from tests.builders import NOW, make_category, make_dish, make_restaurant, make_visit

pytestmark = pytest.mark.usefixtures("database")


async def _place(count: int) -> tuple[Restaurant, list[Dish], Visit]:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        category = await make_category(session, restaurant=restaurant)
        dishes = [
            await make_dish(session, restaurant=restaurant, category=category, name=f"Dish {one}")
            for one in range(count)
        ]
        visit = await make_visit(session, restaurant=restaurant, visited_at=NOW)
        await results.put(
            session,
            restaurant_id=restaurant.id,
            found=[
                Result(
                    kind=Kind.SUGGESTIONS,
                    result={
                        "method": "ease",
                        "beside": {str(dishes[0].id): [[str(one.id), 0.5] for one in dishes[1:]]},
                    },
                    data_until=NOW.date(),
                    is_enough=True,
                    calculated_at=NOW,
                )
            ],
        )
    return restaurant, dishes, visit


async def _offered(restaurant: Restaurant, visit: Visit, dish_id: UUID) -> list[str]:
    guest = Guest(visit.id, restaurant.id, None, "Basil 1", None, None, None, "en", None)
    async with reading() as session:
        info = await restaurants.get(session, restaurant.id)
        menu = await cached_menu(session, restaurant=info, language="en")
        found = await suggesting.goes_with(
            session, menu=menu, guest=guest, dish_id=dish_id, time_zone="UTC", now=NOW
        )
    return [one.name for one in found]


async def test_cart_allergens_and_filters_of_the_visit_are_respected() -> None:
    restaurant, dishes, visit = await _place(5)
    async with transaction() as session:
        row = await session.get_one(Visit, visit.id)
        row.allergens = ["milk"]
        session.add(
            DishAllergen(restaurant_id=restaurant.id, dish_id=dishes[1].id, allergen="milk")
        )
        cart = Cart(restaurant_id=restaurant.id, visit_id=visit.id, submit_key="k", updated_at=NOW)
        session.add(cart)
        await session.flush()
        session.add(
            CartLine(
                restaurant_id=restaurant.id, cart_id=cart.id, dish_id=dishes[2].id, quantity=1,
                seen_unit_price_minor=950,
            )
        )  # fmt: skip
    assert await _offered(restaurant, visit, dishes[0].id) == ["Dish 3", "Dish 4"]
    assert await _offered(restaurant, visit, dishes[1].id) == []
    for minutes, is_on, left in ((1, True, []), (2, False, ["Dish 3", "Dish 4"])):
        async with transaction() as session:
            at = NOW + timedelta(minutes=minutes)
            session.add(
                CustomerEvent(
                    id=new_id(), restaurant_id=restaurant.id, visit_id=visit.id,
                    event_type=EventType.FILTER, happened_at=at, created_at=at,
                    event_data={"filter": "diet:halal", "is_on": is_on},
                )
            )  # fmt: skip
        assert await _offered(restaurant, visit, dishes[0].id) == left


async def test_another_restaurants_rows_offer_nothing() -> None:
    _, dishes, _ = await _place(2)
    other, _, visit = await _place(2)
    assert await _offered(other, visit, dishes[0].id) == []
