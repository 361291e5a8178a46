"""Menus of this process, kept by restaurant, version and language.

A new version is a new key, so two processes can never disagree about what a version says.
"""

from collections import OrderedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.menu.queries import load_menu
from services.menu.types import Menu
from services.restaurants.types import RestaurantInfo

SIZE = 128
_menus: OrderedDict[tuple[UUID, int, str], Menu] = OrderedDict()


async def cached_menu(session: AsyncSession, *, restaurant: RestaurantInfo, language: str) -> Menu:
    """The menu of the restaurant's present version, read at most once a process."""
    key = (restaurant.id, restaurant.menu_version, language)
    menu = _menus.get(key)
    if menu is None:
        menu = await load_menu(session, restaurant=restaurant, language=language)
        _menus[key] = menu
        while len(_menus) > SIZE:
            _menus.popitem(last=False)
    _menus.move_to_end(key)
    return menu
