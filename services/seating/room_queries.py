"""Reads of the room for the tables page."""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.seating import Area, Table, TableCode
from services.base.sorting import natural_key
from services.seating.room_types import RoomArea, RoomTable


async def load_room(session: AsyncSession, *, restaurant_id: UUID) -> list[RoomArea]:
    """All active areas in their order, each with its active tables and their current codes."""
    areas = await session.scalars(
        sa.select(Area)
        .where(col(Area.restaurant_id) == restaurant_id, col(Area.is_active).is_(True))
        .order_by(col(Area.position), col(Area.id))
    )
    tables = await session.scalars(
        sa.select(Table).where(
            col(Table.restaurant_id) == restaurant_id, col(Table.is_active).is_(True)
        )
    )
    codes = await session.scalars(
        sa.select(TableCode)
        .where(
            col(TableCode.restaurant_id) == restaurant_id,
            col(TableCode.table_id).is_not(None),
            col(TableCode.revoked_at).is_(None),
        )
        .order_by(col(TableCode.id))
    )
    newest = {code.table_id: code for code in codes}
    by_area: dict[UUID, list[RoomTable]] = defaultdict(list)
    for table in sorted(tables, key=lambda t: natural_key(t.table_number)):
        by_area[table.area_id].append(_room_table(table, newest.get(table.id)))
    return [
        RoomArea(
            area_id=area.id,
            name=area.name,
            description=area.description,
            area_type=area.area_type,
            service_type=area.service_type,
            tables=tuple(by_area[area.id]),
        )
        for area in areas
    ]


def _room_table(table: Table, code: TableCode | None) -> RoomTable:
    return RoomTable(
        table_id=table.id,
        area_id=table.area_id,
        number=table.table_number,
        name=table.table_name or "",
        seats=table.capacity,
        table_type=table.table_type,
        shape=table.shape,
        notes=table.notes,
        code_id=code.id if code else None,
        code=code.code if code else "",
        scan_count=code.scan_count if code else 0,
    )
