"""Menus of this process, kept by restaurant, version and language.

A new version is a new key, so two processes can never disagree about what a version says.
"""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.menu.queries import get_orderable, load_menu
from services.menu.types import Menu, OrderableDish
from services.restaurants.types import RestaurantInfo

SIZE = 128
# Restaurants whose prices are kept.
PRICED = 512
_orderable: OrderedDict[tuple[UUID, int], dict[UUID, OrderableDish]] = OrderedDict()
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


async def cached_orderable(
    session: AsyncSession, *, restaurant: RestaurantInfo, dish_ids: Iterable[UUID]
) -> dict[UUID, OrderableDish]:
    """What orders are priced from, by dish, read at most once a process for each version.

    Args:
        session: any session.
        restaurant: with the menu's version as this session read it, or an older one.
        dish_ids: dishes to look up, as in `get_orderable`.
    """
    key = (restaurant.id, restaurant.menu_version)
    kept = _orderable.setdefault(key, {})
    _orderable.move_to_end(key)
    while len(_orderable) > PRICED:
        _orderable.popitem(last=False)
    wanted = set(dish_ids)
    missing = wanted - kept.keys()
    if missing:
        # What is on no menu is not kept: anybody may ask for any id.
        kept |= await get_orderable(session, restaurant_id=restaurant.id, dish_ids=missing)
    return {dish_id: kept[dish_id] for dish_id in wanted & kept.keys()}
