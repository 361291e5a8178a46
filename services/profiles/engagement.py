"""What guests did on the menu, counted once a visit when it has ended.

Nothing is added to the way of an event: a job counts, in short transactions.
"""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType
from models.events import CustomerEvent
from models.visits import Visit

# What happened to a guest, or before they did anything.
NO_INTERACTIONS = frozenset(
    {
        EventType.SCAN,
        EventType.MENU_VIEW,
        EventType.CART_ABANDONED,
        EventType.ORDER_COMPLETED,
    }
)
AT_ONCE = 200


async def count_ended(
    session: AsyncSession, *, ended_before: datetime, limit: int = AT_ONCE
) -> list[tuple[UUID, UUID]]:
    """Count the events of visits that have ended and were not counted yet.

    Args:
        session: open transaction; flushed, not committed.
        ended_before: aware UTC; what comes later may still be followed by an abandoned cart.
        limit: how many visits at most; call again while customers come back.

    Returns:
        Restaurant and customer of every visit that was counted.
    """
    visits = (
        await session.execute(
            sa.select(col(Visit.id), col(Visit.restaurant_id), col(Visit.customer_id))
            .where(
                col(Visit.interactions).is_(None),
                col(Visit.customer_id).is_not(None),
                col(Visit.ended_at) <= ended_before,
            )
            .order_by(col(Visit.ended_at))
            .limit(limit)
        )
    ).all()
    if not visits:
        return []
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = await session.execute(
        sa.select(col(CustomerEvent.visit_id), col(CustomerEvent.event_type), sa.func.count())
        .where(col(CustomerEvent.visit_id).in_([visit.id for visit in visits]))
        .group_by(col(CustomerEvent.visit_id), col(CustomerEvent.event_type))
    )
    for visit_id, kind, count in rows:
        counts[visit_id][kind] = count
    connection = await session.connection()
    await connection.execute(
        sa.update(Visit)
        .where(col(Visit.id) == sa.bindparam("visit"))
        .values(
            interactions=sa.bindparam("done"),
            product_views=sa.bindparam("seen"),
            carts_abandoned=sa.bindparam("left"),
        ),
        [
            {
                "visit": visit.id,
                "done": sum(
                    count for kind, count in counts[visit.id].items() if kind not in NO_INTERACTIONS
                ),
                "seen": counts[visit.id][EventType.PRODUCT_VIEW],
                "left": counts[visit.id][EventType.CART_ABANDONED],
            }
            for visit in visits
        ],
    )
    return [(visit.restaurant_id, visit.customer_id) for visit in visits]
