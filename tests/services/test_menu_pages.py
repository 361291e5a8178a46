"""The rows of a menu's page are made once a minute, for everybody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.menu import Dish
from services.base.database import reading
from services.menu.cache import cached_menu
from services.menu.page import MenuPage, menu_page
from services.restaurants import queries as restaurants
from tests.builders import NOW
from tests.services.ordering_room import Room, change, make_room


async def _page(room: Room, *, minutes: float = 0) -> MenuPage:
    async with reading() as session:
        restaurant = await restaurants.get(session, room.info.id)
        menu = await cached_menu(session, restaurant=restaurant, language="en")
    return menu_page(menu, restaurant=restaurant, now=NOW + timedelta(minutes=minutes))


def _off(page: MenuPage) -> list[str]:
    return [dish.name for section in page.sections for dish in section.dishes if dish.is_sold_out]


@pytest.mark.usefixtures("sqlite_database")
async def test_all_guests_of_a_minute_share_the_rows() -> None:
    room = await make_room()

    first = await _page(room)

    assert (await _page(room, minutes=0.9)) is first
    later = await _page(room, minutes=1)
    assert later is not first
    assert later == first


@pytest.mark.usefixtures("sqlite_database")
async def test_a_dish_goes_and_comes_back_with_the_version_and_with_the_clock() -> None:
    room = await make_room()
    assert _off(await _page(room)) == []

    await change(
        sa.update(Dish)
        .where(col(Dish.id) == room.pizza.id)
        .values(is_sold_out=True, sold_out_until_at=NOW + timedelta(minutes=5))
    )

    assert _off(await _page(room)) == ["Margherita"]
    assert _off(await _page(room, minutes=4)) == ["Margherita"]
    assert _off(await _page(room, minutes=5)) == []
