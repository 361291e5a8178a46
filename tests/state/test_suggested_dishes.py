"""What goes well with a dish is added from its sheet, and the reports count what came of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.menu import Dish
from models.ordering import CartLine, Order, OrderLine
from models.restaurants import Restaurant
from services.analytics import results
from services.analytics.results import Kind, Result
from services.base import clock
from services.base.database import reading, transaction
from services.ordering import suggesting
from services.reports.counting import count_day
from services.restaurants import queries as restaurants
from state.guest.cart import CartState
from tests.builders import make_dish
from tests.state.screens import call
from tests.state.test_guest_cart import Place, phone, place

__all__ = ["place"]
pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _suggest(place: Place, *beside: Dish) -> None:
    suggesting._kept.clear()
    async with transaction() as session:
        await results.put(
            session,
            restaurant_id=place.soup.restaurant_id,
            found=[
                Result(
                    kind=Kind.SUGGESTIONS,
                    result={
                        "method": "ease",
                        "beside": {str(place.soup.id): [[str(one.id), 0.5] for one in beside]},
                    },
                    data_until=clock.now().date() - timedelta(days=1),
                    is_enough=True,
                    calculated_at=clock.now(),
                )
            ],
        )


async def _bread(place: Place) -> Dish:
    async with transaction() as session:
        restaurant = await session.get_one(Restaurant, place.soup.restaurant_id)
        return await make_dish(session, restaurant=restaurant, name="Bread", price_minor=300)


async def _suggested(model: type[CartLine | OrderLine]) -> list[tuple[int, int]]:
    async with reading() as session:
        rows = await session.execute(
            sa.select(col(model.quantity), col(model.suggested_quantity)).order_by(col(model.id))
        )
        return [(quantity, suggested) for quantity, suggested in rows]


async def test_one_tap_adds_what_goes_with_a_dish_and_its_sheet_stays(place: Place) -> None:
    bread = await _bread(place)
    await _suggest(place, bread)
    dish = await phone(place)
    await call(dish, "open", dish_id=str(place.soup.id))
    assert [(one.name, one.price, one.is_added) for one in dish.dish.beside] == [
        ("Bread", "€3.00", False)
    ]

    await call(dish, "add_beside", dish_id=str(bread.id))
    # Twice the same finger.
    await call(dish, "add_beside", dish_id=str(bread.id))

    assert dish.is_open
    assert [one.is_added for one in dish.dish.beside] == [True]
    assert await _suggested(CartLine) == [(1, 1)]


async def test_only_what_the_sheet_offers_is_added_as_a_suggestion(place: Place) -> None:
    bread = await _bread(place)
    await _suggest(place, bread)
    dish = await phone(place)
    await call(dish, "add_beside", dish_id=str(bread.id))
    await call(dish, "open", dish_id=str(place.soup.id))
    await call(dish, "add_beside", dish_id=str(place.bass.id))
    assert await _suggested(CartLine) == []


async def test_one_that_asks_is_shown_and_still_counts_as_suggested(place: Place) -> None:
    await _suggest(place, place.bass)
    dish = await phone(place)
    await call(dish, "open", dish_id=str(place.soup.id))
    await call(dish, "add_beside", dish_id=str(place.bass.id))
    assert (dish.is_open, dish.dish.name) == (True, "Bass")
    await call(dish, "change_quantity", step=1)
    await call(dish, "add")
    assert await _suggested(CartLine) == [(2, 2)]
    # Whoever opens it from the menu was not led there.
    await call(dish, "open", dish_id=str(place.bass.id))
    await call(dish, "add")
    assert await _suggested(CartLine) == [(3, 2)]


async def test_the_order_keeps_what_was_suggested_and_the_day_counts_it(place: Place) -> None:
    bread = await _bread(place)
    await _suggest(place, bread)
    dish = await phone(place)
    await call(dish, "open", dish_id=str(place.soup.id))
    await call(dish, "add_beside", dish_id=str(bread.id))
    await call(dish, "add")
    await call(await dish.get_state(CartState), "send")
    assert await _suggested(OrderLine) == [(1, 1), (1, 0)]

    async with transaction() as session:
        order = (await session.scalars(sa.select(Order))).one()
        order.order_status = OrderStatus.COMPLETED
        day = order.business_day
        restaurant = await restaurants.get(session, order.restaurant_id)
    async with reading() as session:
        counted = await count_day(session, restaurant=restaurant, day=day)
    assert (counted.totals.item_count, counted.totals.suggested_count) == (2, 1)
