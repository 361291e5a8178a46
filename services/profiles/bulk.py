"""Many rows at once, as drivers take them: SQLAlchemy's own way costs five times that."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import NamedTable
from models.profiles import (
    CustomerItem,
    CustomerPattern,
    CustomerPreference,
    CustomerProfile,
)
from models.segments import SegmentMember

RawRow = tuple[Any, ...]
PROFILE_COLUMNS = tuple(sa.inspect(CustomerProfile).local_table.columns.keys())
PATTERN_COLUMNS = ("customer_id", "restaurant_id", "when_counts", "seasons")
PREFERENCE_COLUMNS = (
    "customer_id",
    "preference_type",
    "preference_value",
    "restaurant_id",
    "preference_strength",
    "is_stated",
    "observation_count",
    "first_observed_at",
    "last_observed_at",
)
ITEM_COLUMNS = (
    "customer_id",
    "item_id",
    "restaurant_id",
    "order_count",
    "first_day",
    "order_days",
)
MEMBER_COLUMNS = (
    "segment_id",
    "customer_id",
    "entered_at",
    "restaurant_id",
    "is_first_count",
    "source",
    "why",
)
_OWNERS = ("customer_id", "restaurant_id")
# Few rows: a copy needs more statements than it spares.
_FEW = 5


async def put_profiles(session: AsyncSession, rows: Sequence[RawRow]) -> None:
    """Insert profiles, or replace those there are; values as the driver holds them."""
    await _replace(session, CustomerProfile, PROFILE_COLUMNS, rows)


async def put_patterns(session: AsyncSession, rows: Sequence[RawRow]) -> None:
    """The same for patterns, in the order of `PATTERN_COLUMNS`."""
    await _replace(session, CustomerPattern, PATTERN_COLUMNS, rows)


async def insert_preferences(session: AsyncSession, rows: Sequence[RawRow]) -> None:
    """Insert rows that are not there yet, in the order of `PREFERENCE_COLUMNS`."""
    await _put(session, CustomerPreference, PREFERENCE_COLUMNS, rows)


async def insert_items(session: AsyncSession, rows: Sequence[RawRow]) -> None:
    """Insert rows that are not there yet, in the order of `ITEM_COLUMNS`."""
    await _put(session, CustomerItem, ITEM_COLUMNS, rows)


async def insert_members(session: AsyncSession, rows: Sequence[RawRow]) -> None:
    """Insert stays that begin, in the order of `MEMBER_COLUMNS`."""
    await _put(session, SegmentMember, MEMBER_COLUMNS, rows)


async def _replace(
    session: AsyncSession,
    table: type[NamedTable],
    columns: Sequence[str],
    rows: Sequence[RawRow],
) -> None:
    set_ = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in _OWNERS)
    then = f"ON CONFLICT (customer_id) DO UPDATE SET {set_}"
    await _put(session, table, columns, rows, then=then)


async def _put(
    session: AsyncSession,
    table: type[NamedTable],
    columns: Sequence[str],
    rows: Sequence[RawRow],
    *,
    then: str = "",
) -> None:
    if not rows:
        return
    connection = await session.connection()
    names = ", ".join(columns)
    into = f"INSERT INTO {table.__tablename__} ({names})"
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite or len(rows) <= _FEW:
        marks = ", ".join(("?" if is_sqlite else "%s",) * len(columns))
        await connection.exec_driver_sql(f"{into} VALUES ({marks}) {then}", list(rows))
        return
    # The driver's own connection has no types here.
    raw: Any = (await connection.get_raw_connection()).driver_connection
    async with raw.cursor() as cursor:
        if not then:
            await _copy(cursor, f"{table.__tablename__} ({names})", rows)
            return
        # A copy knows no conflicts: through a table that is empty again at the end.
        await cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS counted_{table.__tablename__}"
            f" (LIKE {table.__tablename__}) ON COMMIT DELETE ROWS"
        )
        await _copy(cursor, f"counted_{table.__tablename__} ({names})", rows)
        await cursor.execute(
            f"{into} SELECT {names} FROM counted_{table.__tablename__} {then}"  # noqa: S608 - our own names
        )


async def _copy(cursor: Any, into: str, rows: Sequence[RawRow]) -> None:  # noqa: ANN401
    async with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            await copy.write_row(row)
