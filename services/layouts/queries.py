"""Reads of layouts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.layouts import FloorLayout
from models.seating import Table
from services.layouts import problems
from services.layouts.errors import UnknownLayoutError
from services.layouts.types import Difference, Item, LayoutInfo, Problem
from services.reservations.queries import upcoming_at
from services.reservations.types import Reservation


async def list_layouts(session: AsyncSession, *, restaurant_id: UUID) -> list[LayoutInfo]:
    """All layouts in use: the room's own first, then by name."""
    rows = await session.scalars(
        sa.select(FloorLayout).where(
            col(FloorLayout.restaurant_id) == restaurant_id, col(FloorLayout.is_active).is_(True)
        )
    )
    found = [_info(row) for row in rows]
    return sorted(found, key=lambda one: (not one.is_live, one.name.casefold()))


async def load_decor(session: AsyncSession, *, restaurant_id: UUID) -> list[Item]:
    """Walls, plants, words and pictures of the room as published, the lowest layer first."""
    found = await session.scalar(
        sa.select(col(FloorLayout.decor)).where(
            col(FloorLayout.restaurant_id) == restaurant_id, col(FloorLayout.is_live).is_(True)
        )
    )
    return list(found or [])


async def last_published_at(session: AsyncSession, *, restaurant_id: UUID) -> datetime | None:
    """When the room was last drawn anew; None while nobody has published a layout."""
    return await session.scalar(
        sa.select(sa.func.max(col(FloorLayout.published_at))).where(
            col(FloorLayout.restaurant_id) == restaurant_id
        )
    )


async def get_items(
    session: AsyncSession, *, restaurant_id: UUID, layout_id: UUID
) -> tuple[str, list[Item]]:
    """A layout's name and its draft, for printing.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
    """
    row = await _get(session, restaurant_id, layout_id)
    return row.name, list(row.items)


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a layout at a revision would do, and what keeps it from being published."""

    revision: int
    difference: Difference
    problems: tuple[Problem, ...]
    # Who has booked a table that would be archived, soonest first.
    parties: tuple[Reservation, ...]


async def preview_publication(
    session: AsyncSession, *, restaurant_id: UUID, layout_id: UUID, now: datetime
) -> Preview:
    """What publishing would change, and whom it would move.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
    """
    row = await _get(session, restaurant_id, layout_id)
    base: dict[str, Any] = row.base
    decor = row.decor if row.is_live else await load_decor(session, restaurant_id=restaurant_id)
    difference = problems.differences(row.items, base, decor)
    tables = await session.scalars(
        sa.select(Table).where(
            col(Table.restaurant_id) == restaurant_id, col(Table.is_active).is_(True)
        )
    )
    coming = await upcoming_at(
        session,
        restaurant_id=restaurant_id,
        table_ids=problems.gone_tables(row.items, tables),
        now=now,
    )
    return Preview(row.revision, difference, problems.find_problems(row.items), tuple(coming))


async def _get(session: AsyncSession, restaurant_id: UUID, layout_id: UUID) -> FloorLayout:
    row = await session.scalar(
        sa.select(FloorLayout).where(
            col(FloorLayout.restaurant_id) == restaurant_id,
            col(FloorLayout.id) == layout_id,
            col(FloorLayout.is_active).is_(True),
        )
    )
    if row is None:
        raise UnknownLayoutError
    return row


def _info(row: FloorLayout) -> LayoutInfo:
    tables = [item for item in row.items if item["kind"] == "table"]
    return LayoutInfo(
        id=row.id,
        name=row.name,
        is_live=row.is_live,
        table_count=len(tables),
        seat_count=sum(int(table["seats"]) for table in tables),
        changed_at=row.changed_at,
        published_at=row.published_at,
    )
