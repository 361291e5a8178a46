"""Ids and days as a driver gives them, where a million rows are counted.

Making `UUID` and `date` objects of them takes longer than all the rest of such a read.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

# Bytes on SQLite, UUID on PostgreSQL: equal ids are equal within one database.
RowId = bytes | UUID


def raw(column: Any) -> Any:  # noqa: ANN401 - any column
    """The same column in a select.

    Ids are compared and counted only. Days are text on SQLite and dates on PostgreSQL: numpy makes
    days of both.
    """
    return sa.type_coerce(column, sa.types.NullType())


def as_uuid(value: RowId) -> UUID:
    """The id that people and other tables know."""
    return UUID(bytes=value) if isinstance(value, bytes) else value
