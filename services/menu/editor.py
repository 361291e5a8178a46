"""The menu as those who edit it see it: archived parts, costs and every translation too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.menu import (
    Dish,
    DishAllergen,
    DishModifierGroup,
    DishVariant,
    MenuCategory,
    Modifier,
    ModifierGroup,
)
from services.base.rows import Row, rows_of
from services.menu.parts import by
from services.menu.queries import as_hours
from services.menu.rules import in_diet_order, in_eu_order
from services.menu.types import Hours

Translations = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class EditorVariant:
    """A variant that is offered."""

    id: UUID
    name: str
    translations: Translations
    price_minor: int


@dataclass(frozen=True, slots=True)
class EditorDish:
    """A dish with everything its form holds. Amounts are minor units."""

    id: UUID
    category_id: UUID
    name: str
    description: str
    translations: Translations
    price_minor: int
    cost_minor: int | None
    picture_file: str | None
    diets: tuple[str, ...]
    spice: int
    prep_minutes: int | None
    hours: Hours
    is_popular: bool
    # As staff set it; `rules.is_sold_out` knows whether it still holds.
    is_sold_out: bool
    sold_out_until_at: datetime | None
    is_active: bool
    allergens: tuple[str, ...]
    traces: tuple[str, ...]
    variants: tuple[EditorVariant, ...]
    # Archived groups too: they come back where they were.
    group_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class EditorCategory:
    """A section with its dishes, archived ones too, in order."""

    id: UUID
    name: str
    note: str
    translations: Translations
    hours: Hours
    is_active: bool
    dishes: tuple[EditorDish, ...]


@dataclass(frozen=True, slots=True)
class EditorModifier:
    """An answer that is offered."""

    id: UUID
    name: str
    translations: Translations
    price_delta_minor: int
    allergens: tuple[str, ...]
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class EditorGroup:
    """A question, its answers, and how many dishes ask it."""

    id: UUID
    name: str
    translations: Translations
    min_choices: int
    max_choices: int
    is_active: bool
    modifiers: tuple[EditorModifier, ...]
    dish_count: int


@dataclass(frozen=True, slots=True)
class EditorMenu:
    """A whole menu for editing."""

    categories: tuple[EditorCategory, ...]
    groups: tuple[EditorGroup, ...]

    def find_category(self, category_id: UUID) -> EditorCategory | None:
        """A section, archived or not."""
        return next((found for found in self.categories if found.id == category_id), None)

    def find_dish(self, dish_id: UUID) -> EditorDish | None:
        """A dish, archived or not."""
        dishes = (dish for category in self.categories for dish in category.dishes)
        return next((found for found in dishes if found.id == dish_id), None)

    def find_group(self, group_id: UUID) -> EditorGroup | None:
        """A question, archived or not."""
        return next((found for found in self.groups if found.id == group_id), None)


async def load_editor_menu(session: AsyncSession, *, restaurant_id: UUID) -> EditorMenu:
    """Everything that can be edited, in seven statements whatever the menu's size."""
    modifiers = by(await _rows(session, Modifier, restaurant_id, only_active=True), "group_id")
    links = await _rows(session, DishModifierGroup, restaurant_id)
    groups = await _rows(session, ModifierGroup, restaurant_id)
    parts = _DishParts(
        allergens=by(await _rows(session, DishAllergen, restaurant_id), "dish_id"),
        variants=by(await _rows(session, DishVariant, restaurant_id, only_active=True), "dish_id"),
        links=by(links, "dish_id"),
    )
    dishes = by(await _rows(session, Dish, restaurant_id), "category_id")
    categories = await _rows(session, MenuCategory, restaurant_id)
    asked_by = by(links, "group_id")
    return EditorMenu(
        categories=tuple(
            EditorCategory(
                id=row.id,
                name=row.name,
                note=row.note,
                translations=row.translations,
                hours=as_hours(row.hours),
                is_active=row.is_active,
                dishes=tuple(_dish(dish, parts) for dish in dishes[row.id]),
            )
            for row in categories
        ),
        groups=tuple(_group(row, modifiers[row.id], len(asked_by[row.id])) for row in groups),
    )


@dataclass(frozen=True, slots=True)
class _DishParts:
    allergens: Mapping[UUID, list[Row]]
    variants: Mapping[UUID, list[Row]]
    links: Mapping[UUID, list[Row]]


async def _rows(
    session: AsyncSession, table: type[Any], restaurant_id: UUID, *, only_active: bool = False
) -> Sequence[Row]:
    columns = table.__table__.c
    statement = sa.select(table.__table__).where(columns.restaurant_id == restaurant_id)
    if only_active:
        statement = statement.where(columns.is_active.is_(True))
    order = (columns.position, columns.id) if "position" in columns else (columns.id,)
    return await rows_of(session, statement.order_by(*order))


def _dish(row: Row, parts: _DishParts) -> EditorDish:
    allergens = parts.allergens[row.id]
    return EditorDish(
        id=row.id,
        category_id=row.category_id,
        name=row.name,
        description=row.description,
        translations=row.translations,
        price_minor=row.price_minor,
        cost_minor=row.cost_minor,
        picture_file=row.picture_file,
        diets=tuple(in_diet_order(row.diets)),
        spice=row.spice,
        prep_minutes=row.prep_minutes,
        hours=as_hours(row.hours),
        is_popular=row.is_popular,
        is_sold_out=row.is_sold_out,
        sold_out_until_at=row.sold_out_until_at,
        is_active=row.is_active,
        allergens=in_eu_order(a.allergen for a in allergens if not a.is_trace),
        traces=in_eu_order(a.allergen for a in allergens if a.is_trace),
        variants=tuple(
            EditorVariant(v.id, v.name, v.translations, v.price_minor)
            for v in parts.variants[row.id]
        ),
        group_ids=tuple(link.group_id for link in parts.links[row.id]),
    )


def _group(row: Row, modifiers: Sequence[Row], dish_count: int) -> EditorGroup:
    return EditorGroup(
        id=row.id,
        name=row.name,
        translations=row.translations,
        min_choices=row.min_choices,
        max_choices=row.max_choices,
        is_active=row.is_active,
        modifiers=tuple(
            EditorModifier(
                m.id,
                m.name,
                m.translations,
                m.price_delta_minor,
                in_eu_order(m.allergens),
                m.is_sold_out,
            )
            for m in modifiers
        ),
        dish_count=dish_count,
    )
