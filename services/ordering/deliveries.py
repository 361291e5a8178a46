"""Where an order is brought: asked of the guest, encrypted, shown to who brings it, forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.ordering import OrderDelivery
from services.base.secrets import decrypt, encrypt
from services.base.upserts import insert
from services.ordering.errors import NoAddressError

KEPT_FOR = timedelta(days=14)
MOST_LENGTH = 300
# "Gran Via 1": nobody finds what is shorter.
LEAST_LENGTH = 6


def checked(address: str) -> str:
    """An address that a guest wrote into the cart, in one line.

    Raises:
        NoAddressError: there is none, or too little of one.
    """
    kept = _in_one_line(address)
    if len(kept) < LEAST_LENGTH:
        raise NoAddressError
    return kept


async def expect(
    session: AsyncSession, *, restaurant_id: UUID, order_id: UUID, now: datetime
) -> None:
    """An order is to be brought; where to is not known yet."""
    await session.execute(
        insert(session, OrderDelivery)
        .values(id=new_id(), created_at=now, restaurant_id=restaurant_id, order_id=order_id)
        .on_conflict_do_nothing(index_elements=["order_id"])
    )


async def begin(
    session: AsyncSession, *, restaurant_id: UUID, order_id: UUID, address: str, now: datetime
) -> None:
    """An order is to be brought, and it is known where to: `address` is checked."""
    await expect(session, restaurant_id=restaurant_id, order_id=order_id, now=now)
    await set_address(
        session, restaurant_id=restaurant_id, order_id=order_id, address=address, now=now
    )


async def set_address(
    session: AsyncSession, *, restaurant_id: UUID, order_id: UUID, address: str, now: datetime
) -> str:
    """Keep where an order is brought; the last word counts.

    Returns:
        The address as it is kept: one line of at most 300 characters.
    """
    kept = _in_one_line(address)
    await session.execute(
        sa.update(OrderDelivery)
        .where(
            col(OrderDelivery.restaurant_id) == restaurant_id,
            col(OrderDelivery.order_id) == order_id,
        )
        .values(address_encrypted=encrypt(kept, restaurant_id=restaurant_id), given_at=now)
    )
    return kept


async def addresses_of(
    session: AsyncSession, *, restaurant_id: UUID, order_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Where some orders are brought, for staff who bring them; empty while it is not known."""
    if not order_ids:
        return {}
    rows = await session.execute(
        sa.select(col(OrderDelivery.order_id), col(OrderDelivery.address_encrypted)).where(
            col(OrderDelivery.restaurant_id) == restaurant_id,
            col(OrderDelivery.order_id).in_(order_ids),
        )
    )
    return {order_id: decrypt(kept, restaurant_id=restaurant_id) for order_id, kept in rows}


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Forget where orders were brought two weeks ago."""
    await session.execute(
        sa.delete(OrderDelivery).where(col(OrderDelivery.created_at) < now - KEPT_FOR)
    )


def _in_one_line(address: str) -> str:
    return " ".join("".join(s if s.isprintable() else " " for s in address).split())[:MOST_LENGTH]
