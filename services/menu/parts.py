"""The rows that belong to dishes: allergens, variants, groups and their modifiers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, DishAllergen, DishModifierGroup, DishVariant, Modifier, ModifierGroup
from services.base.rows import Row, all_of, rows_of


class Parts:
    """The rows that belong to dishes, by the id of what they belong to."""

    def __init__(
        self,
        allergens: Sequence[Row],
        variants: Sequence[Row],
        groups: Sequence[Row],
        modifiers: Sequence[Row],
    ) -> None:
        self.allergens = by(allergens, "dish_id")
        self.variants = by(variants, "dish_id")
        self.groups = by(groups, "dish_id")
        self.modifiers = by(modifiers, "group_id")


async def load_parts(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    chosen: sa.ColumnElement[bool],
    with_archived: bool = False,
) -> Parts:
    """Read what belongs to the dishes that a condition on `Dish` chooses.

    Args:
        session: any session.
        restaurant_id: whose dishes.
        chosen: the condition.
        with_archived: variants and modifiers that are no longer offered as well.
    """
    ours = sa.select(col(Dish.id)).where(col(Dish.restaurant_id) == restaurant_id, chosen)

    def of_dishes(
        statement: sa.Select[Any], table: type[DishAllergen | DishVariant]
    ) -> sa.Select[Any]:
        return statement.where(
            col(table.restaurant_id) == restaurant_id, col(table.dish_id).in_(ours)
        )

    variants = of_dishes(all_of(DishVariant), DishVariant).order_by(
        col(DishVariant.position), col(DishVariant.id)
    )
    groups = (
        all_of(
            ModifierGroup,
            col(DishModifierGroup.dish_id),
            col(DishModifierGroup.position).label("asked_at"),
        )
        .join(DishModifierGroup, col(DishModifierGroup.group_id) == ModifierGroup.id)
        .where(
            col(ModifierGroup.restaurant_id) == restaurant_id,
            col(DishModifierGroup.restaurant_id) == restaurant_id,
            col(DishModifierGroup.dish_id).in_(ours),
            col(ModifierGroup.is_active).is_(True),
        )
        .order_by(col(DishModifierGroup.position), col(ModifierGroup.id))
    )
    modifiers = (
        all_of(Modifier)
        .where(
            col(Modifier.restaurant_id) == restaurant_id,
            col(Modifier.group_id).in_(
                sa.select(col(DishModifierGroup.group_id)).where(
                    col(DishModifierGroup.restaurant_id) == restaurant_id,
                    col(DishModifierGroup.dish_id).in_(ours),
                )
            ),
        )
        .order_by(col(Modifier.position), col(Modifier.id))
    )
    if not with_archived:
        variants = variants.where(col(DishVariant.is_active).is_(True))
        modifiers = modifiers.where(col(Modifier.is_active).is_(True))
    return Parts(
        await rows_of(session, of_dishes(all_of(DishAllergen), DishAllergen)),
        await rows_of(session, variants),
        await rows_of(session, groups),
        await rows_of(session, modifiers),
    )


def by(rows: Sequence[Row], key: str) -> dict[UUID, list[Row]]:
    """Rows in their order under the value of one column."""
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped
