"""Reads of the codes that are in use."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.seating import Area, Table, TableCode
from services.base import addresses
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.codes.rules import natural_key
from services.codes.types import PrintedCode
from services.restaurants.types import RestaurantInfo


async def list_table_codes(
    session: AsyncSession, *, restaurant: RestaurantInfo
) -> list[PrintedCode]:
    """The current code of every active table, by area and then as people count.

    A table whose codes were all revoked is left out; of several current ones the newest counts.
    """
    rows = await session.execute(
        sa.select(
            col(TableCode.id),
            col(TableCode.code),
            col(Table.id),
            col(Table.table_number),
            col(Area.name),
            col(Area.position),
        )
        .join(Table, col(Table.id) == col(TableCode.table_id))
        .join(Area, col(Area.id) == col(Table.area_id))
        .where(
            col(TableCode.restaurant_id) == restaurant.id,
            col(TableCode.kind) == CodeKind.TABLE,
            col(TableCode.revoked_at).is_(None),
            col(Table.restaurant_id) == restaurant.id,
            col(Table.is_active).is_(True),
        )
        .order_by(col(TableCode.id))
    )
    newest = {row[2]: row for row in rows.all()}
    ordered = sorted(newest.values(), key=lambda row: (row[5], row[4], natural_key(row[3])))
    return [
        PrintedCode(
            code_id=row[0],
            address=addresses.absolute(addresses.menu_at_table(restaurant.slug, row[1])),
            table_number=row[3],
            area_name=row[4],
        )
        for row in ordered
    ]


async def get_code(
    session: AsyncSession, *, restaurant: RestaurantInfo, code_id: UUID
) -> PrintedCode:
    """One code in use, of a table, an area or the whole restaurant.

    Raises:
        NotFoundError: it was revoked, is another restaurant's, or never was.
    """
    row = (
        await session.execute(
            sa.select(TableCode, col(Table.table_number), col(Area.name))
            .outerjoin(Table, col(Table.id) == col(TableCode.table_id))
            .outerjoin(Area, col(Area.id) == col(TableCode.area_id))
            .where(
                col(TableCode.restaurant_id) == restaurant.id,
                col(TableCode.id) == code_id,
                col(TableCode.revoked_at).is_(None),
            )
        )
    ).first()
    path = _path(restaurant.slug, row[0]) if row is not None else None
    if row is None or path is None:
        msg = N_("There is no such code.")
        raise NotFoundError(msg)
    code, table_number, area_name = row
    return PrintedCode(
        code_id=code.id,
        address=addresses.absolute(path),
        table_number=table_number or "",
        area_name=area_name or "",
    )


def _path(slug: str, code: TableCode) -> str | None:
    if code.kind == CodeKind.TABLE:
        return addresses.menu_at_table(slug, code.code)
    if code.kind == CodeKind.AREA:
        return addresses.menu_in_area(slug, code.code)
    return addresses.menu(slug) if code.kind == CodeKind.GENERAL else None
