"""A cart goes on with its guest when only the visit around it has ended.

Completing a party's last order, or a long look at the menu, frees the table while people still
choose; their next tap begins a new visit in the same browser.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.ordering import Cart, CartLine
from models.visits import Visit
from services.identity.running import ENDS_AFTER


async def carry_cart(session: AsyncSession, *, visit: Visit, now: datetime) -> None:
    """Give a new visit what the last one in this browser had picked and not sent.

    Args:
        session: open transaction; flushed, not committed. The guest's visits are locked.
        visit: just begun, without a cart.
        now: aware UTC; what was left more than three hours ago stays where it is.
    """
    has_lines = sa.select(sa.literal(1)).where(col(CartLine.cart_id) == col(Cart.id)).exists()
    left = await session.scalar(
        sa.select(Cart)
        .join(Visit, col(Visit.id) == col(Cart.visit_id))
        .where(
            col(Cart.restaurant_id) == visit.restaurant_id,
            col(Cart.submitted_at).is_(None),
            col(Visit.session_hash) == visit.session_hash,
            col(Visit.id) != visit.id,
            col(Visit.last_alive_at) > now - ENDS_AFTER,
            # What one customer picked is not another's, even on the same phone.
            sa.or_(col(Visit.customer_id).is_(None), col(Visit.customer_id) == visit.customer_id),
            has_lines,
        )
        .order_by(col(Cart.updated_at).desc(), col(Cart.id).desc())
        .limit(1)
        .with_for_update(of=Cart, key_share=True)
        .execution_options(populate_existing=True)
    )
    if left is not None:
        left.visit_id = visit.id
        await session.flush()
