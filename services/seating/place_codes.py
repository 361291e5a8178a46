"""The codes of whole areas and of the whole restaurant, for the tables page."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.seating import TableCode


@dataclass(frozen=True, slots=True)
class CodeInUse:
    """A printed code that is current, and how often it was scanned."""

    code_id: UUID
    code: str
    scan_count: int


@dataclass(frozen=True, slots=True)
class PlaceCodes:
    """The current codes that no table has; of several the newest counts."""

    general: CodeInUse | None
    by_area: dict[UUID, CodeInUse]


async def load_place_codes(session: AsyncSession, *, restaurant_id: UUID) -> PlaceCodes:
    """The current code of the restaurant and of each area."""
    rows = await session.scalars(
        sa.select(TableCode)
        .where(
            col(TableCode.restaurant_id) == restaurant_id,
            col(TableCode.revoked_at).is_(None),
            col(TableCode.kind).in_((CodeKind.GENERAL, CodeKind.AREA)),
        )
        .order_by(col(TableCode.id))
    )
    general: CodeInUse | None = None
    by_area: dict[UUID, CodeInUse] = {}
    for row in rows:
        found = CodeInUse(row.id, row.code, row.scan_count)
        if row.area_id is None:
            general = found
        else:
            by_area[row.area_id] = found
    return PlaceCodes(general, by_area)
