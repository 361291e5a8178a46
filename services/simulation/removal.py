"""Takes a demo restaurant away with everything that belongs to it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.accounts import Membership, User
from models.restaurants import Restaurant


async def remove_restaurant(session: AsyncSession, *, restaurant_id: UUID) -> None:
    """Delete every row of one restaurant, and accounts of its team that work nowhere else."""
    team = set(
        await session.scalars(
            sa.select(col(Membership.user_id)).where(col(Membership.restaurant_id) == restaurant_id)
        )
    )
    for table in reversed(SQLModel.metadata.sorted_tables):
        if "restaurant_id" in table.c:
            await session.execute(sa.delete(table).where(table.c.restaurant_id == restaurant_id))
    elsewhere = set(
        await session.scalars(
            sa.select(col(Membership.user_id)).where(col(Membership.user_id).in_(team))
        )
    )
    await session.execute(sa.delete(User).where(col(User.id).in_(team - elsewhere)))
    await session.execute(sa.delete(Restaurant).where(col(Restaurant.id) == restaurant_id))
