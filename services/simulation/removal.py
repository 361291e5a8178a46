"""Takes a demo restaurant away with everything that belongs to it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.accounts import Membership, User
from models.restaurants import Restaurant
from services.base.database import database, transaction
from services.simulation.writer import BulkWriter


async def remove_restaurant(writer: BulkWriter, *, restaurant_id: UUID) -> None:
    """Delete every row of one restaurant, and accounts of its team that work nowhere else.

    Table by table, each committed, without looking who points at the rows: that would search the
    whole history of a chain for every guest. Broken off, the rest goes with the next call.
    """
    async with transaction() as session:
        team = set(
            await session.scalars(
                sa.select(col(Membership.user_id)).where(
                    col(Membership.restaurant_id) == restaurant_id
                )
            )
        )
    dialect = database().engine.dialect
    await writer.run(
        [
            str(
                sa.delete(table)
                .where(table.c.restaurant_id == restaurant_id)
                .compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            )
            for table in reversed(SQLModel.metadata.sorted_tables)
            if "restaurant_id" in table.c and table.name != Membership.__tablename__
        ]
    )
    await writer.sync()
    async with transaction() as session:
        await _remove_team(session, restaurant_id, team)
        await session.execute(sa.delete(Restaurant).where(col(Restaurant.id) == restaurant_id))


async def _remove_team(session: AsyncSession, restaurant_id: UUID, team: set[UUID]) -> None:
    await session.execute(
        sa.delete(Membership).where(col(Membership.restaurant_id) == restaurant_id)
    )
    elsewhere = set(
        await session.scalars(
            sa.select(col(Membership.user_id)).where(col(Membership.user_id).in_(team))
        )
    )
    await session.execute(sa.delete(User).where(col(User.id).in_(team - elsewhere)))
