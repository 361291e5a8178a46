"""The board: steps of an order, who wins, undo, and the table that is released at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.journal import AuditEntry
from models.ordering import Order
from models.seating import Sitting, Table
from services.base.database import reading, transaction
from services.ordering import board, carts, queries, taking_back
from services.ordering.errors import (
    NothingToUndoError,
    OrderMovedOnError,
    ReasonMissingError,
    TooLateError,
    UnknownOrderError,
)
from services.ordering.types import OrderChange, WantedLine
from services.seating import idle
from services.seating.errors import TableTakenError
from tests.builders import NOW, make_order, make_restaurant, make_user, make_visit, restaurant_info
from tests.services.ordering_room import Room, count, make_room

Step = Callable[..., Awaitable[OrderChange]]
LATER = NOW + timedelta(minutes=4)


async def take(room: Room, step: Step, order_id: UUID, **more: Any) -> OrderChange:
    async with transaction() as session:
        return await step(
            session,
            **{"restaurant": room.info, "order_id": order_id, "by": room.cook, "now": LATER} | more,
        )


async def stored(order_id: UUID) -> Order:
    async with reading() as session:
        return await session.get_one(Order, order_id)


async def table_status() -> tuple[str, int]:
    async with reading() as session:
        status = await session.scalar(sa.select(col(Table.status)))
        open_count = await session.scalar(
            sa.select(sa.func.count())
            .select_from(Sitting)
            .where(col(Sitting.released_at).is_(None))
        )
    return str(status), int(open_count or 0)


@pytest.mark.usefixtures("database")
async def test_an_order_goes_all_the_way_and_the_table_is_free_again() -> None:
    room = await make_room()
    guest = await room.guest(remembered=True)
    order_id = (await room.order(guest)).order_id

    for step in (board.accept, board.mark_ready, board.mark_served):
        await take(room, step, order_id)
    assert await table_status() == ("available", 1)
    done = await take(room, board.complete, order_id)

    order = await stored(order_id)
    assert order.order_status == "completed"
    assert [order.accepted_at, order.ready_at, order.served_at, order.completed_at] == [LATER] * 4
    assert (done.status, done.released_sitting_id) == ("completed", order.sitting_id)
    assert await table_status() == ("available", 0)
    async with reading() as session:
        customer = await session.get_one(Customer, guest.customer_id)
        steps = (
            await session.scalars(
                sa.select(AuditEntry)
                .where(col(AuditEntry.action) == "order_moved")
                .order_by(col(AuditEntry.id))
            )
        ).all()
    assert (customer.total_orders, customer.total_spent_minor) == (1, 950)
    assert [(e.actor_user_id, e.data["before"], e.data["after"]) for e in steps] == [
        (room.cook.user_id, "pending", "preparing"),
        (room.cook.user_id, "preparing", "ready"),
        (room.cook.user_id, "ready", "served"),
        (room.cook.user_id, "served", "completed"),
    ]


@pytest.mark.usefixtures("database")
async def test_two_people_accept_at_once_and_one_is_told() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id

    results = await asyncio.gather(
        take(room, board.accept, order_id),
        take(room, board.accept, order_id, by=room.waiter),
        return_exceptions=True,
    )

    refused = [one for one in results if isinstance(one, OrderMovedOnError)]
    assert [(one.message, one.facts) for one in refused] == [
        ("Order {number} is already in the kitchen.", {"number": 1})
    ]
    assert sum(isinstance(one, OrderChange) for one in results) == 1
    assert await count_moves() == 1


async def count_moves() -> int:
    async with reading() as session:
        return (
            await session.scalar(
                sa.select(sa.func.count())
                .select_from(AuditEntry)
                .where(col(AuditEntry.action) == "order_moved")
            )
            or 0
        )


@pytest.mark.usefixtures("database")
async def test_the_guest_cancels_while_the_kitchen_accepts_and_one_wins() -> None:
    room = await make_room()
    guest = await room.guest()
    order_id = (await room.order(guest)).order_id

    async def take_back() -> OrderChange:
        async with transaction() as session:
            return await taking_back.cancel_by_guest(
                session, restaurant=room.info, guest=guest, order_id=order_id, now=LATER
            )

    results = await asyncio.gather(
        take(room, board.accept, order_id), take_back(), return_exceptions=True
    )

    winner = next(one for one in results if isinstance(one, OrderChange))
    refusals = [one for one in results if isinstance(one, TooLateError | OrderMovedOnError)]
    assert len(refusals) == 1
    assert (await stored(order_id)).order_status == winner.status


@pytest.mark.usefixtures("database")
async def test_the_last_two_orders_completed_at_once_release_the_table_once() -> None:
    room = await make_room(uses_cleaning=True)
    ids = [(await room.order(await room.guest(), key=f"key-0000000{n}")).order_id for n in range(2)]
    for order_id in ids:
        await take(room, board.accept, order_id)
        await take(room, board.mark_served, order_id)

    done = await asyncio.gather(*(take(room, board.complete, one) for one in ids))

    assert sum(one.released_sitting_id is not None for one in done) == 1
    assert await table_status() == ("cleaning", 0)


@pytest.mark.usefixtures("sqlite_database")
async def test_steps_that_do_not_follow_are_refused_and_change_nothing() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id

    for step in (board.mark_ready, board.mark_served, board.complete):
        with pytest.raises(OrderMovedOnError):
            await take(room, step, order_id)
    await take(room, board.accept, order_id)
    with pytest.raises(OrderMovedOnError):
        await take(room, board.decline, order_id, reason="Kitchen closed")

    order = await stored(order_id)
    assert (order.order_status, order.ready_at, order.closed_at) == ("preparing", None, None)
    assert await count_moves() == 1


@pytest.mark.usefixtures("sqlite_database")
async def test_another_restaurants_staff_cannot_see_or_move_an_order() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id
    async with transaction() as session:
        other = await make_restaurant(session)
        info = await restaurant_info(session, other)
        stranger = (await make_user(session, restaurant=other)).actor

    for step in (board.accept, board.undo):
        with pytest.raises(UnknownOrderError):
            await take(room, step, order_id, restaurant=info, by=stranger)
    async with reading() as session:
        assert await queries.board(session, restaurant_id=other.id) == []
        with pytest.raises(UnknownOrderError):
            await queries.get_order(session, restaurant_id=other.id, order_id=order_id)
    assert (await stored(order_id)).order_status == "pending"


@pytest.mark.usefixtures("sqlite_database")
async def test_declining_needs_a_reason_and_lets_the_empty_table_go() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id

    for reason in ("", "  \n", "x" * 201):
        with pytest.raises(ReasonMissingError):
            await take(room, board.decline, order_id, reason=reason)
    await take(room, board.decline, order_id, reason=" Kitchen  closed ")

    order = await stored(order_id)
    assert (order.order_status, order.reason, order.closed_at) == (
        "declined",
        "Kitchen closed",
        LATER,
    )
    async with transaction() as session:
        released = await idle.release_idle(
            session, restaurant=room.info, now=NOW + timedelta(minutes=20)
        )
    assert [one.released_sitting_id for one in released] == [order.sitting_id]


@pytest.mark.usefixtures("database")
async def test_a_guest_changes_an_order_until_it_is_accepted() -> None:
    room = await make_room()
    guest = await room.guest()
    wanted = WantedLine(room.pizza.id, 2, None, (room.olives.id,), "crisp")
    order_id = (await room.order(guest, wanted, note="quick")).order_id

    async with transaction() as session:
        change = await taking_back.take_back_into_cart(
            session, restaurant=room.info, guest=guest, order_id=order_id, now=LATER
        )
    async with reading() as session:
        cart = await carts.view_cart(session, restaurant=room.info, guest=guest, now=LATER)
    assert change.status == "cancelled"
    assert (cart.total_minor, cart.note, cart.item_count) == (2200, "quick", 2)
    assert [(line.modifier_ids, line.note, line.difference) for line in cart.lines] == [
        ((room.olives.id,), "crisp", None)
    ]

    again = await room.order_cart(guest, cart.submit_key)
    await take(room, board.accept, again.order_id)
    with pytest.raises(TooLateError, match="already started"):
        async with transaction() as session:
            await taking_back.take_back_into_cart(
                session, restaurant=room.info, guest=guest, order_id=again.order_id, now=LATER
            )
    assert (await stored(again.order_id)).order_status == "preparing"


@pytest.mark.usefixtures("sqlite_database")
async def test_a_guest_cannot_cancel_or_read_what_is_not_theirs() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id
    stranger = await room.guest()

    with pytest.raises(UnknownOrderError):
        async with transaction() as session:
            await taking_back.cancel_by_guest(
                session, restaurant=room.info, guest=stranger, order_id=order_id, now=LATER
            )
    async with reading() as session:
        with pytest.raises(UnknownOrderError):
            await queries.order_status(
                session, restaurant_id=room.info.id, order_id=order_id, guest=stranger
            )
    assert (await stored(order_id)).order_status == "pending"


@pytest.mark.usefixtures("database")
async def test_undo_takes_one_step_back_and_seats_the_party_again() -> None:
    room = await make_room(uses_cleaning=True)
    guest = await room.guest(remembered=True)
    order_id = (await room.order(guest)).order_id
    for step in (board.accept, board.mark_served, board.complete):
        await take(room, step, order_id)
    assert await table_status() == ("cleaning", 0)

    await take(room, board.undo, order_id)

    order = await stored(order_id)
    assert (order.order_status, order.completed_at, order.closed_at) == ("served", None, None)
    assert order.served_at == LATER
    assert await table_status() == ("available", 1)
    async with reading() as session:
        customer = await session.get_one(Customer, guest.customer_id)
    assert (customer.total_orders, customer.total_spent_minor) == (0, 0)
    with pytest.raises(NothingToUndoError):
        await take(room, board.undo, order_id)


@pytest.mark.usefixtures("database")
async def test_undo_is_refused_when_the_next_party_sits_at_the_table() -> None:
    room = await make_room()
    order_id = (await room.order(await room.guest())).order_id
    for step in (board.accept, board.mark_served, board.complete):
        await take(room, step, order_id)
    await room.order(await room.guest(), key="key-00000002")

    with pytest.raises(TableTakenError):
        await take(room, board.undo, order_id)

    assert (await stored(order_id)).order_status == "completed"
    assert await count(Sitting) == 2


@pytest.mark.usefixtures("database")
async def test_the_board_shows_open_orders_alone_however_long_the_history() -> None:
    room = await make_room()
    guest = await room.guest()
    async with transaction() as session:
        past = await make_visit(session, restaurant=room.row)
        for _ in range(30):
            await make_order(
                session, restaurant=room.row, visit=past, order_status="completed", number=900 + _
            )
    first = await room.order(guest, WantedLine(room.pizza.id, 2))
    second = await room.order(guest, key="key-00000002", now=LATER)
    await take(room, board.accept, second.order_id)

    async with reading() as session:
        shown = await queries.board(session, restaurant_id=room.info.id)
        pending = await queries.count_pending(session, restaurant_id=room.info.id)
        mine = await queries.my_orders(session, restaurant_id=room.info.id, guest=guest)

    assert [(one.order_id, one.status, one.table_number) for one in shown] == [
        (first.order_id, "pending", "7"),
        (second.order_id, "preparing", "7"),
    ]
    assert [(line.dish_name, line.quantity) for line in shown[0].lines] == [("Margherita", 2)]
    assert pending == 1
    assert [one.order_id for one in mine] == [second.order_id, first.order_id]
    assert queries.as_json(shown[0])["order_items"] == [
        {
            "product_id": str(room.pizza.id),
            "variant_id": None,
            "name": "Margherita",
            "variant": None,
            "modifiers": [],
            "quantity": 2,
            "unit_price_minor": 950,
            "total_minor": 1900,
            "note": "",
        }
    ]


@pytest.mark.usefixtures("sqlite_database")
async def test_the_board_reads_the_index_of_open_orders() -> None:
    room = await make_room()
    async with reading() as session:
        plan = await session.execute(
            sa.text(
                "EXPLAIN QUERY PLAN SELECT id FROM customer_orders WHERE restaurant_id = :id AND "
                + str(queries.IS_OPEN)
            ),
            {"id": room.info.id.bytes},
        )
        steps = " ".join(row.detail for row in plan)
    assert "ix_customer_orders_open" in steps
