"""Ids of 16 bytes on SQLite."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine


class _ShortUuid(sa.Uuid[UUID]):
    """An id as 16 bytes where SQLAlchemy writes 32 hex digits.

    An event names six rows and stands in four indexes. Tried: a simulated year is 29 % smaller.
    """

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ANN401, ARG002
        """What is sent to the driver."""
        return _to_bytes

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ANN401, ARG002
        """What came from the driver."""
        return _from_bytes

    def literal_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ANN401, ARG002
        """How it stands in SQL that is written out."""
        return _to_literal


def _to_bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _from_bytes(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _to_literal(value: UUID) -> str:
    return f"X'{value.hex}'"


def shorten_ids(engine: AsyncEngine) -> None:
    """Let an engine store ids as bytes; models and migrations go on saying `Uuid`."""
    dialect = engine.sync_engine.dialect
    dialect.colspecs = {**dialect.colspecs, sa.Uuid: _ShortUuid}
