"""Parts of a menu as a form would hand them in unchanged: what a draft is compared with."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.base.edits import merged
from services.menu.drafts import CategoryDraft, DishDraft, GroupDraft, ModifierDraft, VariantDraft
from services.menu.editing import no_such_part
from services.menu.editor import (
    EditorCategory,
    EditorDish,
    EditorGroup,
    EditorMenu,
    load_editor_menu,
)

Part = TypeVar("Part", EditorCategory, EditorDish, EditorGroup)
# Boxes to tick: their order is that of the form.
_SETS = frozenset({"diets", "allergens", "traces", "group_ids"})


def category_seen(category: EditorCategory) -> CategoryDraft:
    """A section."""
    return CategoryDraft(
        name=category.name,
        note=category.note,
        translations=category.translations,
        hours=category.hours,
    )


def dish_seen(dish: EditorDish) -> DishDraft:
    """A dish."""
    return DishDraft(
        category_id=dish.category_id,
        name=dish.name,
        price_minor=dish.price_minor,
        description=dish.description,
        translations=dish.translations,
        cost_minor=dish.cost_minor,
        diets=dish.diets,
        spice=dish.spice,
        prep_minutes=dish.prep_minutes,
        hours=dish.hours,
        is_popular=dish.is_popular,
        allergens=dish.allergens,
        traces=dish.traces,
        variants=tuple(
            VariantDraft(one.name, one.price_minor, one.id, one.translations)
            for one in dish.variants
        ),
        group_ids=dish.group_ids,
    )


def group_seen(group: EditorGroup) -> GroupDraft:
    """A question and its answers."""
    return GroupDraft(
        name=group.name,
        min_choices=group.min_choices,
        max_choices=group.max_choices,
        modifiers=tuple(
            ModifierDraft(
                one.name,
                one.price_delta_minor,
                one.allergens,
                is_sold_out=one.is_sold_out,
                id=one.id,
                translations=one.translations,
            )
            for one in group.modifiers
        ),
        translations=group.translations,
    )


async def with_others_category(
    session: AsyncSession,
    draft: CategoryDraft,
    seen: CategoryDraft | None,
    *,
    actor: Actor,
    part_id: UUID,
) -> CategoryDraft:
    """A section's draft with what others have saved since its form was opened.

    The menu is locked. The same holds for the other two.

    Raises:
        NoSuchMenuPart: it is not on this menu.
        ChangedMeanwhileError: both changed the same.
    """
    if seen is None:
        return draft
    found = await _stored(session, actor, lambda menu: menu.find_category(part_id))
    return merged(draft, seen, category_seen(found))


async def with_others_dish(
    session: AsyncSession,
    draft: DishDraft,
    seen: DishDraft | None,
    *,
    actor: Actor,
    part_id: UUID,
) -> DishDraft:
    """A dish's draft with what others have saved since its form was opened."""
    if seen is None:
        return draft
    found = await _stored(session, actor, lambda menu: menu.find_dish(part_id))
    if draft.variants:
        draft = replace(draft, price_minor=draft.variants[0].price_minor)
    return merged(draft, seen, dish_seen(found), sets=_SETS)


async def with_others_group(
    session: AsyncSession,
    draft: GroupDraft,
    seen: GroupDraft | None,
    *,
    actor: Actor,
    part_id: UUID,
) -> GroupDraft:
    """A question's draft with what others have saved since its form was opened."""
    if seen is None:
        return draft
    found = await _stored(session, actor, lambda menu: menu.find_group(part_id))
    current = group_seen(found)
    return merged(_sold_out_now(draft, seen, current), _sold_out_now(seen, seen, current), current)


async def _stored(
    session: AsyncSession, actor: Actor, find: Callable[[EditorMenu], Part | None]
) -> Part:
    found = find(await load_editor_menu(session, restaurant_id=actor.restaurant_id))
    if found is None:
        raise no_such_part()
    return found


def _sold_out_now(draft: GroupDraft, seen: GroupDraft, current: GroupDraft) -> GroupDraft:
    """Answers that the kitchen took off, or brought back, while the form lay open stay so."""
    before = {one.id: one.is_sold_out for one in seen.modifiers if one.id}
    now = {one.id: one.is_sold_out for one in current.modifiers if one.id}
    return replace(
        draft,
        modifiers=tuple(
            replace(one, is_sold_out=now.get(one.id, one.is_sold_out))
            if one.id and before.get(one.id) == one.is_sold_out
            else one
            for one in draft.modifiers
        ),
    )
