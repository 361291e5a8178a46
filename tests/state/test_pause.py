"""Pausing orders: who may, who sees it, and what a guest is told."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from models.enums import Role
from services import live
from services.base.database import reading
from services.menu.cache import cached_menu
from services.menu.page import menu_page
from services.ordering.errors import OrderingPausedError
from services.restaurants import queries
from state.staff.pause import PauseState
from tests.builders import NOW
from tests.services.ordering_room import make_room
from tests.state.screens import Background, call, logged_in_screen, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.KITCHEN])
async def test_the_kitchen_pauses_and_goes_on(role: Role) -> None:
    room = await make_room()
    guest = await room.guest()
    screen = await logged_in_screen(PauseState, room.row, role)
    topic = live.menu_topic(room.info.id)
    async with live.subscribe([topic]) as news:
        await call(screen, "set_paused", is_paused=True)
        assert [one.topic for one in await news.next(timeout_seconds=10)] == [topic]
    assert screen.is_paused is True

    with pytest.raises(OrderingPausedError) as refused:
        await room.order(guest)
    assert str(refused.value) == "Ordering is paused for the moment. Please ask our staff."
    async with reading() as session:
        info = await queries.get(session, room.info.id)
        menu = await cached_menu(session, restaurant=info, language="en")
    assert menu_page(menu, restaurant=info, now=NOW).hours_text == "Ordering is paused"

    await call(screen, "set_paused", is_paused=False)
    assert screen.is_paused is False
    assert (await room.order(guest)).number == 1


async def test_a_waiter_reads_it_but_cannot_switch_it() -> None:
    room = await make_room()
    screen = await logged_in_screen(PauseState, room.row, Role.WAITER)
    await call(screen, "set_paused", is_paused=True)
    assert await told(screen) == ("Your role does not allow this.", "bad")
    async with reading() as session:
        assert (await queries.get(session, room.info.id)).ordering_paused is False


async def test_open_screens_hear_of_it() -> None:
    room = await make_room()
    kitchen = await logged_in_screen(PauseState, room.row, Role.KITCHEN)
    waiter = await logged_in_screen(PauseState, room.row, Role.WAITER)
    following = asyncio.create_task(PauseState.event_handlers["live"].fn(Background(waiter)))
    await _until(lambda: bool(waiter.texts))
    assert (waiter.is_paused, waiter.may_pause) == (False, False)
    await call(kitchen, "set_paused", is_paused=True)
    await _until(lambda: waiter.is_paused)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - Reflex tells nobody when a Var changes
            await asyncio.sleep(0.01)
