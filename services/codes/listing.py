"""The list of all codes, with how often each was scanned."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.menu import MenuCategory
from models.seating import Area, CodeScan, Table, TableCode
from services.base.sorting import natural_key
from services.codes.types import ListedCode

RECENT = timedelta(days=30)
# A restaurant that replaces all of 300 codes now and then has thousands of old ones.
MAX_OLD = 200


async def list_codes(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime
) -> list[ListedCode]:
    """Every code in use: tables by area and as people count, areas, general, campaigns."""
    query = _query(restaurant_id, now).where(
        col(TableCode.revoked_at).is_(None),
        col(Table.is_active).is_not(False),
        col(Area.is_active).is_not(False),
    )
    rows = (await session.execute(query)).all()
    return [_listed(row) for row in sorted(rows, key=_place)]


async def list_old_codes(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime
) -> list[ListedCode]:
    """The codes that went out of use last, the latest first, at most `MAX_OLD`."""
    query = (
        _query(restaurant_id, now)
        .where(col(TableCode.revoked_at).is_not(None))
        .order_by(col(TableCode.revoked_at).desc(), col(TableCode.id).desc())
        .limit(MAX_OLD)
    )
    return [_listed(row) for row in (await session.execute(query)).all()]


async def count_missing(session: AsyncSession, *, restaurant_id: UUID) -> int:
    """How many tables in use have no code."""
    has_one = (
        sa.select(col(TableCode.id))
        .where(
            col(TableCode.table_id) == col(Table.id),
            col(TableCode.kind) == CodeKind.TABLE,
            col(TableCode.revoked_at).is_(None),
        )
        .exists()
    )
    found = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Table)
        .where(col(Table.restaurant_id) == restaurant_id, col(Table.is_active).is_(True), ~has_one)
    )
    return found or 0


async def list_sections(session: AsyncSession, *, restaurant_id: UUID) -> list[tuple[UUID, str]]:
    """The sections of the menu that a campaign may open, in the menu's order."""
    rows = await session.execute(
        sa.select(col(MenuCategory.id), col(MenuCategory.name))
        .where(col(MenuCategory.restaurant_id) == restaurant_id, col(MenuCategory.is_active))
        .order_by(col(MenuCategory.position), col(MenuCategory.id))
    )
    return [(row[0], row[1]) for row in rows]


def _query(restaurant_id: UUID, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    # One seek in (restaurant, code, moment) for each code, however many scans there were.
    scans_of = (
        col(CodeScan.restaurant_id) == restaurant_id,
        col(CodeScan.table_code_id) == col(TableCode.id),
    )
    recent = (
        sa.select(sa.func.count())
        .select_from(CodeScan)
        .where(*scans_of, col(CodeScan.scanned_at) >= now - RECENT)
        .scalar_subquery()
    )
    last = sa.select(sa.func.max(col(CodeScan.scanned_at))).where(*scans_of).scalar_subquery()
    return (
        sa.select(
            TableCode,
            col(Table.table_number),
            col(Area.id),
            col(Area.name),
            col(Area.position),
            col(MenuCategory.name),
            recent,
            last,
        )
        .outerjoin(Table, col(Table.id) == col(TableCode.table_id))
        .outerjoin(
            Area, col(Area.id) == sa.func.coalesce(col(Table.area_id), col(TableCode.area_id))
        )
        .outerjoin(MenuCategory, col(MenuCategory.id) == col(TableCode.category_id))
        .where(col(TableCode.restaurant_id) == restaurant_id)
    )


def _place(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of `_query`
    code = row[0]
    # In an area its own code stands before those of its tables.
    return (
        row[2] is None,
        row[4] or 0,
        row[3] or "",
        code.kind,
        natural_key(row[1] or code.label),
        code.id,
    )


def _listed(row: Any) -> ListedCode:  # noqa: ANN401
    code, number, area_id, area_name, _, category_name, recent, last = row
    return ListedCode(
        code_id=code.id,
        code=code.code,
        kind=CodeKind(code.kind),
        table_number=number or "",
        area_id=area_id,
        area_name=area_name or "",
        label=code.label,
        category_name=category_name or "",
        scan_count=code.scan_count,
        recent_count=recent,
        last_scan_at=last,
        ended_at=code.revoked_at,
        is_replaced=code.replaced_by_id is not None,
    )
