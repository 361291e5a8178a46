"""The bill: asked for, settled, taken back; what the floor shows of it. Both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models.enums import CallKind, Role, TableStatus
from models.ordering import Order
from services.base.database import reading, transaction
from services.floor import cards, queries
from services.floor.types import FloorTable, Phase, Waiter
from services.ordering import board, settling
from services.ordering.errors import BillChangedError, OrderMovedOnError
from services.seating import calls, moving, tables, waiters
from services.seating.errors import SittingOverError, TableChangedError
from tests.builders import NOW, make_user
from tests.services.ordering_room import make_room
from tests.services.parties import Evening, make_evening

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def evening() -> Evening:
    return await make_evening()


async def serve(evening: Evening, order_id: UUID) -> None:
    for step in (board.accept, board.mark_ready, board.mark_served):
        async with transaction() as session:
            await step(
                session,
                restaurant=evening.room.info,
                order_id=order_id,
                by=evening.room.waiter,
                now=NOW,
            )


async def shown(evening: Evening, number: str) -> FloorTable:
    async with reading() as session:
        floor = await queries.load_floor(session, restaurant_id=evening.room.info.id)
    return next(table for table in floor.tables if table.number == number)


async def phase(evening: Evening, number: str) -> Phase | None:
    sitting = (await shown(evening, number)).sitting
    return sitting.phase if sitting else None


async def ask(evening: Evening, number: str, **more: Any) -> None:
    async with transaction() as session:
        await calls.ask_for_bill(
            session,
            **{
                "restaurant_id": evening.room.info.id,
                "table_id": evening.ids[number],
                "by": evening.room.waiter,
                "now": NOW,
            }
            | more,
        )


async def owed(evening: Evening, number: str) -> int:
    async with reading() as session:
        return await settling.bill_minor(
            session, restaurant_id=evening.room.info.id, table_id=evening.ids[number]
        )


async def pay(evening: Evening, number: str, **more: Any) -> settling.Settled:
    """Pay what is shown at this moment."""
    shown_minor = await owed(evening, number)
    return await evening.do(settling.settle, number, expected_minor=shown_minor, **more)


async def take_back(evening: Evening, paid: settling.Settled) -> None:
    async with transaction() as session:
        await settling.take_back(
            session,
            restaurant=evening.room.info,
            entry_id=paid.entry_id,
            by=evening.room.waiter,
            now=NOW,
        )


async def status(order_id: UUID) -> str:
    async with reading() as session:
        return (await session.get_one(Order, order_id)).order_status


async def test_a_party_that_paid_leaves_all_its_tables_and_comes_back(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("8", "key-00000002")
    await evening.do(moving.join, "8", "7")
    for order_id in (one, two):
        await serve(evening, order_id)
    await ask(evening, "7")
    assert await phase(evening, "7") is Phase.BILL
    paid = await pay(evening, "8")
    assert paid.is_released
    assert [await status(order_id) for order_id in (one, two)] == ["completed", "completed"]
    assert (await evening.sitting("7"), await evening.sitting("8")) == (None, None)

    async with transaction() as session:
        await settling.take_back(
            session,
            restaurant=evening.room.info,
            entry_id=paid.entry_id,
            by=evening.room.waiter,
            now=NOW,
        )
    assert await evening.together("7") == {"7", "8"}
    assert [await status(order_id) for order_id in (one, two)] == ["served", "served"]
    assert await phase(evening, "7") is Phase.BILL


async def test_food_in_the_kitchen_keeps_the_table_of_a_party_that_paid(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("7", "key-00000002")
    await serve(evening, one)
    paid = await pay(evening, "7")
    assert not paid.is_released
    assert (await status(one), await status(two)) == ("completed", "pending")
    assert await phase(evening, "7") is Phase.ORDERED
    await serve(evening, two)
    assert await phase(evening, "7") is Phase.PAID


async def test_whoever_orders_after_paying_eats_again(evening: Evening) -> None:
    _, one = await evening.order("7", "key-00000001")
    paid = await pay(evening, "7")
    await serve(evening, one)
    guest = await evening.room.guest()
    later = await evening.room.order(guest, key="key-00000002", now=NOW + timedelta(minutes=9))
    await serve(evening, later.order_id)
    assert await phase(evening, "7") is Phase.EATING
    assert not paid.is_released


async def test_a_guest_who_joins_those_who_have_paid_has_not(evening: Evening) -> None:
    guest, one = await evening.order("7", "key-00000001")
    _, two = await evening.order("8", "key-00000002")
    await pay(evening, "8", now=NOW + timedelta(minutes=1))
    await evening.do(moving.split, "7", "8", visit_ids=[guest.visit_id])
    for order_id in (one, two):
        await serve(evening, order_id)
    assert await phase(evening, "8") is Phase.EATING


async def test_what_came_between_the_sum_and_the_money_is_not_paid_by_it(evening: Evening) -> None:
    guest, one = await evening.order("7", "key-00000001")
    shown_minor = await owed(evening, "7")
    await serve(evening, one)
    await evening.room.order(guest, key="key-00000002")
    with pytest.raises(BillChangedError) as refused:
        await evening.do(settling.settle, "7", expected_minor=shown_minor)
    assert refused.value.owed_minor == 2 * shown_minor
    assert await status(one) == "served"
    sitting = (await shown(evening, "7")).sitting
    assert sitting is not None
    assert sitting.paid_at is None


async def test_taking_the_second_payment_back_leaves_the_first(evening: Evening) -> None:
    guest, _ = await evening.order("7", "key-00000001")
    first = await pay(evening, "7")
    later = NOW + timedelta(minutes=20)
    await evening.room.order(guest, key="key-00000002", now=later)
    second = await pay(evening, "7", now=later + timedelta(minutes=1))
    await take_back(evening, second)
    sitting = (await shown(evening, "7")).sitting
    assert sitting is not None
    assert sitting.paid_at == NOW
    assert await owed(evening, "7") == 950
    await take_back(evening, first)
    assert await owed(evening, "7") == 1900


async def test_paying_and_the_kitchen_at_one_moment_wait_for_each_other(evening: Evening) -> None:
    for turn in range(4):
        number = ("7", "8", "9", "10")[turn]
        _, one = await evening.order(number, f"key-0000000{turn}")
        await serve(evening, one)

        async def complete(order_id: UUID = one) -> None:
            async with transaction() as session:
                await board.complete(
                    session,
                    restaurant=evening.room.info,
                    order_id=order_id,
                    by=evening.room.cook,
                    now=NOW,
                )

        done = await asyncio.gather(pay(evening, number), complete(), return_exceptions=True)
        # One of them ends the sitting; the other comes too late, and nobody waits for ever.
        late = [type(one) for one in done if isinstance(one, BaseException)]
        assert late in ([], [SittingOverError], [OrderMovedOnError])
        assert await status(one) == "completed"
        assert await evening.sitting(number) is None


async def test_nobody_pays_at_a_free_table_or_at_another_restaurants(evening: Evening) -> None:
    with pytest.raises(SittingOverError):
        await evening.do(settling.settle, "9", expected_minor=0)
    with pytest.raises(SittingOverError):
        await ask(evening, "9")
    other = await make_room(slug="elsewhere")
    await evening.order("7", "key-00000001")
    evening.ids["theirs"] = other.table.id
    with pytest.raises(SittingOverError):
        await evening.do(settling.settle, "theirs", expected_minor=0)
    paid = await pay(evening, "7")
    with pytest.raises(TableChangedError):
        async with transaction() as session:
            await settling.take_back(
                session, restaurant=other.info, entry_id=paid.entry_id, by=other.waiter, now=NOW
            )


async def test_the_floor_shows_calls_parties_and_waiters(evening: Evening) -> None:
    guest, _ = await evening.order("7", "key-00000001")
    await evening.do(moving.join, "8", "7")
    seated = replace(guest, sitting_id=await evening.sitting("7"))
    async with transaction() as session:
        for minutes, kind in ((1, CallKind.WAITER), (2, CallKind.BILL)):
            await calls.call(session, guest=seated, kind=kind, now=NOW + timedelta(minutes=minutes))
        facts: dict[str, Any] = {
            "restaurant_id": evening.room.info.id,
            "by": evening.room.waiter,
            "now": NOW,
        }
        ana = (await make_user(session, restaurant=evening.room.row, role=Role.WAITER)).user
        await waiters.assign_area(
            session,
            area_id=evening.room.table.area_id,
            waiter_id=evening.room.cook.user_id,
            **facts,
        )
        await waiters.assign_table(session, table_id=evening.ids["8"], waiter_id=ana.id, **facts)
    seven, eight = await shown(evening, "7"), await shown(evening, "8")
    assert seven.sitting is not None
    assert [(call.kind, call.called_at) for call in seven.sitting.calls] == [
        (CallKind.WAITER, NOW + timedelta(minutes=1)),
        (CallKind.BILL, NOW + timedelta(minutes=2)),
    ]
    assert (seven.together, eight.together) == (("8",), ("7",))
    cook = evening.room.cook
    assert (seven.waiter, eight.waiter) == (
        Waiter(cook.user_id, cook.name),
        Waiter(ana.id, ana.name),
    )
    for number in ("7", "8"):
        async with reading() as session:
            card = await cards.get_card(
                session, restaurant_id=evening.room.info.id, table_id=evening.ids[number]
            )
        assert card.table == await shown(evening, number)

    await evening.do(tables.set_status, "7", status=TableStatus.AVAILABLE, force=True)
    assert (await shown(evening, "7")).sitting is None
