"""Changes of dishes. Whoever calls has checked that the actor may edit the menu."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory
from services.accounts.types import Actor
from services.menu import dish_parts
from services.menu.drafts import DishDraft, MenuChange, checked_dish
from services.menu.editing import (
    get_own,
    lock_menu,
    next_position,
    no_such_part,
    put_in_order,
    record_change,
)
from services.menu.seen import with_others_dish
from services.pictures.pictures import is_own


async def create_dish(
    session: AsyncSession,
    *,
    actor: Actor,
    draft: DishDraft,
    now: datetime,
) -> MenuChange:
    """Add a dish at the end of its section.

    Raises:
        NoSuchMenuPart: the section or a group is not on this menu; a variant has an id.
        InvalidInputError: a field cannot be.
    """
    checked = checked_dish(draft)
    await lock_menu(session, actor=actor)
    section = await get_own(session, MenuCategory, actor=actor, part_id=checked.category_id)
    row = Dish(
        restaurant_id=actor.restaurant_id,
        category_id=section.id,
        name=checked.name,
        price_minor=checked.price_minor,
        position=await _end_of(session, actor, section.id),
        created_at=now,
    )
    _fill(row, checked)
    session.add(row)
    await session.flush()
    await dish_parts.save(session, dish=row, draft=checked, now=now)
    return await _recorded(session, actor, "dish_created", row, "Added", now)


async def update_dish(
    session: AsyncSession,
    *,
    actor: Actor,
    dish_id: UUID,
    draft: DishDraft,
    now: datetime,
    seen: DishDraft | None = None,
) -> MenuChange:
    """Change a dish; variants that the draft does not name are archived.

    A dish that moves goes to its new section's end. Picture and sold-out state stay.

    Args:
        session: open transaction; flushed.
        actor: who does it.
        dish_id: which dish.
        draft: the whole form.
        now: aware UTC.
        seen: as the form was opened, to keep what others have saved meanwhile; None overwrites it.

    Raises:
        NoSuchMenuPart: the dish, section, a variant or a group is not on this menu.
        InvalidInputError: a field cannot be.
        ChangedMeanwhileError: somebody else has changed the same.
    """
    checked_dish(draft)
    await lock_menu(session, actor=actor)
    draft = await with_others_dish(session, draft, seen, actor=actor, part_id=dish_id)
    checked = checked_dish(draft)
    row = await get_own(session, Dish, actor=actor, part_id=dish_id)
    section = await get_own(session, MenuCategory, actor=actor, part_id=checked.category_id)
    before = row.price_minor
    if section.id != row.category_id:
        row.position = await _end_of(session, actor, section.id)
        row.category_id = section.id
    _fill(row, checked)
    await dish_parts.save(session, dish=row, draft=checked, now=now)
    return await _recorded(
        session, actor, "dish_updated", row, "Changed", now, price_before_minor=before
    )


async def archive_dish(
    session: AsyncSession, *, actor: Actor, dish_id: UUID, now: datetime
) -> MenuChange:
    """Take a dish off the menu; old orders keep its name.

    Raises:
        NoSuchMenuPart: it is not on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, Dish, actor=actor, part_id=dish_id)
    row.is_active = False
    return await _recorded(session, actor, "dish_archived", row, "Took off", now)


async def restore_dish(
    session: AsyncSession, *, actor: Actor, dish_id: UUID, now: datetime
) -> MenuChange:
    """Put an archived dish back where it was.

    Raises:
        NoSuchMenuPart: it was never on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, Dish, actor=actor, part_id=dish_id)
    row.is_active = True
    return await _recorded(session, actor, "dish_restored", row, "Put back", now)


async def reorder_dishes(
    session: AsyncSession,
    *,
    actor: Actor,
    category_id: UUID,
    dish_ids: Sequence[UUID],
    now: datetime,
) -> MenuChange:
    """Put all dishes of one section in a new order.

    Raises:
        NoSuchMenuPart: the section is not on this menu, or a dish is not in it.
        ConflictError: a dish is missing or there twice.
    """
    await lock_menu(session, actor=actor)
    section = await get_own(session, MenuCategory, actor=actor, part_id=category_id)
    in_section = col(Dish.category_id) == section.id
    await put_in_order(session, Dish, actor=actor, ids=dish_ids, among=in_section)
    return await record_change(
        session,
        actor=actor,
        action="dishes_reordered",
        subject_type="menu_category",
        subject_id=section.id,
        summary=f"Put the dishes of “{section.name}” in order",
        now=now,
    )


async def set_picture(
    session: AsyncSession, *, actor: Actor, dish_id: UUID, picture_file: str | None, now: datetime
) -> MenuChange:
    """Show a stored picture with a dish, or none.

    Args:
        session: open transaction; flushed.
        actor: who does it.
        dish_id: which dish.
        picture_file: what `pictures.store_picture` returned for this restaurant.
        now: aware UTC.

    Raises:
        NoSuchMenuPart: the dish is not on this menu, or the picture is not this restaurant's.
    """
    await lock_menu(session, actor=actor)
    row = await get_own(session, Dish, actor=actor, part_id=dish_id)
    if picture_file is not None and not is_own(picture_file, actor.restaurant_id):
        raise no_such_part()
    row.picture_file = picture_file
    return await _recorded(session, actor, "dish_picture_set", row, "New picture for", now)


def _fill(row: Dish, checked: DishDraft) -> None:
    row.name = checked.name
    row.description = checked.description
    row.translations = dict(checked.translations)
    row.price_minor = checked.price_minor
    row.cost_minor = checked.cost_minor
    row.diets = [str(diet) for diet in checked.diets]
    row.spice = checked.spice
    row.prep_minutes = checked.prep_minutes
    row.hours = list(checked.hours)
    row.is_popular = checked.is_popular


async def _end_of(session: AsyncSession, actor: Actor, category_id: UUID) -> int:
    in_section: sa.ColumnElement[bool] = col(Dish.category_id) == category_id
    return await next_position(session, Dish, actor=actor, among=in_section)


async def _recorded(
    session: AsyncSession,
    actor: Actor,
    action: str,
    row: Dish,
    verb: str,
    now: datetime,
    **more: object,
) -> MenuChange:
    return await record_change(
        session,
        actor=actor,
        action=action,
        subject_type="dish",
        subject_id=row.id,
        summary=f"{verb} “{row.name}”",
        now=now,
        data={"name": row.name, "price_minor": row.price_minor, **more},
    )
