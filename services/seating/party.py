"""One party at several tables: its sittings stay their own, one leads, the others name it.

Whatever was ordered at a table stays there, so that taking tables apart again is exact.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.seating import Sitting, Table
from services.seating.errors import SittingOverError


def sitting_ids(restaurant_id: UUID, sitting_id: UUID) -> sa.Select[Any]:
    """Ids of a party's open sittings, as a subquery; one that stands alone is its own party."""
    lead = (
        sa.select(sa.func.coalesce(col(Sitting.joined_to_id), col(Sitting.id)))
        .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == sitting_id)
        .scalar_subquery()
    )
    return sa.select(col(Sitting.id)).where(
        col(Sitting.restaurant_id) == restaurant_id,
        sa.or_(col(Sitting.id) == lead, col(Sitting.joined_to_id) == lead),
        col(Sitting.released_at).is_(None),
    )


async def members(session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID) -> list[Sitting]:
    """The open sittings of a party, the one that leads first."""
    rows = await session.scalars(
        sa.select(Sitting)
        .where(col(Sitting.id).in_(sitting_ids(restaurant_id, sitting_id)))
        .order_by(col(Sitting.joined_to_id).is_not(None), col(Sitting.opened_at), col(Sitting.id))
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def lock_members(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID
) -> list[Sitting]:
    """The same with their tables, all held until the transaction ends.

    Tables before sittings and in the order of their ids, as everywhere: no deadlocks.

    Raises:
        SittingOverError: the sitting was released, or is not this restaurant's.
    """
    party = sitting_ids(restaurant_id, sitting_id)
    await session.execute(
        sa.select(col(Table.id))
        .where(
            col(Table.id).in_(sa.select(col(Sitting.table_id)).where(col(Sitting.id).in_(party)))
        )
        .order_by(col(Table.id))
        .with_for_update(key_share=True)
    )
    await session.execute(
        sa.select(col(Sitting.id))
        .where(col(Sitting.id).in_(party))
        .order_by(col(Sitting.id))
        .with_for_update(key_share=True)
    )
    held = await members(session, restaurant_id=restaurant_id, sitting_id=sitting_id)
    if all(one.id != sitting_id for one in held):
        raise SittingOverError
    return held


def stands_alone() -> sa.ColumnElement[bool]:
    """A condition on `Sitting`: it belongs to no party of several tables."""
    other = aliased(Sitting)
    named = sa.select(sa.literal(1)).where(
        col(other.joined_to_id) == col(Sitting.id), col(other.released_at).is_(None)
    )
    return sa.and_(col(Sitting.joined_to_id).is_(None), sa.not_(named.exists()))
