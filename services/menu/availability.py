"""Sold out, and back again: the change that the kitchen makes in the middle of an evening."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, Modifier
from services.accounts.types import Actor
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.menu.drafts import MenuChange
from services.menu.editing import get_own, lock_menu, no_such_part, record_change


async def set_sold_out(
    session: AsyncSession,
    *,
    actor: Actor,
    dish_id: UUID,
    is_sold_out: bool,
    until_at: datetime | None,
    now: datetime,
) -> MenuChange:
    """Say that a dish is sold out, or that it is there again.

    Args:
        session: open transaction; flushed.
        actor: who says so; may switch sold out.
        dish_id: which dish.
        is_sold_out: whether it is.
        until_at: aware UTC, when it returns by itself; None means when somebody says so.
        now: aware UTC.

    Raises:
        NoSuchMenuPart: the dish is not on this menu.
        InvalidInputError: it would return in the past.
    """
    if is_sold_out and until_at is not None and until_at <= now:
        msg = N_("The time of return is already over.")
        raise InvalidInputError(msg, field="until_at")
    await lock_menu(session, actor=actor)
    row = await get_own(session, Dish, actor=actor, part_id=dish_id)
    row.is_sold_out = is_sold_out
    row.sold_out_until_at = until_at if is_sold_out else None
    return await record_change(
        session,
        actor=actor,
        action="dish_sold_out" if is_sold_out else "dish_back",
        subject_type="dish",
        subject_id=row.id,
        summary=f"“{row.name}” is sold out" if is_sold_out else f"“{row.name}” is back",
        now=now,
        data={"until_at": until_at.isoformat()} if is_sold_out and until_at else {},
    )


async def set_modifier_sold_out(
    session: AsyncSession, *, actor: Actor, modifier_id: UUID, is_sold_out: bool, now: datetime
) -> MenuChange:
    """Say that an answer cannot be chosen today, or can again.

    Raises:
        NoSuchMenuPart: the modifier is not on this menu.
    """
    await lock_menu(session, actor=actor)
    row = await session.scalar(
        sa.select(Modifier).where(
            col(Modifier.restaurant_id) == actor.restaurant_id, col(Modifier.id) == modifier_id
        )
    )
    if row is None:
        raise no_such_part()
    row.is_sold_out = is_sold_out
    return await record_change(
        session,
        actor=actor,
        action="modifier_sold_out" if is_sold_out else "modifier_back",
        subject_type="modifier",
        subject_id=row.id,
        summary=f"“{row.name}” is sold out" if is_sold_out else f"“{row.name}” is back",
        now=now,
    )
