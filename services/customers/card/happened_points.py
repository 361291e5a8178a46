"""Points on the timeline: what an order earned or a reward took is one row, not one a lot."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.loyalty import LoyaltyPoint
from services.customers.card.paging import Place, of_guest
from services.customers.card.timeline_types import PointsHappened


async def points(
    session: AsyncSession, customer: Customer, *, after: Place | None, limit: int
) -> list[PointsHappened]:
    """What happened to a guest's points after a place, with one more than a page holds."""
    each = _each(customer)
    asked = sa.select(each).where(each.c.number == 1, each.c.points != 0)
    if after is not None:
        row_id = each.c.id
        asked = asked.where(
            sa.tuple_(each.c.at, row_id)
            < sa.tuple_(sa.literal(after.at, each.c.at.type), sa.literal(after.id, row_id.type))
        )
    rows = await session.execute(
        asked.order_by(each.c.at.desc(), each.c.id.desc()).limit(limit + 1)
    )
    return [
        PointsHappened(row.id, row.at, row.kind, row.reason, int(row.points), row.note)
        for row in rows
    ]


def count(customer: Customer) -> sa.Select[int]:
    """How many there are in all."""
    each = _each(customer)
    return (
        sa.select(sa.func.count()).select_from(each).where(each.c.number == 1, each.c.points != 0)
    )


def _each(customer: Customer) -> sa.Subquery:
    """Every row of the ledger with the sum of its like; the first of them stands for all."""
    row: Any = LoyaltyPoint
    alike: Any = [row.group_id, row.transaction_type]
    total: Any = sa.func.sum(row.points).over(partition_by=alike)
    number: Any = sa.func.row_number().over(partition_by=alike, order_by=row.id)
    columns: Any = (
        row.id,
        row.created_at.label("at"),
        row.transaction_type.label("kind"),
        row.reason,
        row.note,
        total.label("points"),
        number.label("number"),
    )
    return sa.select(*columns).where(*of_guest(LoyaltyPoint, customer)).subquery("each")
