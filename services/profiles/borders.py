"""Borders between guests: the smallest value among the highest 1, 2, ... 100 percent."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile as Profile

# Fields of criteria that know ranks, and among whom: spenders, or guests who have ordered.
RANKED: dict[str, Any] = {
    "total_spent": col(Profile.total_spent_minor),
    "average_order": col(Profile.average_order_minor),
    "mean_item_price": col(Profile.mean_item_price_minor),
    "total_visits": col(Profile.total_visits),
}
PERCENTS = range(1, 101)


async def borders_of(
    session: AsyncSession, *, restaurant_id: UUID
) -> dict[str, dict[str, list[int]]]:
    """Borders of every ranked field, as they are stored with the restaurant's settings."""
    found: dict[str, dict[str, list[int]]] = {}
    for field, column in RANKED.items():
        rows = await session.execute(
            sa.select(column, sa.func.count())
            .where(col(Profile.restaurant_id) == restaurant_id, column > 0)
            .group_by(column)
            .order_by(column)
        )
        counts = [(value, count) for value, count in rows.all()]
        if counts:
            found[field] = {
                "top": percent_borders(counts[::-1]),
                "bottom": percent_borders(counts),
            }
    return found


def percent_borders(counts: list[tuple[int, int]]) -> list[int]:
    """The last value that still belongs to the first 1, 2, ... 100 percent.

    Who has equals is where the best of them is: a value belongs to the first p percent when fewer
    than p percent of all come before it: ties go up.

    Args:
        counts: values and how many have each, in the order of rank.
    """
    total = sum(count for _, count in counts)
    borders: list[int] = []
    before, place = 0, 0
    for percent in PERCENTS:
        # On to the last value before which fewer than so many percent stand.
        while place + 1 < len(counts) and (before + counts[place][1]) * 100 < percent * total:
            before += counts[place][1]
            place += 1
        borders.append(counts[place][0])
    return borders
