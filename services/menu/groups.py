"""Changes of modifier groups and their modifiers. Whoever calls has checked the permission."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.menu import DishModifierGroup, Modifier, ModifierGroup
from services.accounts.types import Actor
from services.menu.dish_parts import refuse_below_zero
from services.menu.drafts import GroupDraft, MenuChange, ModifierDraft, checked_group
from services.menu.editing import (
    get_own,
    lock_menu,
    next_position,
    no_such_part,
    put_in_order,
    record_change,
)
from services.menu.seen import with_others_group


async def create_group(
    session: AsyncSession, *, actor: Actor, draft: GroupDraft, now: datetime
) -> MenuChange:
    """Add a question with its answers; dishes ask it once they name it.

    Raises:
        NoSuchMenuPart: an answer names an id.
        InvalidInputError: a field cannot be.
    """
    checked = checked_group(draft)
    await lock_menu(session, actor=actor)
    row = ModifierGroup(
        restaurant_id=actor.restaurant_id,
        name=checked.name,
        position=await next_position(session, ModifierGroup, actor=actor, among=sa.true()),
        created_at=now,
    )
    _fill(row, checked)
    session.add(row)
    await session.flush()
    await _save_modifiers(session, row, checked.modifiers, now)
    return await _recorded(session, actor, "modifier_group_created", row, "Added", now)


async def update_group(
    session: AsyncSession,
    *,
    actor: Actor,
    group_id: UUID,
    draft: GroupDraft,
    now: datetime,
    seen: GroupDraft | None = None,
) -> MenuChange:
    """Change a question and its answers; answers that the draft does not name are archived.

    Args:
        session: open transaction; flushed.
        actor: who does it.
        group_id: which question.
        draft: the whole form.
        now: aware UTC.
        seen: as the form was opened, to keep what others have saved meanwhile; None overwrites it.

    Raises:
        NoSuchMenuPart: the group or an answer is not on this menu.
        InvalidInputError: a field cannot be, or a dish could cost less than nothing.
        ChangedMeanwhileError: somebody else has changed the same.
    """
    checked_group(draft)
    await lock_menu(session, actor=actor)
    draft = await with_others_group(session, draft, seen, actor=actor, part_id=group_id)
    checked = checked_group(draft)
    row = await get_own(session, ModifierGroup, actor=actor, part_id=group_id)
    _fill(row, checked)
    await _save_modifiers(session, row, checked.modifiers, now)
    return await _recorded(session, actor, "modifier_group_updated", row, "Changed", now)


async def archive_group(
    session: AsyncSession, *, actor: Actor, group_id: UUID, now: datetime
) -> MenuChange:
    """Let no dish ask this question any more; restoring brings it back everywhere.

    Raises:
        NoSuchMenuPart: it is not on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, ModifierGroup, actor=actor, part_id=group_id)
    row.is_active = False
    return await _recorded(session, actor, "modifier_group_archived", row, "Took off", now)


async def restore_group(
    session: AsyncSession, *, actor: Actor, group_id: UUID, now: datetime
) -> MenuChange:
    """Put an archived question back.

    Raises:
        NoSuchMenuPart: it was never on this menu.
        InvalidInputError: a dish that has become cheaper would cost less than nothing.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, ModifierGroup, actor=actor, part_id=group_id)
    row.is_active = True
    await session.flush()
    await _refuse_below_zero(session, row)
    return await _recorded(session, actor, "modifier_group_restored", row, "Put back", now)


async def reorder_groups(
    session: AsyncSession, *, actor: Actor, group_ids: Sequence[UUID], now: datetime
) -> MenuChange:
    """Put all groups of the staff's list in a new order; dishes ask in an order of their own.

    Raises:
        NoSuchMenuPart: one is not on this menu.
        ConflictError: one is missing or there twice.
    """
    await lock_menu(session, actor=actor)
    await put_in_order(session, ModifierGroup, actor=actor, ids=group_ids, among=sa.true())
    return await record_change(
        session,
        actor=actor,
        action="modifier_groups_reordered",
        subject_type="restaurant",
        subject_id=actor.restaurant_id,
        summary="Put the modifier groups in order",
        now=now,
    )


def _fill(row: ModifierGroup, checked: GroupDraft) -> None:
    row.name = checked.name
    row.min_choices = checked.min_choices
    row.max_choices = checked.max_choices
    row.translations = dict(checked.translations)


async def _save_modifiers(
    session: AsyncSession, group: ModifierGroup, drafts: Sequence[ModifierDraft], now: datetime
) -> None:
    found = await session.scalars(
        sa.select(Modifier).where(
            col(Modifier.restaurant_id) == group.restaurant_id, col(Modifier.group_id) == group.id
        )
    )
    existing = {row.id: row for row in found}
    named = [draft.id for draft in drafts if draft.id is not None]
    if set(named) - set(existing) or len(named) != len(set(named)):
        raise no_such_part()
    for row_id, row in existing.items():
        row.is_active = row_id in named
    for position, draft in enumerate(drafts):
        row = existing[draft.id] if draft.id is not None else None
        if row is None:
            row = Modifier(
                id=new_id(),
                restaurant_id=group.restaurant_id,
                group_id=group.id,
                name=draft.name,
                position=position,
                created_at=now,
            )
            session.add(row)
        row.name = draft.name
        row.translations = dict(draft.translations)
        row.price_delta_minor = draft.price_delta_minor
        row.allergens = [str(allergen) for allergen in draft.allergens]
        row.is_sold_out = draft.is_sold_out
        row.position = position
    await session.flush()
    await _refuse_below_zero(session, group)


async def _refuse_below_zero(session: AsyncSession, group: ModifierGroup) -> None:
    asking = await session.scalars(
        sa.select(col(DishModifierGroup.dish_id)).where(
            col(DishModifierGroup.restaurant_id) == group.restaurant_id,
            col(DishModifierGroup.group_id) == group.id,
        )
    )
    await refuse_below_zero(
        session, restaurant_id=group.restaurant_id, dish_ids=asking, field="modifiers"
    )


async def _recorded(
    session: AsyncSession, actor: Actor, action: str, row: ModifierGroup, verb: str, now: datetime
) -> MenuChange:
    return await record_change(
        session,
        actor=actor,
        action=action,
        subject_type="modifier_group",
        subject_id=row.id,
        summary=f"{verb} modifier group “{row.name}”",
        now=now,
        data={"name": row.name},
    )
