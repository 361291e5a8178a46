"""A table whose orders are all done is free, unless somebody there is still choosing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.ordering import Order
from models.seating import Sitting
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.ordering import board, carts, queries, taking_back
from services.ordering.errors import UnknownOrderError
from services.ordering.order_page import order_page
from services.ordering.ownership import count_own
from services.ordering.types import WantedLine
from services.seating import idle, sittings
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
DONE_AT = NOW + timedelta(minutes=10)


@dataclass
class Evening:
    """One table; guests arrive, order, and the kitchen completes at DONE_AT."""

    room: Room
    code: str

    async def arrive(self, token: str, *, now: datetime = NOW) -> Guest:
        async with transaction() as session:
            begun = await arrive(session, self.room.info, token, table_code=self.code, now=now)
        return begun.guest

    async def come_back(self, token: str, *, now: datetime = DONE_AT) -> Guest:
        """The same browser opens the menu without a code."""
        async with transaction() as session:
            return (await arrive(session, self.room.info, token, now=now)).guest

    async def complete(self, order_id: UUID) -> UUID | None:
        released = None
        for step in (board.accept, board.mark_served, board.complete):
            async with transaction() as session:
                change = await step(
                    session,
                    restaurant=self.room.info,
                    order_id=order_id,
                    by=self.room.cook,
                    now=DONE_AT,
                )
            released = change.released_sitting_id
        return released

    async def release_idle(self, now: datetime) -> list[str | None]:
        """Why the job released what it released."""
        async with transaction() as session:
            changes = await idle.release_idle(session, restaurant=self.room.info, now=now)
            ids = [change.released_sitting_id for change in changes]
            found = await session.scalars(
                sa.select(col(Sitting.release_reason)).where(col(Sitting.id).in_(ids))
            )
            return list(found)

    async def release_by_force(self, guest: Guest) -> None:
        assert guest.sitting_id is not None
        async with transaction() as session:
            await sittings.release(
                session,
                restaurant=self.room.info,
                sitting_id=guest.sitting_id,
                now=DONE_AT,
                by=self.room.waiter,
                force=True,
            )


@pytest.fixture
async def evening() -> Evening:
    room = await make_room(idle_release_minutes=20)
    async with reading() as session:
        code = await session.scalar(
            sa.text("SELECT code FROM table_codes WHERE table_id IS NOT NULL LIMIT 1")
        )
    return Evening(room, str(code))


async def test_one_who_orders_for_all_frees_the_table_of_all(evening: Evening) -> None:
    host = await evening.arrive("host")
    await evening.arrive("friend")
    placed = await evening.room.order(host)
    assert await evening.complete(placed.order_id) == host.sitting_id


async def test_a_filled_cart_keeps_the_table_until_its_guest_has_left(evening: Evening) -> None:
    host, friend = await evening.arrive("host"), await evening.arrive("friend")
    placed = await evening.room.order(host)
    async with transaction() as session:
        await carts.add_line(
            session,
            restaurant=evening.room.info,
            guest=friend,
            wanted=WantedLine(evening.room.pizza.id, 1),
            now=DONE_AT,
        )
    await evening.come_back("friend")
    assert await evening.complete(placed.order_id) is None

    for minutes in (1, 19):
        assert await evening.release_idle(DONE_AT + timedelta(minutes=minutes)) == []
    # Nobody has touched anything since, and the phone is in a pocket.
    assert await evening.release_idle(DONE_AT + timedelta(minutes=20)) == ["orders_completed"]


async def test_a_guest_who_reads_on_with_a_filled_cart_keeps_the_table(evening: Evening) -> None:
    host = await evening.arrive("host")
    placed = await evening.room.order(host)
    await evening.room.put(host, WantedLine(evening.room.pizza.id, 1))
    assert await evening.complete(placed.order_id) is None
    await evening.come_back("host", now=DONE_AT + timedelta(minutes=15))
    assert await evening.release_idle(DONE_AT + timedelta(minutes=30)) == []
    assert await evening.release_idle(DONE_AT + timedelta(minutes=35)) == ["orders_completed"]


async def test_who_sat_down_after_the_last_order_keeps_the_table(evening: Evening) -> None:
    host = await evening.arrive("host")
    placed = await evening.room.order(host)
    late = await evening.arrive("late", now=NOW + timedelta(minutes=1))
    assert await evening.complete(placed.order_id) is None

    second = await evening.room.order(late, key="key-00000002", now=DONE_AT)
    assert await evening.complete(second.order_id) == host.sitting_id


async def test_a_latecomer_who_has_left_keeps_nothing(evening: Evening) -> None:
    host = await evening.arrive("host", now=NOW - timedelta(minutes=15))
    placed = await evening.room.order(host, now=NOW - timedelta(minutes=12))
    await evening.arrive("late", now=NOW - timedelta(minutes=10))
    assert await evening.complete(placed.order_id) == host.sitting_id


async def test_an_order_outlives_a_release_by_force_and_its_guest_may_cancel_it(
    evening: Evening,
) -> None:
    guest = await evening.arrive("phone")
    placed = await evening.room.order(guest)
    await evening.release_by_force(guest)

    again = await evening.come_back("phone")
    assert (again.visit_id != guest.visit_id, again.sitting_id) == (True, None)
    async with reading() as session:
        mine = await queries.my_orders(session, restaurant_id=evening.room.info.id, guest=again)
        page = await order_page(
            session,
            restaurant=evening.room.info,
            guest=again,
            order_id=placed.order_id,
            language="en",
            now=DONE_AT,
        )
    assert ([order.order_id for order in mine], page.can_change) == ([placed.order_id], True)
    async with transaction() as session:
        change = await taking_back.cancel_by_guest(
            session,
            restaurant=evening.room.info,
            guest=again,
            order_id=placed.order_id,
            now=DONE_AT,
        )
    assert change.status == "cancelled"


async def test_orders_of_one_browser_are_counted_together_and_nobody_else_s(
    evening: Evening,
) -> None:
    guest = await evening.arrive("phone")
    await evening.room.order(guest)
    await evening.release_by_force(guest)
    again, stranger = await evening.come_back("phone"), await evening.arrive("stranger")
    async with reading() as session:
        counts = [await count_own(session, guest=one) for one in (again, stranger)]
    assert counts == [1, 0]


async def test_an_order_taken_back_after_a_release_waits_in_the_new_cart(evening: Evening) -> None:
    guest = await evening.arrive("phone")
    placed = await evening.room.order(guest, WantedLine(evening.room.pizza.id, 2))
    await evening.release_by_force(guest)
    again = await evening.come_back("phone")
    async with transaction() as session:
        await taking_back.take_back_into_cart(
            session,
            restaurant=evening.room.info,
            guest=again,
            order_id=placed.order_id,
            now=DONE_AT,
        )
        cart = await carts.view_cart(
            session, restaurant=evening.room.info, guest=again, now=DONE_AT
        )
    assert [(line.dish_id, line.quantity) for line in cart.lines] == [(evening.room.pizza.id, 2)]


async def test_the_next_guest_at_that_table_cannot_cancel_what_stayed_open(
    evening: Evening,
) -> None:
    guest = await evening.arrive("phone")
    placed = await evening.room.order(guest)
    await evening.release_by_force(guest)
    stranger = await evening.arrive("stranger", now=DONE_AT)
    async with transaction() as session:
        await agree(session, evening.room.info, stranger, now=DONE_AT)
    for take_back in (taking_back.cancel_by_guest, taking_back.take_back_into_cart):
        with pytest.raises(UnknownOrderError):
            async with transaction() as session:
                await take_back(
                    session,
                    restaurant=evening.room.info,
                    guest=stranger,
                    order_id=placed.order_id,
                    now=DONE_AT,
                )
    async with reading() as session:
        assert await session.scalar(sa.select(col(Order.order_status))) == "pending"
