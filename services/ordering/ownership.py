"""Which orders are a guest's own: to be listed, changed and cancelled by them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.ordering import Order
from models.visits import Visit
from services.identity.types import Guest


def is_own(guest: Guest) -> sa.ColumnElement[bool]:
    """The condition on an order: of this guest, or of their browser.

    Releasing a table ends the visit, and an order may outlive it: whoever ordered in the same
    browser session is the same person, with or without consent.
    """
    now_and_before = aliased(Visit)
    same_session = (
        sa.select(col(now_and_before.id))
        .join(Visit, col(Visit.session_hash) == col(now_and_before.session_hash))
        .where(
            col(Visit.id) == guest.visit_id,
            col(Visit.restaurant_id) == guest.restaurant_id,
            col(now_and_before.restaurant_id) == guest.restaurant_id,
            col(now_and_before.session_hash).is_not(None),
        )
    )
    # One way in after the other: for a condition with "or" SQLite reads all orders there are.
    one = aliased(Order)
    ids = sa.select(col(one.id)).where(col(one.restaurant_id) == guest.restaurant_id)
    own = [
        ids.where(col(one.visit_id) == guest.visit_id),
        ids.where(col(one.visit_id).in_(same_session)),
    ]
    if guest.customer_id is not None:
        own.append(ids.where(col(one.customer_id) == guest.customer_id))
    return col(Order.id).in_(sa.union_all(*own))


async def count_own(session: AsyncSession, *, guest: Guest) -> int:
    """How many orders a guest has placed, refused ones too."""
    return (
        await session.scalar(
            sa.select(sa.func.count())
            .select_from(Order)
            .where(col(Order.restaurant_id) == guest.restaurant_id, is_own(guest))
        )
        or 0
    )


async def is_own_order(session: AsyncSession, *, guest: Guest, order_id: UUID) -> bool:
    """Whether a guest may change or cancel an order, as long as nobody has accepted it."""
    found = await session.scalar(
        sa.select(sa.literal(1)).where(
            col(Order.restaurant_id) == guest.restaurant_id,
            col(Order.id) == order_id,
            is_own(guest),
        )
    )
    return found is not None
