"""A guest chooses who may know them while they order, or an order moves on: nobody is refused.

On PostgreSQL whoever orders holds their visit before their record, and the board an order before
both. A choice that holds the record first waits for them, and they for it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import ConsentLevel
from models.ordering import Order
from models.visits import Visit
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.ordering import board, checkout, moves
from services.ordering.beginning import hold_visit
from services.ordering.types import WantedLine
from tests.builders import NOW
from tests.builders.arrivals import agree
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
# Longer than a step takes until it waits for somebody.
A_MOMENT = 0.2


@asynccontextmanager
async def _beside(
    room: Room, guest: Guest, level: ConsentLevel
) -> AsyncIterator[tuple[AsyncSession, Callable[[], Any]]]:
    """A transaction, and what lets the guest choose in the middle of it."""
    begun: list[asyncio.Future[Any]] = []

    async def choose() -> None:
        async with transaction() as session:
            await agree(session, room.info, guest, level=level)

    async def begin() -> None:
        begun.append(asyncio.ensure_future(choose()))
        await asyncio.sleep(A_MOMENT)

    async with transaction() as session:
        yield session, begin
    await begun[0]


async def _owners(guest: Guest) -> list[bool]:
    """Whether visit and orders are somebody's."""
    async with reading() as session:
        visit = await session.get_one(Visit, guest.visit_id)
        orders = await session.scalars(
            sa.select(col(Order.customer_id)).where(col(Order.visit_id) == guest.visit_id)
        )
        return [visit.customer_id is not None, *(one is not None for one in orders)]


@pytest.mark.parametrize("level", [ConsentLevel.ESSENTIAL, ConsentLevel.REMEMBER])
@pytest.mark.parametrize("is_known", [True, False])
async def test_an_order_that_is_sent_meanwhile_arrives(
    level: ConsentLevel, *, is_known: bool
) -> None:
    room = await make_room()
    guest = await room.guest(remembered=is_known)
    async with _beside(room, guest, level) as (session, begin):
        await hold_visit(session, guest, NOW)
        await begin()
        await checkout.place_order(
            session,
            restaurant=room.info,
            guest=guest,
            submit_key="key-00000002",
            lines=[WantedLine(room.pizza.id, 1)],
            now=NOW,
        )
    assert await _owners(guest) == [level is ConsentLevel.REMEMBER] * 2


@pytest.mark.parametrize("level", [ConsentLevel.ESSENTIAL, ConsentLevel.REMEMBER])
@pytest.mark.parametrize("is_known", [True, False])
async def test_an_order_that_is_completed_meanwhile_is_completed(
    level: ConsentLevel, *, is_known: bool
) -> None:
    room = await make_room()
    guest = await room.guest(remembered=is_known)
    order_id = (await room.order(guest)).order_id
    who: dict[str, Any] = {
        "restaurant": room.info, "order_id": order_id, "by": room.waiter, "now": NOW
    }  # fmt: skip
    async with transaction() as session:
        for one in (board.accept, board.mark_ready, board.mark_served):
            await one(session, **who)
    async with _beside(room, guest, level) as (session, begin):
        await moves.get_locked(session, room.info.id, order_id)
        await begin()
        await board.complete(session, **who)
    assert await _owners(guest) == [level is ConsentLevel.REMEMBER] * 2
