"""Reads of the present evening for the board: what was just finished, and how fast the house is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.seating import Table

RECALL_LIMIT = 20
LONGEST_ORDER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FinishedOrder:
    """An order that was completed a moment ago."""

    order_id: UUID
    number: int
    table_number: str
    guest_alias: str
    completed_at: datetime


async def recently_completed(
    session: AsyncSession, *, restaurant_id: UUID, since: datetime
) -> list[FinishedOrder]:
    """Orders completed after a moment, the last one first; at most 20.

    Args:
        session: open transaction.
        restaurant_id: whose.
        since: aware UTC. An order that took longer than a day is not found: the search goes by
            the index of placed orders.
    """
    rows = await session.execute(
        sa.select(
            col(Order.id),
            col(Order.number),
            col(Table.table_number),
            col(Order.guest_alias),
            col(Order.completed_at),
        )
        .outerjoin(Table, col(Table.id) == col(Order.table_id))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.placed_at) >= since - LONGEST_ORDER,
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.completed_at) >= since,
        )
        .order_by(col(Order.completed_at).desc(), col(Order.id))
        .limit(RECALL_LIMIT)
    )
    return [
        FinishedOrder(order_id, number, table_number or "", alias, completed_at)
        for order_id, number, table_number, alias, completed_at in rows
        if completed_at is not None
    ]


async def average_service_seconds(
    session: AsyncSession, *, restaurant_id: UUID, business_day: date
) -> int | None:
    """Mean seconds from submit to served over one business day; None while nothing was served."""
    rows = (
        await session.execute(
            sa.select(col(Order.placed_at), col(Order.served_at)).where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.business_day) == business_day,
                col(Order.served_at).is_not(None),
            )
        )
    ).all()
    # Averaged here: the two databases disagree on how times are subtracted.
    seconds = [(served - placed).total_seconds() for placed, served in rows if served is not None]
    return round(sum(seconds) / len(seconds)) if seconds else None
