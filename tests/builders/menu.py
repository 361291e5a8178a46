"""Categories, dishes, variants, modifier groups."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.menu import (
    Dish,
    DishModifierGroup,
    DishVariant,
    MenuCategory,
    Modifier,
    ModifierGroup,
)
from models.restaurants import Restaurant
from tests.builders.moments import NOW


async def make_category(
    session: AsyncSession, *, restaurant: Restaurant, **columns: Any
) -> MenuCategory:
    """A section called "Mains", served at any time."""
    defaults = {"name": "Mains", "position": 1, "created_at": NOW}
    row = MenuCategory(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_dish(
    session: AsyncSession,
    *,
    restaurant: Restaurant,
    category: MenuCategory | None = None,
    **columns: Any,
) -> Dish:
    """Margherita for 9.50, cost 2.80, on sale."""
    category = category or await make_category(session, restaurant=restaurant)
    defaults = {
        "name": "Margherita",
        "price_minor": 950,
        "cost_minor": 280,
        "position": 1,
        "created_at": NOW,
    }
    row = Dish(restaurant_id=restaurant.id, category_id=category.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_variant(session: AsyncSession, *, dish: Dish, **columns: Any) -> DishVariant:
    """A large one for 12.00."""
    defaults = {"name": "Large", "price_minor": 1200, "position": 1, "created_at": NOW}
    row = DishVariant(restaurant_id=dish.restaurant_id, dish_id=dish.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_group(
    session: AsyncSession, *, restaurant: Restaurant, dish: Dish | None = None, **columns: Any
) -> ModifierGroup:
    """A question "Extras" with up to two answers, asked by the dish when one is given."""
    defaults = {
        "name": "Extras",
        "min_choices": 0,
        "max_choices": 2,
        "position": 1,
        "created_at": NOW,
    }
    row = ModifierGroup(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    if dish is not None:
        await ask_group(session, dish=dish, group=row)
    return row


async def make_modifier(session: AsyncSession, *, group: ModifierGroup, **columns: Any) -> Modifier:
    """An answer "Olives" for 1.50 more."""
    defaults = {"name": "Olives", "price_delta_minor": 150, "position": 1, "created_at": NOW}
    row = Modifier(restaurant_id=group.restaurant_id, group_id=group.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def ask_group(
    session: AsyncSession, *, dish: Dish, group: ModifierGroup, position: int = 1
) -> None:
    """Let a dish ask the questions of a group."""
    session.add(
        DishModifierGroup(
            restaurant_id=dish.restaurant_id,
            dish_id=dish.id,
            group_id=group.id,
            position=position,
            created_at=NOW,
        )
    )
    await session.flush()
