"""Changes of the menu's sections. Whoever calls has checked that the actor may edit the menu."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.menu import MenuCategory
from services.accounts.types import Actor
from services.menu.drafts import CategoryDraft, MenuChange, checked_category
from services.menu.editing import (
    get_own,
    lock_menu,
    next_position,
    put_in_order,
    record_change,
)
from services.menu.seen import with_others_category


async def create_category(
    session: AsyncSession, *, actor: Actor, draft: CategoryDraft, now: datetime
) -> MenuChange:
    """Add a section at the end of the menu.

    Raises:
        InvalidInputError: a field cannot be.
    """
    checked = checked_category(draft)
    await lock_menu(session, actor=actor)
    row = MenuCategory(
        restaurant_id=actor.restaurant_id,
        name=checked.name,
        position=await next_position(session, MenuCategory, actor=actor, among=sa.true()),
        created_at=now,
    )
    _fill(row, checked)
    session.add(row)
    await session.flush()
    return await _recorded(session, actor, "category_created", row, "Added", now)


async def update_category(
    session: AsyncSession,
    *,
    actor: Actor,
    category_id: UUID,
    draft: CategoryDraft,
    now: datetime,
    seen: CategoryDraft | None = None,
) -> MenuChange:
    """Change a section.

    Args:
        session: open transaction; flushed.
        actor: who does it.
        category_id: which section.
        draft: the whole form.
        now: aware UTC.
        seen: as the form was opened, to keep what others have saved meanwhile; None overwrites it.

    Raises:
        NoSuchMenuPart: it is not on this menu.
        InvalidInputError: a field cannot be.
        ChangedMeanwhileError: somebody else has changed the same.
    """
    checked_category(draft)
    await lock_menu(session, actor=actor)
    draft = await with_others_category(session, draft, seen, actor=actor, part_id=category_id)
    checked = checked_category(draft)
    row = await get_own(session, MenuCategory, actor=actor, part_id=category_id)
    _fill(row, checked)
    return await _recorded(session, actor, "category_updated", row, "Changed", now)


async def archive_category(
    session: AsyncSession, *, actor: Actor, category_id: UUID, now: datetime
) -> MenuChange:
    """Take a section off the menu with all its dishes, which come back with it.

    Raises:
        NoSuchMenuPart: it is not on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, MenuCategory, actor=actor, part_id=category_id)
    row.is_active = False
    return await _recorded(session, actor, "category_archived", row, "Took off", now)


async def restore_category(
    session: AsyncSession, *, actor: Actor, category_id: UUID, now: datetime
) -> MenuChange:
    """Put an archived section back.

    Raises:
        NoSuchMenuPart: it was never on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, MenuCategory, actor=actor, part_id=category_id)
    row.is_active = True
    return await _recorded(session, actor, "category_restored", row, "Put back", now)


async def reorder_categories(
    session: AsyncSession, *, actor: Actor, category_ids: Sequence[UUID], now: datetime
) -> MenuChange:
    """Put all sections of the menu in a new order.

    Raises:
        NoSuchMenuPart: one is not on this menu.
        ConflictError: one is missing or there twice.
    """
    await lock_menu(session, actor=actor)
    await put_in_order(session, MenuCategory, actor=actor, ids=category_ids, among=sa.true())
    return await record_change(
        session,
        actor=actor,
        action="categories_reordered",
        subject_type="restaurant",
        subject_id=actor.restaurant_id,
        summary="Put the sections in order",
        now=now,
    )


def _fill(row: MenuCategory, checked: CategoryDraft) -> None:
    row.name = checked.name
    row.note = checked.note
    row.translations = dict(checked.translations)
    row.hours = list(checked.hours)


async def _recorded(
    session: AsyncSession, actor: Actor, action: str, row: MenuCategory, verb: str, now: datetime
) -> MenuChange:
    return await record_change(
        session,
        actor=actor,
        action=action,
        subject_type="menu_category",
        subject_id=row.id,
        summary=f"{verb} section “{row.name}”",
        now=now,
        data={"name": row.name},
    )
