"""Reads of the codes that are in use, to print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.seating import Area, Table, TableCode
from services.base import addresses
from services.base.errors import NotFoundError
from services.base.sorting import natural_key
from services.base.texts import N_
from services.codes.errors import RetiredCodeError
from services.codes.types import PrintedCode
from services.restaurants.types import RestaurantInfo

# More than a restaurant has; each is a drawing.
MAX_CHOSEN = 2000
_ORDER = (CodeKind.TABLE, CodeKind.AREA, CodeKind.GENERAL, CodeKind.CAMPAIGN)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes: those of all tables, of one area with its tables, or everything in use.

    `codes` are the codes themselves, as printed; when some are named, only they are meant.
    """

    which: Literal["tables", "everything"] | UUID = "tables"
    codes: tuple[str, ...] = ()


async def select_codes(
    session: AsyncSession, *, restaurant: RestaurantInfo, selection: Selection
) -> list[PrintedCode]:
    """The chosen codes: tables by area and then as people count, then areas, then the others.

    A table whose codes were all revoked is left out; of several current ones the newest counts.

    Raises:
        NotFoundError: a named code is not this restaurant's.
        RetiredCodeError: a named code is out of use.
    """
    if selection.codes:
        return await _named(session, restaurant, selection.codes[:MAX_CHOSEN])
    found = [row for row in await _rows(session, restaurant.id, _in_use()) if _stands(row)]
    if selection.which == "tables":
        found = [row for row in found if row[0].kind == CodeKind.TABLE]
    elif isinstance(selection.which, UUID):
        places = (CodeKind.TABLE, CodeKind.AREA)
        found = [row for row in found if row[3] == selection.which and row[0].kind in places]
    newest = {row[0].table_id or row[0].id: row for row in found}
    return _printed(restaurant, list(newest.values()))


async def get_code(
    session: AsyncSession, *, restaurant: RestaurantInfo, code_id: UUID
) -> PrintedCode:
    """One code in use, of whatever kind.

    Raises:
        NotFoundError: it was revoked, is another restaurant's, or never was.
    """
    rows = await _rows(session, restaurant.id, sa.and_(_in_use(), col(TableCode.id) == code_id))
    if not rows:
        raise _unknown()
    return _printed(restaurant, rows)[0]


async def _named(
    session: AsyncSession, restaurant: RestaurantInfo, codes: Sequence[str]
) -> list[PrintedCode]:
    wanted = {code.strip().upper() for code in codes}
    rows = await _rows(session, restaurant.id, col(TableCode.code).in_(wanted))
    if len(rows) < len(wanted):
        raise _unknown()
    for row in rows:
        if row[0].revoked_at is not None or not _stands(row):
            raise RetiredCodeError(code=row[0].code)
    return _printed(restaurant, rows)


def _in_use() -> sa.ColumnElement[bool]:
    return col(TableCode.revoked_at).is_(None)


def _stands(row: Any) -> bool:  # noqa: ANN401 - a row of `_rows`
    """Whether the place of a code is in use; the whole restaurant always is."""
    _, table_is_active, area_is_active = row[0], row[2], row[6]
    return table_is_active is not False and area_is_active is not False


async def _rows(
    session: AsyncSession, restaurant_id: UUID, which: sa.ColumnElement[bool]
) -> Sequence[Any]:
    """Code, table's number and use, area's id, name, position and use."""
    rows = await session.execute(
        sa.select(
            TableCode,
            col(Table.table_number),
            col(Table.is_active),
            col(Area.id),
            col(Area.name),
            col(Area.position),
            col(Area.is_active),
        )
        .outerjoin(Table, col(Table.id) == col(TableCode.table_id))
        # A table may have moved to another area since its code was made.
        .outerjoin(
            Area, col(Area.id) == sa.func.coalesce(col(Table.area_id), col(TableCode.area_id))
        )
        .where(col(TableCode.restaurant_id) == restaurant_id, which)
        .order_by(col(TableCode.id))
    )
    return rows.all()


def _printed(restaurant: RestaurantInfo, rows: Sequence[Any]) -> list[PrintedCode]:
    def place(row: Any) -> tuple[Any, ...]:  # noqa: ANN401
        code, number = row[0], row[1]
        return (
            _ORDER.index(CodeKind(code.kind)),
            row[5] or 0,
            row[4] or "",
            natural_key(number or code.label),
        )

    return [
        PrintedCode(
            code_id=row[0].id,
            address=addresses.absolute(_path(restaurant.slug, row[0])),
            table_number=row[1] or "",
            area_name=row[4] or "",
            kind=CodeKind(row[0].kind),
            code=row[0].code,
            label=row[0].label,
        )
        for row in sorted(rows, key=place)
    ]


def _path(slug: str, code: TableCode) -> str:
    if code.kind == CodeKind.TABLE:
        return addresses.menu_at_table(slug, code.code)
    if code.kind == CodeKind.AREA:
        return addresses.menu_in_area(slug, code.code)
    if code.kind == CodeKind.CAMPAIGN:
        return addresses.menu_by_campaign(slug, code.code, code.category_id)
    return addresses.menu_by_general_code(slug, code.code)


def _unknown() -> NotFoundError:
    msg = N_("There is no such code.")
    return NotFoundError(msg)
