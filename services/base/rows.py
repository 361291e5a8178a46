"""Plain rows instead of entities, for what is read far more often than changed."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

Row = sa.Row[Any]


def all_of(table: type[SQLModel], *more: Any) -> sa.Select[Any]:  # noqa: ANN401 - any columns
    """Every column of a table, and more, as plain rows instead of entities."""
    return sa.select(sa.inspect(table).local_table, *more)


async def rows_of(session: AsyncSession, statement: sa.Select[Any]) -> Sequence[Row]:
    """The rows of a statement; an entity of each costs several times as much.

    What was added to the session must have been flushed before.
    """
    return (await session.execute(statement)).all()
