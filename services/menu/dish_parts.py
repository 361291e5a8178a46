"""Saving what belongs to a dish: allergens, variants, the groups it asks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, DishAllergen, DishModifierGroup, DishVariant, ModifierGroup
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.menu.drafts import DishDraft, VariantDraft
from services.menu.editing import no_such_part
from services.menu.queries import get_orderable
from services.menu.rules import lowest_total_minor


async def save(session: AsyncSession, *, dish: Dish, draft: DishDraft, now: datetime) -> None:
    """Make a dish's parts what a checked draft says.

    Raises:
        NoSuchMenuPart: a variant is not this dish's, or a group is not on this menu.
        InvalidInputError: the dish could cost less than nothing.
    """
    await _save_variants(session, dish, draft.variants, now)
    await _save_groups(session, dish, draft, now)
    await _save_allergens(session, dish, draft, now)
    await session.flush()
    await refuse_below_zero(
        session, restaurant_id=dish.restaurant_id, dish_ids=[dish.id], field="price_minor"
    )


async def refuse_below_zero(
    session: AsyncSession, *, restaurant_id: UUID, dish_ids: Iterable[UUID], field: str
) -> None:
    """Check that no choice of modifiers makes a dish cost less than nothing.

    Raises:
        InvalidInputError: one does; the first such dish is named.
    """
    found = await get_orderable(session, restaurant_id=restaurant_id, dish_ids=dish_ids)
    for dish in found.values():
        if lowest_total_minor(dish) < 0:
            msg = N_("With every reduction “{name}” would cost less than nothing.")
            raise InvalidInputError(msg, field=field, name=dish.name)


async def _save_variants(
    session: AsyncSession, dish: Dish, drafts: Sequence[VariantDraft], now: datetime
) -> None:
    found = await session.scalars(
        sa.select(DishVariant).where(
            col(DishVariant.restaurant_id) == dish.restaurant_id,
            col(DishVariant.dish_id) == dish.id,
        )
    )
    existing = {row.id: row for row in found}
    named = [draft.id for draft in drafts if draft.id is not None]
    if set(named) - set(existing) or len(named) != len(set(named)):
        raise no_such_part()
    for row_id, row in existing.items():
        # Archived, not deleted: orders and carts point at it.
        row.is_active = row_id in named
    for position, draft in enumerate(drafts):
        row = existing[draft.id] if draft.id is not None else None
        if row is None:
            row = DishVariant(
                restaurant_id=dish.restaurant_id,
                dish_id=dish.id,
                name=draft.name,
                price_minor=draft.price_minor,
                position=position,
                created_at=now,
            )
            session.add(row)
        row.name = draft.name
        row.translations = dict(draft.translations)
        row.price_minor = draft.price_minor
        row.position = position


async def _save_groups(session: AsyncSession, dish: Dish, draft: DishDraft, now: datetime) -> None:
    offered = set(
        await session.scalars(
            sa.select(col(ModifierGroup.id)).where(
                col(ModifierGroup.restaurant_id) == dish.restaurant_id,
                col(ModifierGroup.id).in_(draft.group_ids),
                col(ModifierGroup.is_active).is_(True),
            )
        )
    )
    # An archived group is on no form; it must find its dishes again when it is restored.
    kept = set(
        await session.scalars(
            sa.select(col(DishModifierGroup.group_id)).where(
                col(DishModifierGroup.restaurant_id) == dish.restaurant_id,
                col(DishModifierGroup.dish_id) == dish.id,
                col(DishModifierGroup.group_id).not_in(_active_groups(dish)),
            )
        )
    )
    if set(draft.group_ids) - offered - kept:
        raise no_such_part()
    await session.execute(
        sa.delete(DishModifierGroup).where(
            col(DishModifierGroup.restaurant_id) == dish.restaurant_id,
            col(DishModifierGroup.dish_id) == dish.id,
            col(DishModifierGroup.group_id).in_(_active_groups(dish)),
        )
    )
    session.add_all(
        DishModifierGroup(
            restaurant_id=dish.restaurant_id,
            dish_id=dish.id,
            group_id=group_id,
            position=position,
            created_at=now,
        )
        for position, group_id in enumerate(draft.group_ids)
        if group_id in offered
    )


def _active_groups(dish: Dish) -> sa.Select[UUID]:
    return sa.select(col(ModifierGroup.id)).where(
        col(ModifierGroup.restaurant_id) == dish.restaurant_id,
        col(ModifierGroup.is_active).is_(True),
    )


async def _save_allergens(
    session: AsyncSession, dish: Dish, draft: DishDraft, now: datetime
) -> None:
    await session.execute(
        sa.delete(DishAllergen).where(
            col(DishAllergen.restaurant_id) == dish.restaurant_id,
            col(DishAllergen.dish_id) == dish.id,
        )
    )
    session.add_all(
        DishAllergen(
            restaurant_id=dish.restaurant_id,
            dish_id=dish.id,
            allergen=allergen,
            is_trace=is_trace,
            created_at=now,
        )
        for is_trace, allergens in ((False, draft.allergens), (True, draft.traces))
        for allergen in allergens
    )
