"""Whose table it is: a waiter has whole areas, and single tables besides or instead."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership
from models.seating import Area, Table
from services import journal
from services.accounts.types import Actor
from services.seating.errors import UnknownAreaError, UnknownTableError, UnknownWaiterError
from services.seating.types import WaiterChange


async def assign_table(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    table_id: UUID,
    waiter_id: UUID | None,
    by: Actor,
    now: datetime,
) -> WaiterChange:
    """Give a table to a waiter; None leaves it to the waiter of its area.

    Raises:
        UnknownTableError: the restaurant has no such table.
        UnknownWaiterError: nobody of this restaurant.
    """
    await _check_waiter(session, restaurant_id, waiter_id)
    changed = await session.scalar(
        sa.update(Table)
        .where(
            col(Table.restaurant_id) == restaurant_id,
            col(Table.id) == table_id,
            col(Table.is_active).is_(True),
        )
        .values(waiter_id=waiter_id)
        .returning(col(Table.id))
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise UnknownTableError
    return await _note(session, restaurant_id, "table", table_id, waiter_id, by, now)


async def assign_area(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    area_id: UUID,
    waiter_id: UUID | None,
    by: Actor,
    now: datetime,
) -> WaiterChange:
    """Give an area to a waiter, with all its tables but those that somebody else has.

    Raises:
        UnknownAreaError: the restaurant has no such area.
        UnknownWaiterError: nobody of this restaurant.
    """
    await _check_waiter(session, restaurant_id, waiter_id)
    changed = await session.scalar(
        sa.update(Area)
        .where(
            col(Area.restaurant_id) == restaurant_id,
            col(Area.id) == area_id,
            col(Area.is_active).is_(True),
        )
        .values(waiter_id=waiter_id)
        .returning(col(Area.id))
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise UnknownAreaError
    return await _note(session, restaurant_id, "area", area_id, waiter_id, by, now)


async def _check_waiter(session: AsyncSession, restaurant_id: UUID, waiter_id: UUID | None) -> None:
    if waiter_id is None:
        return
    is_ours = await session.scalar(
        sa.select(sa.literal(1)).where(
            col(Membership.restaurant_id) == restaurant_id, col(Membership.user_id) == waiter_id
        )
    )
    if not is_ours:
        raise UnknownWaiterError


async def _note(
    session: AsyncSession,
    restaurant_id: UUID,
    kind: str,
    subject_id: UUID,
    waiter_id: UUID | None,
    by: Actor,
    now: datetime,
) -> WaiterChange:
    journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action=f"{kind}_assigned",
        subject_type=kind,
        subject_id=subject_id,
        now=now,
        data={"waiter_id": str(waiter_id) if waiter_id else None},
    )
    await session.flush()
    return WaiterChange(restaurant_id, subject_id)
