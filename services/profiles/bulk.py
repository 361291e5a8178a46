"""Many preferences at once, as drivers take them: SQLAlchemy's own way costs five times that."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.profiles.types import PreferenceRow

_COLUMNS = ", ".join(PreferenceRow._fields)


async def insert_preferences(session: AsyncSession, rows: Sequence[PreferenceRow]) -> None:
    """Insert rows that are not there yet; flushed, not committed."""
    if not rows:
        return
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(PreferenceRow._fields))
        await connection.exec_driver_sql(
            f"INSERT INTO customer_preferences ({_COLUMNS}) VALUES ({marks})",  # noqa: S608 - our own names
            [_for_sqlite(row) for row in rows],
        )
        return
    # The driver's own connection has no types here.
    raw: Any = (await connection.get_raw_connection()).driver_connection
    async with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY customer_preferences ({_COLUMNS}) FROM STDIN") as copy,
    ):
        for row in rows:
            await copy.write_row(row)


def _for_sqlite(row: PreferenceRow) -> tuple[Any, ...]:
    """Ids as bytes, moments as the text that SQLAlchemy writes."""
    first, last = (
        moment.replace(tzinfo=None).isoformat(" ", "microseconds")
        for moment in (row.first_observed_at, row.last_observed_at)
    )
    return (row.customer_id.bytes, *row[1:3], row.restaurant_id.bytes, *row[4:7], first, last)
