"""`INSERT ... ON CONFLICT`: both databases know it, SQLAlchemy spells it per dialect."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel


def insert(session: AsyncSession, table: type[SQLModel]) -> Any:  # noqa: ANN401 - one of two Insert types
    """An insert that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
