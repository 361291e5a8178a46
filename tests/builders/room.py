"""Areas, tables, codes, sittings."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import CodeKind
from models.restaurants import Restaurant
from models.seating import Area, Sitting, Table, TableCode
from services.codes.codes import ALPHABET
from tests.builders.moments import NOW, next_number


async def make_area(session: AsyncSession, *, restaurant: Restaurant, **columns: Any) -> Area:
    """An indoor area called "Main room"."""
    defaults = {"name": "Main room", "position": 1, "created_at": NOW}
    row = Area(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_table(
    session: AsyncSession, *, restaurant: Restaurant, area: Area | None = None, **columns: Any
) -> Table:
    """A table for four with a number and a printed code of its own."""
    area = area or await make_area(session, restaurant=restaurant)
    defaults = {"table_number": str(next_number()), "capacity": 4, "created_at": NOW}
    row = Table(restaurant_id=restaurant.id, area_id=area.id, **defaults | columns)
    session.add(row)
    await session.flush()
    await make_table_code(session, restaurant=restaurant, table=row)
    return row


async def make_table_code(
    session: AsyncSession,
    *,
    restaurant: Restaurant,
    table: Table | None = None,
    area: Area | None = None,
    **columns: Any,
) -> TableCode:
    """A printed code of a table, of an area, or of the whole restaurant when neither is given."""
    kind = CodeKind.TABLE if table else CodeKind.AREA if area else CodeKind.GENERAL
    defaults = {
        "kind": kind,
        "code": _code(next_number()),
        "table_id": table.id if table else None,
        "area_id": table.area_id if table else area.id if area else None,
        "created_at": NOW,
    }
    row = TableCode(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_sitting(
    session: AsyncSession, *, restaurant: Restaurant, table: Table, **columns: Any
) -> Sitting:
    """An open sitting that began now with a scan."""
    defaults = {"opened_at": NOW, "opened_by": "scan", "last_activity_at": NOW, "created_at": NOW}
    row = Sitting(
        restaurant_id=restaurant.id,
        table_id=table.id,
        area_id=table.area_id,
        **defaults | columns,
    )
    session.add(row)
    await session.flush()
    return row


def _code(number: int) -> str:
    text = ""
    for _ in range(8):
        number, digit = divmod(number, len(ALPHABET))
        text = ALPHABET[digit] + text
    return text
