"""Where a guest sits, in words."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

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
            sa.select(Table.table_number, Area.name, Area.translations)
            .join(Area, col(Area.id) == Table.area_id)
            .where(col(Table.restaurant_id) == restaurant_id, col(Table.id) == table_id)
        )
    ).first()
    if row is None:
        return ""
    number, area_name, translations = row
    area = (translations or {}).get(language, {}).get("name") or area_name
    return translate(language, N_("Table {number} · {area}"), number=number, area=area)
