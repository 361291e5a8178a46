"""The menu as staff edit it: every language, costs, and what is archived. Not for guests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.menu import Dish, MenuCategory, MenuVersion, Modifier, ModifierGroup
from services.menu.drafts import (
    CategoryDraft,
    DishDraft,
    GroupDraft,
    ModifierDraft,
    VariantDraft,
)
from services.menu.parts import Parts, Row, all_of, by, load_parts, rows_of
from services.menu.rules import in_diet_order, in_eu_order


@dataclass(frozen=True, slots=True)
class EditableDish:
    """A dish; `draft` is what a form holds and hands back."""

    id: UUID
    draft: DishDraft
    picture_file: str | None
    is_sold_out: bool
    sold_out_until_at: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class EditableCategory:
    """A section with its dishes, archived ones last."""

    id: UUID
    draft: CategoryDraft
    is_active: bool
    dishes: tuple[EditableDish, ...]


@dataclass(frozen=True, slots=True)
class EditableGroup:
    """A modifier group with the answers that are offered."""

    id: UUID
    draft: GroupDraft
    is_active: bool


@dataclass(frozen=True, slots=True)
class EditableMenu:
    """Everything on the menu screen of the staff, in order, archived things last."""

    categories: tuple[EditableCategory, ...]
    groups: tuple[EditableGroup, ...]


@dataclass(frozen=True, slots=True)
class MenuVersionInfo:
    """One change of the menu: what, by whom (None: by no person), when (aware UTC)."""

    version: int
    summary: str
    changed_by: str | None
    changed_at: datetime


async def load_editable(session: AsyncSession, *, restaurant_id: UUID) -> EditableMenu:
    """The whole menu of a restaurant as drafts, in a fixed number of statements."""
    categories = await _in_order(session, MenuCategory, restaurant_id)
    dishes = by(await _in_order(session, Dish, restaurant_id), "category_id")
    groups = await _in_order(session, ModifierGroup, restaurant_id)
    modifiers = by(await _in_order(session, Modifier, restaurant_id), "group_id")
    parts = await load_parts(session, restaurant_id=restaurant_id, chosen=sa.true())
    return EditableMenu(
        categories=tuple(
            EditableCategory(
                id=row.id,
                draft=CategoryDraft(row.name, row.note, row.translations, row.hours),
                is_active=row.is_active,
                dishes=tuple(_dish(dish, parts) for dish in dishes[row.id]),
            )
            for row in categories
        ),
        groups=tuple(_group(row, modifiers[row.id]) for row in groups),
    )


async def list_versions(
    session: AsyncSession, *, restaurant_id: UUID, limit: int = 50
) -> list[MenuVersionInfo]:
    """Who changed the menu, the latest first.

    Args:
        session: any session.
        restaurant_id: whose menu.
        limit: how many at most.
    """
    rows = await rows_of(
        session,
        all_of(MenuVersion, col(User.name))
        .outerjoin(User, col(User.id) == MenuVersion.changed_by_user_id)
        .where(col(MenuVersion.restaurant_id) == restaurant_id)
        .order_by(col(MenuVersion.version).desc())
        .limit(limit),
    )
    return [MenuVersionInfo(row.version, row.summary, row.name, row.created_at) for row in rows]


def _dish(row: Row, parts: Parts) -> EditableDish:
    allergens = parts.allergens[row.id]
    return EditableDish(
        id=row.id,
        draft=DishDraft(
            category_id=row.category_id,
            name=row.name,
            price_minor=row.price_minor,
            description=row.description,
            translations=row.translations,
            cost_minor=row.cost_minor,
            diets=in_diet_order(row.diets),
            spice=row.spice,
            prep_minutes=row.prep_minutes,
            hours=row.hours,
            is_popular=row.is_popular,
            allergens=in_eu_order(entry.allergen for entry in allergens if not entry.is_trace),
            traces=in_eu_order(entry.allergen for entry in allergens if entry.is_trace),
            variants=tuple(
                VariantDraft(variant.name, variant.price_minor, variant.id, variant.translations)
                for variant in parts.variants[row.id]
            ),
            group_ids=tuple(group.id for group in parts.groups[row.id]),
        ),
        picture_file=row.picture_file,
        is_sold_out=row.is_sold_out,
        sold_out_until_at=row.sold_out_until_at,
        is_active=row.is_active,
    )


def _group(row: Row, modifiers: Sequence[Row]) -> EditableGroup:
    return EditableGroup(
        id=row.id,
        draft=GroupDraft(
            name=row.name,
            min_choices=row.min_choices,
            max_choices=row.max_choices,
            modifiers=tuple(
                ModifierDraft(
                    name=modifier.name,
                    price_delta_minor=modifier.price_delta_minor,
                    allergens=in_eu_order(modifier.allergens),
                    is_sold_out=modifier.is_sold_out,
                    id=modifier.id,
                    translations=modifier.translations,
                )
                for modifier in modifiers
                if modifier.is_active
            ),
            translations=row.translations,
        ),
        is_active=row.is_active,
    )


async def _in_order(session: AsyncSession, table: type[Any], restaurant_id: UUID) -> Sequence[Row]:
    return await rows_of(
        session,
        all_of(table)
        .where(col(table.restaurant_id) == restaurant_id)
        .order_by(col(table.is_active).desc(), col(table.position), col(table.id)),
    )
