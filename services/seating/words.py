"""Where a guest sits, in words."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import TableStatus
from models.seating import Area, Table
from services.base.texts import N_, translate


async def find_seat_text(
    session: AsyncSession, *, restaurant_id: UUID, table_id: UUID | None, language: str
) -> str:
    """ "Table 12 · Terrace", or an empty string for a guest without a table."""
    if table_id is None:
        return ""
    row = (
        await session.execute(
            sa.select(col(Table.table_number), col(Area.name), col(Area.translations))
            .join(Area, col(Area.id) == col(Table.area_id))
            .where(col(Table.restaurant_id) == restaurant_id, col(Table.id) == table_id)
        )
    ).first()
    if row is None:
        return ""
    number, area_name, translations = row
    return _words(number, area_name, translations, language)


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table a guest may say they sit at."""

    id: str
    word: str


async def table_choices(
    session: AsyncSession, *, restaurant_id: UUID, language: str
) -> list[TableChoice]:
    """Every table a guest can be at, by area and number."""
    rows = await session.execute(
        sa.select(col(Table.id), col(Table.table_number), col(Area.name), col(Area.translations))
        .join(Area, col(Area.id) == col(Table.area_id))
        .where(
            col(Table.restaurant_id) == restaurant_id,
            col(Table.is_active).is_(True),
            col(Table.status) != TableStatus.OUT_OF_SERVICE,
        )
        .order_by(
            col(Area.position), sa.func.length(col(Table.table_number)), col(Table.table_number)
        )
    )
    return [
        TableChoice(str(table_id), _words(number, name, translations, language))
        for table_id, number, name, translations in rows
    ]


def _words(
    number: str, area_name: str, translations: dict[str, dict[str, str]], language: str
) -> str:
    area = translations.get(language, {}).get("name")
    return translate(language, N_("Table {number} · {area}"), number=number, area=area or area_name)
