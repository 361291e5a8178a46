"""Reads of a menu, each in a fixed number of statements whatever the menu's size."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory
from services.base.rows import Row, all_of, rows_of
from services.menu import types
from services.menu.parts import Parts, by, load_parts
from services.menu.rules import in_diet_order, in_eu_order, translated
from services.restaurants.types import RestaurantInfo


async def load_menu(
    session: AsyncSession, *, restaurant: RestaurantInfo, language: str
) -> types.Menu:
    """Everything on a restaurant's menu, in order, in one language.

    Texts that are not translated appear in the language the menu is written in. Sections without
    dishes and groups without answers are left out: a guest could do nothing with them.
    """
    categories = await rows_of(
        session,
        all_of(MenuCategory)
        .where(
            col(MenuCategory.restaurant_id) == restaurant.id,
            col(MenuCategory.is_active).is_(True),
        )
        .order_by(col(MenuCategory.position), col(MenuCategory.id)),
    )
    dishes = await rows_of(
        session,
        all_of(Dish)
        .where(col(Dish.restaurant_id) == restaurant.id, col(Dish.is_active).is_(True))
        .order_by(col(Dish.position), col(Dish.id)),
    )
    parts = await load_parts(
        session, restaurant_id=restaurant.id, chosen=col(Dish.is_active).is_(True)
    )
    by_category = by(dishes, "category_id")

    def section(row: Row) -> types.MenuCategory:
        hours = as_hours(row.hours)
        return types.MenuCategory(
            id=row.id,
            name=translated(row.translations, language, "name", row.name),
            note=translated(row.translations, language, "note", row.note),
            hours=hours,
            dishes=tuple(_menu_dish(dish, hours, parts, language) for dish in by_category[row.id]),
        )

    return types.Menu(
        restaurant_id=restaurant.id,
        version=restaurant.menu_version,
        language=language,
        currency=restaurant.currency,
        categories=tuple(section(row) for row in categories if by_category[row.id]),
    )


async def get_orderable(
    session: AsyncSession, *, restaurant_id: UUID, dish_ids: Iterable[UUID]
) -> dict[UUID, types.OrderableDish]:
    """What orders are priced from, by dish.

    Args:
        session: any session.
        restaurant_id: whose dishes.
        dish_ids: dishes to look up; archived ones come back inactive, those of other restaurants
            are absent.
    """
    wanted = set(dish_ids)
    if not wanted:
        return {}
    dishes = await rows_of(
        session,
        all_of(
            Dish,
            col(MenuCategory.hours).label("category_hours"),
            col(MenuCategory.is_active).label("category_is_active"),
        )
        .join(MenuCategory, col(MenuCategory.id) == Dish.category_id)
        .where(
            col(Dish.restaurant_id) == restaurant_id,
            col(MenuCategory.restaurant_id) == restaurant_id,
            col(Dish.id).in_(wanted),
        ),
    )
    parts = await load_parts(
        session, restaurant_id=restaurant_id, chosen=col(Dish.id).in_(wanted), with_archived=True
    )
    return {row.id: _orderable(row, parts) for row in dishes}


def as_hours(stored: Sequence[Sequence[str]]) -> types.Hours:
    """Hours as they are handed around, from the JSON column."""
    return tuple((pair[0], pair[1]) for pair in stored)


def _menu_dish(
    row: Row, category_hours: types.Hours, parts: Parts, language: str
) -> types.MenuDish:
    variants = tuple(
        types.MenuVariant(
            id=variant.id,
            name=translated(variant.translations, language, "name", variant.name),
            price_minor=variant.price_minor,
        )
        for variant in parts.variants[row.id]
    )
    prices = [variant.price_minor for variant in variants] or [row.price_minor]
    allergens = parts.allergens[row.id]
    return types.MenuDish(
        id=row.id,
        category_id=row.category_id,
        name=translated(row.translations, language, "name", row.name),
        description=translated(row.translations, language, "description", row.description),
        price_minor=prices[0],
        from_price_minor=min(prices),
        is_from_price=min(prices) != max(prices),
        allergens=in_eu_order(entry.allergen for entry in allergens if not entry.is_trace),
        traces=in_eu_order(entry.allergen for entry in allergens if entry.is_trace),
        diets=in_diet_order(row.diets),
        spice=row.spice,
        prep_minutes=row.prep_minutes,
        picture_file=row.picture_file,
        is_popular=row.is_popular,
        is_sold_out=row.is_sold_out,
        sold_out_until_at=row.sold_out_until_at,
        hours=as_hours(row.hours),
        category_hours=category_hours,
        variants=variants,
        groups=tuple(
            _menu_group(group, parts.modifiers[group.id], language)
            for group in parts.groups[row.id]
            if parts.modifiers[group.id]
        ),
    )


def _menu_group(row: Row, modifiers: Sequence[Row], language: str) -> types.MenuGroup:
    return types.MenuGroup(
        id=row.id,
        name=translated(row.translations, language, "name", row.name),
        min_choices=row.min_choices,
        max_choices=row.max_choices,
        modifiers=tuple(
            types.MenuModifier(
                id=modifier.id,
                name=translated(modifier.translations, language, "name", modifier.name),
                price_delta_minor=modifier.price_delta_minor,
                allergens=in_eu_order(modifier.allergens),
                is_sold_out=modifier.is_sold_out,
            )
            for modifier in modifiers
        ),
    )


def _orderable(row: Row, parts: Parts) -> types.OrderableDish:
    return types.OrderableDish(
        id=row.id,
        restaurant_id=row.restaurant_id,
        category_id=row.category_id,
        name=row.name,
        price_minor=row.price_minor,
        cost_minor=row.cost_minor,
        allergens=in_eu_order(
            entry.allergen for entry in parts.allergens[row.id] if not entry.is_trace
        ),
        is_sold_out=row.is_sold_out,
        sold_out_until_at=row.sold_out_until_at,
        hours=as_hours(row.hours),
        category_hours=as_hours(row.category_hours),
        is_active=row.is_active and row.category_is_active,
        variants=tuple(
            types.OrderableVariant(
                id=variant.id,
                name=variant.name,
                price_minor=variant.price_minor,
                is_active=variant.is_active,
            )
            for variant in parts.variants[row.id]
        ),
        groups=tuple(
            _orderable_group(group, parts.modifiers[group.id])
            for group in parts.groups[row.id]
            if any(modifier.is_active for modifier in parts.modifiers[group.id])
        ),
    )


def _orderable_group(row: Row, modifiers: Sequence[Row]) -> types.OrderableGroup:
    return types.OrderableGroup(
        id=row.id,
        name=row.name,
        min_choices=row.min_choices,
        max_choices=row.max_choices,
        modifiers=tuple(
            types.OrderableModifier(
                id=modifier.id,
                name=modifier.name,
                price_delta_minor=modifier.price_delta_minor,
                allergens=in_eu_order(modifier.allergens),
                is_sold_out=modifier.is_sold_out,
                is_active=modifier.is_active,
            )
            for modifier in modifiers
        ),
    )
