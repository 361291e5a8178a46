"""What every change of the menu shares: the lock, the new version, the log, the order of things.

The changes themselves are in `categories`, `dishes`, `groups` and `availability`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory, ModifierGroup
from models.restaurants import Restaurant
from services import journal
from services.accounts.types import Actor
from services.base.errors import ConflictError
from services.base.texts import N_
from services.menu.drafts import MenuChange
from services.menu.errors import NoSuchMenuPart
from services.restaurants.menu_version import next_version

Part = TypeVar("Part", MenuCategory, Dish, ModifierGroup)


async def lock_menu(session: AsyncSession, *, actor: Actor) -> None:
    """Let one change of this menu wait for the other, so that each sees what the other left.

    SQLite has one writer anyway. Orders, which only point at the restaurant, do not wait.
    """
    await session.execute(
        sa.select(col(Restaurant.id))
        .where(col(Restaurant.id) == actor.restaurant_id)
        .with_for_update(key_share=True)
    )


async def get_own(session: AsyncSession, table: type[Part], *, actor: Actor, part_id: UUID) -> Part:
    """A row of this menu, as the database holds it now.

    Raises:
        NoSuchMenuPart: there is none, or it is another restaurant's.
    """
    row = await session.scalar(
        sa.select(table)
        .where(col(table.restaurant_id) == actor.restaurant_id, col(table.id) == part_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise no_such_part()
    return row


def no_such_part() -> NoSuchMenuPart:
    """The refusal of an id that is not on this menu."""
    msg = N_("This is not on the menu any more.")
    return NoSuchMenuPart(msg)


async def next_position(
    session: AsyncSession, table: type[Part], *, actor: Actor, among: sa.ColumnElement[bool]
) -> int:
    """The place after the last."""
    last = await session.scalar(
        sa.select(sa.func.max(table.position)).where(
            col(table.restaurant_id) == actor.restaurant_id, among
        )
    )
    return 0 if last is None else last + 1


async def put_in_order(
    session: AsyncSession,
    table: type[Part],
    *,
    actor: Actor,
    ids: Sequence[UUID],
    among: sa.ColumnElement[bool],
) -> None:
    """Number rows in a new order.

    Args:
        session: open transaction; flushed.
        table: of what.
        actor: who does it.
        ids: everything active, in its new order.
        among: what is put in order, as a condition on the table.

    Raises:
        NoSuchMenuPart: an id is not one of them.
        ConflictError: one is missing or named twice: the menu has changed since it was drawn.
    """
    rows = {
        row.id: row
        for row in await session.scalars(
            sa.select(table).where(
                col(table.restaurant_id) == actor.restaurant_id,
                col(table.is_active).is_(True),
                among,
            )
        )
    }
    if set(ids) - set(rows):
        raise no_such_part()
    if len(ids) != len(rows) or len(set(ids)) != len(rows):
        msg = N_("The menu has changed meanwhile. Please look again.")
        raise ConflictError(msg)
    for position, row_id in enumerate(ids):
        rows[row_id].position = position
    await session.flush()


async def record_change(
    session: AsyncSession,
    *,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: UUID,
    summary: str,
    now: datetime,
    data: dict[str, object] | None = None,
) -> MenuChange:
    """Make the next version of the menu and note who made it, in the caller's transaction.

    Args:
        session: open transaction; flushed.
        actor: who did it, and for which restaurant.
        action: as in the audit log: "dish_updated".
        subject_type: table of the subject, singular.
        subject_id: row id of the subject.
        summary: one line for the list of versions.
        now: aware UTC.
        data: for the audit log, before and after.
    """
    version = await next_version(
        session,
        restaurant_id=actor.restaurant_id,
        user_id=actor.user_id,
        summary=summary,
        now=now,
    )
    journal.record(
        session,
        restaurant_id=actor.restaurant_id,
        by=actor,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        now=now,
        data={"version": version, **(data or {})},
    )
    await session.flush()
    return MenuChange(actor.restaurant_id, version, subject_id)
