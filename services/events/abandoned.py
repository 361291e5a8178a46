"""Carts that guests left behind."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType
from models.events import CustomerEvent
from models.ordering import Cart, CartLine
from models.seating import Sitting
from models.visits import Visit
from services.identity import running

AT_ONCE = 500
LOOKS_BACK = timedelta(days=7)


async def mark_abandoned_carts(session: AsyncSession, *, now: datetime) -> int:
    """Note one `cart_abandoned` for every cart with lines whose visit is over.

    A job for all restaurants. A visit has one open cart at most and never goes on after its end,
    so an event of the visit says that its cart was counted: running it twice changes nothing.

    Returns:
        How many carts were marked, at most 500 a run.
    """
    line_count = sa.func.sum(col(CartLine.quantity))
    was_marked = (
        sa.select(sa.literal(1))
        .where(
            col(CustomerEvent.visit_id) == col(Visit.id),
            col(CustomerEvent.event_type) == EventType.CART_ABANDONED,
        )
        .exists()
    )
    left = await session.execute(
        sa.select(
            Visit,
            line_count,
            sa.func.sum(col(CartLine.quantity) * col(CartLine.seen_unit_price_minor)),
        )
        .join(Cart, col(Cart.visit_id) == col(Visit.id))
        .join(CartLine, col(CartLine.cart_id) == col(Cart.id))
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            col(Cart.submitted_at).is_(None),
            # Carts of last month were marked last month: the list must not grow for ever.
            col(Visit.last_alive_at) > now - LOOKS_BACK,
            # Until then the guest may go on with it, though the table around them was freed.
            col(Visit.last_alive_at) <= now - running.ENDS_AFTER,
            sa.not_(running.is_running(now)),
            ~was_marked,
        )
        .group_by(col(Visit.id))
        .limit(AT_ONCE)
    )
    found = left.all()
    session.add_all(
        CustomerEvent(
            restaurant_id=visit.restaurant_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            event_type=EventType.CART_ABANDONED,
            event_data={"item_count": int(items), "value_minor": int(value)},
            table_id=visit.table_id,
            area_id=visit.area_id,
            happened_at=visit.last_alive_at,
            created_at=now,
        )
        for visit, items, value in found
    )
    await session.flush()
    return len(found)
