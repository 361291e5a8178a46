"""A party moves while one of its guests orders, or an order of theirs moves on: nobody is refused.

On PostgreSQL whoever orders holds their visit before the sitting, and the board holds an order
before the tables. Held the other way round, two wait for each other until one is thrown out.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.seating import Table
from services.base.database import transaction
from services.identity.types import Guest
from services.ordering import board, checkout, moves
from services.ordering.beginning import hold_visit
from services.ordering.types import WantedLine
from services.seating import idle, moving, sittings, tables
from tests.builders import NOW, make_sitting
from tests.services.parties import Evening, make_evening

pytestmark = pytest.mark.usefixtures("database")
# Longer than a step takes until it waits for somebody.
A_MOMENT = 0.2
STEPS = ("move", "split", "undo")


async def _undo(evening: Evening, entry_id: UUID) -> None:
    async with transaction() as session:
        await tables.undo(
            session,
            restaurant=evening.room.info,
            entry_id=entry_id,
            by=evening.room.waiter,
            now=NOW,
        )


async def _prepared(evening: Evening, step: str, guest: Guest) -> Callable[[], Any]:
    """What staff do in a moment: move a party, or one guest of it, or take a move back."""
    if step == "split":
        return partial(evening.do, moving.split, "7", "8", visit_ids=[guest.visit_id])
    if step == "move":
        return partial(evening.do, moving.move, "7", "8")
    moved = await evening.do(moving.move, "7", "8")
    return partial(_undo, evening, moved.entry_id)


@asynccontextmanager
async def _beside(work: Callable[[], Any]) -> AsyncIterator[tuple[AsyncSession, Callable[[], Any]]]:
    """A transaction, and what begins `work` in the middle of it; both come to their end."""
    begun: list[asyncio.Future[Any]] = []

    async def begin() -> None:
        begun.append(asyncio.ensure_future(work()))
        await asyncio.sleep(A_MOMENT)

    async with transaction() as session:
        yield session, begin
    await begun[0]


@pytest.mark.parametrize("step", STEPS)
async def test_a_guest_who_orders_meanwhile_is_not_refused(step: str) -> None:
    evening = await make_evening()
    guest, _ = await evening.order("7", "key-00000001")
    async with _beside(await _prepared(evening, step, guest)) as (session, begin):
        await hold_visit(session, guest, NOW)
        await begin()
        placed = await checkout.place_order(
            session,
            restaurant=evening.room.info,
            guest=guest,
            submit_key="key-00000002",
            lines=[WantedLine(evening.room.pizza.id, 1)],
            now=NOW,
        )
    table_id, _, visit_table_id = await evening.where(placed.order_id)
    assert table_id == visit_table_id == evening.ids["7" if step == "undo" else "8"]


@pytest.mark.parametrize("step", STEPS)
async def test_an_order_that_is_completed_meanwhile_is_completed(step: str) -> None:
    evening = await make_evening()
    guest, order_id = await evening.order("7", "key-00000001")
    await evening.order("7", "key-00000002")
    who: dict[str, Any] = {
        "restaurant": evening.room.info,
        "order_id": order_id,
        "by": evening.room.waiter,
        "now": NOW,
    }
    async with transaction() as session:
        for one in (board.accept, board.mark_ready, board.mark_served):
            await one(session, **who)
    async with _beside(await _prepared(evening, step, guest)) as (session, begin):
        await moves.get_locked(session, evening.room.info.id, order_id)
        await begin()
        await board.complete(session, **who)
    assert (await evening.where(order_id))[2] == evening.ids["7" if step == "undo" else "8"]


async def test_idle_tables_are_freed_in_the_order_in_which_parties_hold_tables() -> None:
    evening = await make_evening()
    first, second = sorted(("7", "8"), key=lambda number: evening.ids[number])
    async with transaction() as session:
        # The later table was taken first.
        for number in (second, first):
            row = await session.get_one(Table, evening.ids[number])
            await make_sitting(session, restaurant=evening.room.row, table=row)

    async def free() -> None:
        async with transaction() as session:
            await idle.release_idle(
                session, restaurant=evening.room.info, now=NOW + timedelta(hours=3)
            )

    whose = evening.room.info.id
    async with _beside(free) as (session, begin):
        await sittings.lock_table(session, restaurant_id=whose, table_id=evening.ids[first])
        await begin()
        await sittings.lock_table(session, restaurant_id=whose, table_id=evening.ids[second])
    assert [await evening.sitting(number) for number in ("7", "8")] == [None, None]
