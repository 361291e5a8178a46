"""Printed codes: random, short, unguessable; replacing makes new ones, old ones stay findable."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.seating import Area, CodeScan, Table, TableCode
from services.base.upserts import insert
from services.codes.errors import UnknownPlaceError
from services.codes.types import FoundCode, MadeCode

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B, U/V: read from paper and typed by hand.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8
# Rows in one statement: databases count its values.
_AT_ONCE = 500


def new_code(rng: Random) -> str:
    """A random code: 23^8 of them, about 78 billion. Edges pass `random.SystemRandom()`."""
    return "".join(rng.choices(ALPHABET, k=LENGTH))


async def find_code(session: AsyncSession, *, restaurant_id: UUID, code: str) -> FoundCode | None:
    """What a code of this restaurant points at, or None; typed codes may be in lower case.

    The code of a table that was taken away counts as revoked.
    """
    row = (
        await session.execute(
            sa.select(
                TableCode,
                col(Table.table_number),
                col(Table.is_active),
                col(Area.id),
                col(Area.name),
            )
            .outerjoin(Table, col(Table.id) == col(TableCode.table_id))
            # A table may have moved to another area since its code was printed.
            .outerjoin(
                Area, col(Area.id) == sa.func.coalesce(col(Table.area_id), col(TableCode.area_id))
            )
            .where(
                col(TableCode.restaurant_id) == restaurant_id,
                col(TableCode.code) == code.strip().upper(),
            )
        )
    ).first()
    if row is None:
        return None
    found, table_number, table_is_active, area_id, area_name = row
    return FoundCode(
        code_id=found.id,
        code=found.code,
        kind=CodeKind(found.kind),
        table_id=found.table_id,
        area_id=area_id,
        table_number=table_number,
        area_name=area_name,
        is_retired=found.revoked_at is not None or table_is_active is False,
    )


async def count_scan(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    code_id: UUID,
    visit_id: UUID | None,
    now: datetime,
) -> None:
    """Note one scan by a live browser."""
    await session.execute(
        sa.update(TableCode)
        .where(col(TableCode.restaurant_id) == restaurant_id, col(TableCode.id) == code_id)
        .values(scan_count=col(TableCode.scan_count) + 1)
    )
    session.add(
        CodeScan(
            restaurant_id=restaurant_id,
            table_code_id=code_id,
            visit_id=visit_id,
            scanned_at=now,
            created_at=now,
        )
    )
    await session.flush()


async def make_code(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    now: datetime,
    rng: Random,
    table_id: UUID | None = None,
    area_id: UUID | None = None,
    label: str = "",
) -> MadeCode:
    """A new code for a table, for an area, or for the whole restaurant when neither is given.

    Raises:
        UnknownPlaceError: the table or area is not this restaurant's.
    """
    if table_id is not None:
        area_id = await session.scalar(
            sa.select(col(Table.area_id)).where(
                col(Table.restaurant_id) == restaurant_id, col(Table.id) == table_id
            )
        )
        kind = CodeKind.TABLE
    elif area_id is not None:
        area_id = await session.scalar(
            sa.select(col(Area.id)).where(
                col(Area.restaurant_id) == restaurant_id, col(Area.id) == area_id
            )
        )
        kind = CodeKind.AREA
    else:
        kind = CodeKind.GENERAL
    if kind is not CodeKind.GENERAL and area_id is None:
        raise UnknownPlaceError
    row = TableCode(
        restaurant_id=restaurant_id,
        kind=kind,
        code="",
        table_id=table_id,
        area_id=area_id,
        label=label,
        created_at=now,
    )
    await store_codes(session, [row], rng)
    return made_of(row)


async def store_codes(session: AsyncSession, rows: Sequence[TableCode], rng: Random) -> None:
    """Give every row a code that nobody has, and write them all at once."""
    waiting = list(rows)
    while waiting:
        for row in waiting[:_AT_ONCE]:
            row.code = new_code(rng)
        stored = await session.scalars(
            insert(session, TableCode)
            .values([row.model_dump() for row in waiting[:_AT_ONCE]])
            .on_conflict_do_nothing()
            .returning(col(TableCode.id))
        )
        # Two codes in 78 billion meet once in a blue moon: then the next one is tried.
        written = set(stored)
        waiting = [row for row in waiting if row.id not in written]


def made_of(row: TableCode, *, replaced: UUID | None = None) -> MadeCode:
    """What others see of a new code."""
    return MadeCode(
        code_id=row.id,
        code=row.code,
        kind=CodeKind(row.kind),
        table_id=row.table_id,
        area_id=row.area_id,
        replaced_code_id=replaced,
    )
