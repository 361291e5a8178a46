"""Areas and tables with the waiters they were given to."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User
from models.seating import Area, Table
from services.floor.types import Waiter


async def areas_with_waiters(
    session: AsyncSession, *, restaurant_id: UUID, area_id: UUID | None = None
) -> list[tuple[Area, Waiter | None]]:
    """Active areas in the order of their tabs, and whose they are.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        area_id: only this one.
    """
    wanted = [col(Area.restaurant_id) == restaurant_id, col(Area.is_active)]
    if area_id is not None:
        wanted.append(col(Area.id) == area_id)
    rows = await session.execute(
        _with_waiter(Area).where(*wanted).order_by(col(Area.position), col(Area.id))
    )
    return [(row[0], _waiter(row[1], row[2])) for row in rows]


async def tables_with_waiters(
    session: AsyncSession, *, restaurant_id: UUID, table_ids: Collection[UUID] | None = None
) -> list[tuple[Table, Waiter | None]]:
    """Active tables, and to whom they were given themselves.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        table_ids: only these.
    """
    wanted = [col(Table.restaurant_id) == restaurant_id, col(Table.is_active)]
    if table_ids is not None:
        wanted.append(col(Table.id).in_(table_ids))
    rows = await session.execute(_with_waiter(Table).where(*wanted))
    return [(row[0], _waiter(row[1], row[2])) for row in rows]


def _with_waiter(place: type[Area] | type[Table]) -> sa.Select[Any, UUID, str]:
    """Whoever has left the team has no tables any more."""
    works_here = sa.and_(
        col(Membership.user_id) == col(place.waiter_id),
        col(Membership.restaurant_id) == col(place.restaurant_id),
    )
    is_active = sa.and_(col(User.id) == col(Membership.user_id), col(User.is_active).is_(True))
    return (
        sa.select(place, col(User.id), col(User.name))
        .outerjoin(Membership, works_here)
        .outerjoin(User, is_active)
    )


def _waiter(user_id: UUID | None, name: str | None) -> Waiter | None:
    return Waiter(user_id, name or "") if user_id is not None else None
