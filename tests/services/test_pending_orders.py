"""Cookies can be made up: what waits for staff at one table has a limit of its own."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderChannel, OrderKind
from models.ordering import Order
from models.visits import Visit
from services.base.database import transaction
from services.identity.types import Guest
from services.ordering import rules
from services.ordering.errors import TooManyPendingError
from tests.builders import make_area, make_table
from tests.services.ordering_room import Room, count, make_room

LIMIT = 3

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_PENDING_AT_TABLE", LIMIT)
    monkeypatch.setattr(rules, "MAX_PENDING_IN_AREA", LIMIT)
    monkeypatch.setattr(rules, "MAX_PENDING_BROUGHT", LIMIT)


async def _fill(room: Room) -> list[Guest]:
    guests = [await room.guest() for _ in range(LIMIT)]
    for number, guest in enumerate(guests):
        await room.order(guest, key=f"first-key-{number}")
    return guests


async def _accept(number: int) -> None:
    async with transaction() as session:
        await session.execute(
            sa.update(Order).where(col(Order.number) == number).values(order_status="preparing")
        )


async def test_new_guests_without_end_cannot_fill_the_board_from_one_table() -> None:
    room = await make_room()
    guests = await _fill(room)

    with pytest.raises(TooManyPendingError):
        await room.order(await room.guest(), key="a-stranger-1")
    with pytest.raises(TooManyPendingError):
        await room.order(guests[0], key="another-one-1")
    assert await count(Order) == LIMIT

    await _accept(1)
    await room.order(await room.guest(), key="a-stranger-1")
    with pytest.raises(TooManyPendingError):
        await room.order(await room.guest(), key="a-stranger-2")


async def test_a_key_that_placed_its_order_finds_it_at_a_full_table() -> None:
    room = await make_room()
    guests = await _fill(room)

    again = await room.order(guests[0], key="first-key-0")

    assert (again.is_new, again.number) == (False, 1)


async def test_what_waits_at_one_table_keeps_no_other_from_ordering() -> None:
    room = await make_room()
    await _fill(room)
    async with transaction() as session:
        other = await make_table(session, restaurant=room.row, table_number="8")

    placed = await room.order(await room.guest(table=other), key="neighbour-1")
    brought = await room.order(await room.guest(), key="delivered-1", kind=OrderKind.DELIVERY)

    assert placed.is_new
    assert brought.is_new


async def test_an_area_without_tables_has_a_limit_too() -> None:
    room = await make_room()
    async with transaction() as session:
        bar = await make_area(session, restaurant=room.row, name="Bar")

    async def guest() -> Guest:
        found = await room.guest()
        async with transaction() as session:
            await session.execute(
                sa.update(Visit)
                .where(col(Visit.id) == found.visit_id)
                .values(table_id=None, area_id=bar.id)
            )
        return found

    for number in range(LIMIT):
        await room.order(await guest(), key=f"at-the-bar-{number}")
    with pytest.raises(TooManyPendingError):
        await room.order(await guest(), key="at-the-bar-x")
    # At a table nearby nothing waits.
    assert (await room.order(await room.guest(), key="at-a-table-1")).is_new


async def test_a_flyer_fills_no_board_either() -> None:
    """Its code hangs outside; over WhatsApp nobody makes up who they are."""
    room = await make_room()

    async def bring(key: str, **more: Any) -> None:
        guest = await room.guest()
        async with transaction() as session:
            await session.execute(sa.update(Visit).values(table_id=None, area_id=None))
        assert (await room.order(guest, key=key, kind=OrderKind.DELIVERY, **more)).is_new

    for number in range(LIMIT):
        await bring(f"over-whatsapp-{number}", channel=OrderChannel.WHATSAPP)
        await bring(f"from-a-flyer-{number}")
    with pytest.raises(TooManyPendingError):
        await bring("from-a-flyer-x")
    await bring("over-whatsapp-x", channel=OrderChannel.WHATSAPP)
    assert (await room.order(await room.guest(), key="at-a-table-1")).is_new

    await _accept(2)
    await bring("from-a-flyer-x")


async def test_all_at_once_exceed_the_limit_by_no_more_than_came_at_once() -> None:
    room = await make_room()
    guests = [await room.guest() for _ in range(4 * LIMIT)]

    async def order(number: int, guest: Guest) -> bool:
        try:
            await room.order(guest, key=f"all-at-once-{number}")
        except TooManyPendingError:
            return False
        return True

    for start in range(0, len(guests), LIMIT):
        some = list(enumerate(guests))[start : start + LIMIT]
        await asyncio.gather(*(order(number, guest) for number, guest in some))

    assert LIMIT <= await count(Order) < 2 * LIMIT
