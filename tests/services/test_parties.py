"""Parties that move, sit at several tables, part again; calls and waiters. Both databases."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CallKind, TableStatus
from models.journal import AuditEntry
from models.seating import Sitting, Table
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.identity.types import Guest
from services.ordering import board
from services.seating import calls, moving, tables, waiters
from services.seating.errors import (
    AlreadyTogetherError,
    NotSeatedError,
    NotTogetherError,
    OpenOrdersError,
    SameTableError,
    SittingOverError,
    TableOutOfServiceError,
    TableTakenError,
    UnknownCallError,
    UnknownGuestError,
    UnknownTableError,
    UnknownWaiterError,
)
from tests.builders import NOW
from tests.services.ordering_room import change, make_room
from tests.services.parties import Evening, make_evening, open_calls

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def evening() -> Evening:
    return await make_evening()


async def test_a_party_moves_with_its_guests_and_open_orders(evening: Evening) -> None:
    _, order_id = await evening.order("7", "key-00000001")
    before = await evening.sitting("7")
    await evening.do(moving.move, "7", "8")
    assert await evening.where(order_id) == (evening.ids["8"], before, evening.ids["8"])
    assert (await evening.sitting("7"), await evening.sitting("8")) == (None, before)
    async with reading() as session:
        left = await session.get_one(Table, evening.ids["7"])
    # The restaurant cleans after a party that ordered only where it wants that step.
    assert left.status == TableStatus.AVAILABLE


@pytest.mark.parametrize(
    ("what", "table", "to", "error"),
    [
        (moving.move, "7", "7", SameTableError),
        (moving.move, "9", "10", SittingOverError),
        (moving.move, "7", "8", TableTakenError),
        (moving.move, "7", "10", TableOutOfServiceError),
        (moving.join, "8", "8", SameTableError),
        (moving.join, "7", "10", TableOutOfServiceError),
        (moving.part, "7", None, NotTogetherError),
        (moving.part, "9", None, SittingOverError),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_moves(
    evening: Evening, what: Any, table: str, to: str | None, error: type[SmartMenuError]
) -> None:
    _, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("8", "key-00000002")
    await evening.do(tables.set_status, "10", status=TableStatus.OUT_OF_SERVICE)
    before = await evening.where(one), await evening.where(two)
    with pytest.raises(error):
        await evening.do(what, table, to)
    assert (await evening.where(one), await evening.where(two)) == before
    assert await evening.sitting("10") is None


async def test_another_restaurants_table_does_not_exist(evening: Evening) -> None:
    other = await make_room(slug="elsewhere")
    await evening.order("7", "key-00000001")
    evening.ids["theirs"] = other.table.id
    for what in (moving.move, moving.join):
        with pytest.raises(UnknownTableError):
            await evening.do(what, "7", "theirs")


async def test_tables_put_together_are_one_party_and_part_exactly(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("8", "key-00000002")
    before = await evening.where(one), await evening.where(two)
    await evening.do(moving.join, "7", "8")
    await evening.do(moving.join, "9", "7")
    assert await evening.together("9") == {"7", "8", "9"}
    with pytest.raises(AlreadyTogetherError):
        await evening.do(moving.join, "8", "9")
    # New orders stay with the table they were placed at.
    _, three = await evening.order("7", "key-00000003")
    await evening.do(moving.part, "8")
    assert await evening.together("8") == {"8"}
    assert await evening.together("7") == {"7", "9"}
    # Table 9 was pushed there and nobody used it.
    await evening.do(moving.part, "7")
    assert await evening.sitting("9") is None
    assert (await evening.where(one), await evening.where(two)) == before
    assert (await evening.where(three))[:2] == (evening.ids["7"], before[0][1])


async def test_a_party_is_released_and_brought_back_as_one(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    await evening.do(moving.join, "8", "7")
    with pytest.raises(OpenOrdersError):
        await evening.do(tables.set_status, "8", status=TableStatus.AVAILABLE)
    gone = await evening.do(tables.set_status, "8", status=TableStatus.CLEANING, force=True)
    assert (await evening.sitting("7"), await evening.sitting("8")) == (None, None)
    async with transaction() as session:
        await tables.undo(
            session,
            restaurant=evening.room.info,
            entry_id=gone.entry_id,
            by=evening.room.waiter,
            now=NOW,
        )
    assert await evening.together("7") == {"7", "8"}
    assert (await evening.where(one))[1] == await evening.sitting("7")


async def test_the_last_order_of_the_whole_party_frees_all_its_tables(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("8", "key-00000002")
    await evening.do(moving.join, "8", "7")
    for order_id in (one, two):
        for step in (board.accept, board.mark_ready, board.mark_served, board.complete):
            async with transaction() as session:
                await step(
                    session,
                    restaurant=evening.room.info,
                    order_id=order_id,
                    by=evening.room.waiter,
                    now=NOW,
                )
        expected = order_id == two
        assert (await evening.sitting("7") is None) is expected
        assert (await evening.sitting("8") is None) is expected


async def test_some_guests_go_to_another_table_with_what_they_ordered(evening: Evening) -> None:
    guest, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("7", "key-00000002")
    stays = await evening.where(two)
    with pytest.raises(UnknownGuestError):
        await evening.do(moving.split, "7", "8", visit_ids=[guest.visit_id, uuid4()])
    with pytest.raises(UnknownGuestError):
        await evening.do(moving.split, "7", "8", visit_ids=[])
    await evening.do(moving.split, "7", "8", visit_ids=[guest.visit_id])
    assert await evening.where(one) == (
        evening.ids["8"],
        await evening.sitting("8"),
        evening.ids["8"],
    )
    assert await evening.where(two) == stays


async def test_two_people_put_two_tables_together_both_ways_at_once(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    await evening.order("8", "key-00000002")
    done = await asyncio.gather(
        evening.do(moving.join, "7", "8"),
        evening.do(moving.join, "8", "7"),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["AlreadyTogetherError", "TableChange"]
    assert await evening.together("7") == {"7", "8"}


async def test_a_move_and_a_new_party_at_the_same_table_do_not_share_it(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    done = await asyncio.gather(
        evening.do(moving.move, "7", "8"),
        evening.do(tables.set_status, "8", status=TableStatus.OCCUPIED),
        return_exceptions=True,
    )
    assert all(not isinstance(one, Exception) or type(one) is TableTakenError for one in done)
    async with reading() as session:
        at_eight = await session.scalars(
            sa.select(Sitting).where(
                col(Sitting.table_id) == evening.ids["8"], col(Sitting.released_at).is_(None)
            )
        )
        assert len(at_eight.all()) == 1


async def test_every_step_is_in_the_log_with_who(evening: Evening) -> None:
    await evening.order("7", "key-00000001")
    await evening.do(moving.move, "7", "8")
    await evening.do(moving.join, "9", "8")
    await evening.do(moving.part, "9")
    async with reading() as session:
        rows = await session.execute(
            sa.select(col(AuditEntry.action), col(AuditEntry.actor_user_id)).where(
                col(AuditEntry.action).in_([moving.MOVED, moving.JOINED, moving.PARTED])
            )
        )
        assert sorted(map(tuple, rows)) == sorted(
            (action, evening.room.waiter.user_id)
            for action in (moving.MOVED, moving.JOINED, moving.PARTED)
        )


async def test_a_call_is_heard_once_and_answered_once(evening: Evening) -> None:
    guest, _ = await evening.order("7", "key-00000001")
    seated = await _seated(guest)
    made = [await _call(seated, CallKind.BILL) for _ in range(3)]
    assert made == [True, False, False]
    found = await open_calls(evening.room)
    assert [one.kind for one in found] == [CallKind.BILL]
    answers: dict[str, Any] = {
        "restaurant_id": evening.room.info.id,
        "by": evening.room.waiter,
        "now": NOW,
    }
    for _ in range(2):
        async with transaction() as session:
            await calls.answer(session, call_id=found[0].id, **answers)
    assert await open_calls(evening.room) == ()
    assert await _call(seated, CallKind.BILL)
    with pytest.raises(UnknownCallError):
        async with transaction() as session:
            await calls.answer(session, call_id=uuid4(), **answers)


async def test_calls_end_with_the_sitting_and_need_a_table(evening: Evening) -> None:
    guest, _ = await evening.order("7", "key-00000001")
    with pytest.raises(NotSeatedError):
        await _call(guest, CallKind.WAITER)
    seated = await _seated(guest)
    await _call(seated, CallKind.WAITER)
    await evening.do(tables.set_status, "7", status=TableStatus.AVAILABLE, force=True)
    assert await open_calls(evening.room) == ()
    with pytest.raises(NotSeatedError):
        await _call(seated, CallKind.WAITER)


async def test_only_people_of_the_restaurant_get_tables(evening: Evening) -> None:
    other = await make_room(slug="elsewhere")
    facts: dict[str, Any] = {
        "restaurant_id": evening.room.info.id,
        "by": evening.room.waiter,
        "now": NOW,
    }
    async with transaction() as session:
        await waiters.assign_table(
            session, table_id=evening.ids["7"], waiter_id=evening.room.cook.user_id, **facts
        )
    for wrong in (other.waiter.user_id, uuid4()):
        with pytest.raises(UnknownWaiterError):
            async with transaction() as session:
                await waiters.assign_table(
                    session, table_id=evening.ids["7"], waiter_id=wrong, **facts
                )
    with pytest.raises(UnknownTableError):
        async with transaction() as session:
            await waiters.assign_table(session, table_id=other.table.id, waiter_id=None, **facts)
    async with reading() as session:
        row = await session.get_one(Table, evening.ids["7"])
    assert row.waiter_id == evening.room.cook.user_id
    await change(sa.update(Table).values(waiter_id=None))


async def _call(guest: Guest, kind: CallKind) -> bool:
    async with transaction() as session:
        return await calls.call(session, guest=guest, kind=kind, now=NOW)


async def _seated(guest: Guest) -> Guest:
    async with reading() as session:
        visit = await session.get_one(Visit, guest.visit_id)
    return replace(guest, sitting_id=visit.sitting_id)
