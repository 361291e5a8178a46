"""Just this visit: what leads from an ended visit of nobody back to its guest goes by itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES
from models.ordering import Cart, CartLine, Order, OrderLine
from models.visits import Visit
from services.identity import running

FORGOTTEN_AT_ONCE = 200


async def forget_ended_visits(session: AsyncSession, *, now: datetime) -> int:
    """Leave nothing of ended visits of nobody that leads to the guest.

    "Just this visit. Forgotten when you leave." A job for all restaurants; a visit whose order is
    still in the kitchen waits for the next run.

    Returns:
        How many visits were forgotten, at most 200; call again while it is not 0.
    """
    await running.end_all_past_visits(session, now=now)
    has_open_order = (
        sa.select(sa.literal(1))
        .where(
            col(Order.visit_id) == col(Visit.id), col(Order.order_status).in_(OPEN_ORDER_STATUSES)
        )
        .exists()
    )
    rows = (
        await session.execute(
            sa.select(col(Visit.restaurant_id), col(Visit.id))
            .where(
                col(Visit.customer_id).is_(None),
                col(Visit.session_hash).is_not(None),
                # A table may be freed around guests who stay: their evening is not over yet.
                col(Visit.ended_at) <= now - running.ENDS_AFTER,
                sa.not_(has_open_order),
            )
            .limit(FORGOTTEN_AT_ONCE)
        )
    ).all()
    over: dict[UUID, list[UUID]] = {}
    for restaurant_id, visit_id in rows:
        over.setdefault(restaurant_id, []).append(visit_id)
    for restaurant_id, ids in over.items():
        await _update(
            session,
            sa.update(Visit)
            .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.id).in_(ids))
            .values(session_hash=None, referrer=None, allergens=[]),
        )
        await clear_notes(session, restaurant_id=restaurant_id, visit_ids=ids)
    return len(rows)


async def clear_notes(
    session: AsyncSession, *, restaurant_id: UUID, visit_ids: Sequence[UUID]
) -> None:
    """Empty what guests have written into carts and finished orders of these visits."""
    if not visit_ids:
        return
    done = sa.and_(
        col(Order.restaurant_id) == restaurant_id,
        col(Order.visit_id).in_(visit_ids),
        col(Order.order_status).not_in(OPEN_ORDER_STATUSES),
    )
    carts = sa.and_(col(Cart.restaurant_id) == restaurant_id, col(Cart.visit_id).in_(visit_ids))
    await _update(
        session,
        sa.update(OrderLine)
        .where(
            col(OrderLine.restaurant_id) == restaurant_id,
            col(OrderLine.order_id).in_(sa.select(col(Order.id)).where(done)),
        )
        .values(note=""),
    )
    await _update(session, sa.update(Order).where(done).values(note="", allergens=[]))
    await _update(
        session,
        sa.update(CartLine)
        .where(
            col(CartLine.restaurant_id) == restaurant_id,
            col(CartLine.cart_id).in_(sa.select(col(Cart.id)).where(carts)),
        )
        .values(note=""),
    )
    await _update(session, sa.update(Cart).where(carts).values(note=""))


async def _update(session: AsyncSession, statement: sa.Update) -> None:
    await session.execute(statement.execution_options(synchronize_session=False))
