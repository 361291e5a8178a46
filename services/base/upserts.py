"""`INSERT ... ON CONFLICT`: both databases know it, SQLAlchemy spells it per dialect."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel


def insert(session: AsyncSession, table: type[SQLModel]) -> Any:  # noqa: ANN401 - one of two Insert types
    """An insert that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class BuiltOnce:
    """A statement that is sent often, in the words of each database, built when first asked for.

    Building costs SQLAlchemy as much as sending: values come as parameters of `execute`.
    """

    def __init__(self, build: Callable[[Any], sa.Executable]) -> None:
        """`build` gets the dialect's `insert`."""
        self._build = build
        self._built: dict[str, sa.Executable] = {}

    def on(self, session: AsyncSession) -> Any:  # noqa: ANN401 - a statement of either kind
        """The statement for the database of this session."""
        name = session.get_bind().dialect.name
        built = self._built.get(name)
        if built is None:
            dialect = sqlite if name == "sqlite" else postgresql
            built = self._built[name] = self._build(dialect.insert)
        return built
