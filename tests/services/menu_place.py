"""A restaurant whose menu somebody edits, and what stands on it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.enums import Role
from models.menu import MenuCategory
from models.restaurants import Restaurant
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.menu.queries import load_menu
from services.menu.types import Menu
from tests.builders import (
    make_category,
    make_restaurant,
    make_user,
    restaurant_info,
)


@dataclass(frozen=True)
class Place:
    restaurant: Restaurant
    actor: Actor
    category: MenuCategory


async def make_place(**columns: Any) -> Place:
    async with transaction() as session:
        restaurant = await make_restaurant(session, languages=["en", "ar"], **columns)
        user = await make_user(session, restaurant=restaurant, role=Role.OWNER)
        category = await make_category(session, restaurant=restaurant, position=1)
        return Place(restaurant, user.actor, category)


async def menu_of(place: Place, language: str = "en") -> Menu:
    async with reading() as session:
        info = await restaurant_info(session, place.restaurant)
        return await load_menu(session, restaurant=info, language=language)


async def version_of(place: Place) -> int:
    async with reading() as session:
        return (await restaurant_info(session, place.restaurant)).menu_version


async def rows_of(table: type[Any]) -> list[Any]:
    async with reading() as session:
        return list(await session.scalars(sa.select(table).order_by(table.created_at, table.id)))
