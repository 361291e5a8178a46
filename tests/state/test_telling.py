"""What follows the room reaches the browser without its State, which keeps it now and then."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import Membership
from models.enums import OrderKind, Role
from models.ordering import Order, OrderDelivery
from services import live
from services.base.database import transaction
from state import telling
from state.staff.board import BoardState
from tests.services.ordering_room import Room, make_room
from tests.state.screens import follow, logged_in_screen

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - a var wakes nobody
            await asyncio.sleep(0.01)


async def _order(room: Room, key: str = "key-00000001") -> str:
    placed = await room.order(await room.guest(), key=key)
    await live.publish([live.orders_topic(room.info.id)], "order", placed.order_id)
    return str(placed.order_id)


async def test_news_reach_the_browser_and_only_what_changed() -> None:
    room = await make_room()
    screen, heard = await logged_in_screen(BoardState, room.row), dict[str, Any]()
    following = follow(screen, "live", heard)
    await _until(lambda: screen.is_ready)
    assert heard == {}

    order_id = await _order(room)
    await _until(lambda: "new" in heard)
    following.cancel()

    assert [one.order_id for one in heard["new"].value] == [order_id]
    assert heard["order_count"] == 1
    assert not heard.keys() & {"preparing", "ready", "served", "is_ready"}
    assert screen.new == []


async def test_the_state_keeps_what_was_told_when_it_is_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = await make_room()
    screen, heard = await logged_in_screen(BoardState, room.row), dict[str, Any]()
    following = follow(screen, "live", heard)
    await _until(lambda: screen.is_ready)
    first = await _order(room)
    await _until(lambda: "new" in heard)

    monkeypatch.setattr(telling, "time", SimpleNamespace(monotonic=lambda: float("inf")))
    second = await _order(room, "key-00000002")
    await _until(lambda: screen.new != [])
    following.cancel()

    assert [one.order_id for one in screen.new] == [first, second]
    assert screen.order_count == 2
    assert [one.order_id for one in heard["new"].value] == [first]


async def test_a_state_that_was_lost_with_its_store_gets_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telling, "KEEP_SECONDS", (0.0, 0.0))
    room = await make_room()
    first = await _order(room)
    screen = await logged_in_screen(BoardState, room.row)
    following = follow(screen, "live")
    await _until(lambda: screen.is_ready)
    screen.is_ready, screen.new, screen.as_of_text = False, [], ""

    await live.publish([live.orders_topic(room.info.id)], "order")
    await _until(lambda: screen.is_ready)
    following.cancel()

    assert [one.order_id for one in screen.new] == [first]
    assert screen.as_of_text


async def test_addresses_leave_the_state_together_with_the_role_that_saw_them() -> None:
    room = await make_room()
    placed = await room.order(await room.guest())
    async with transaction() as session:
        await session.execute(
            sa.update(Order)
            .where(col(Order.id) == placed.order_id)
            .values(order_kind=OrderKind.DELIVERY)
        )
        session.add(OrderDelivery(restaurant_id=room.info.id, order_id=placed.order_id))
    screen, heard = await logged_in_screen(BoardState, room.row, Role.MANAGER), dict[str, Any]()
    following = follow(screen, "live", heard)
    await _until(lambda: screen.is_ready)
    with_address = screen.new[0].address

    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))
    await live.publish([live.orders_topic(room.info.id)], "order")
    await _until(lambda: screen.new[0].address != with_address)
    following.cancel()

    assert with_address
    assert screen.new[0].address == ""
