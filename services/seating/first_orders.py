"""Whether a sitting has ordered: counted again when its orders are called off or move away."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import REFUSED_ORDER_STATUSES
from models.ordering import Order
from models.seating import Sitting


async def recount_first_order(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID
) -> None:
    """Note when the first order was placed that still belongs to a sitting and was not called off.

    A sitting without one may release itself when it is idle.
    """
    first = (
        sa.select(sa.func.min(col(Order.placed_at)))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id) == sitting_id,
            col(Order.order_status).not_in(REFUSED_ORDER_STATUSES),
        )
        .scalar_subquery()
    )
    await session.execute(
        sa.update(Sitting)
        .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == sitting_id)
        .values(first_order_at=first)
        .execution_options(synchronize_session=False)
    )
