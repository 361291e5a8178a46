"""Handlers that are cut off, and a database that is locked or away: guests lose nothing."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest
import sqlalchemy as sa

from models.enums import Role
from models.ordering import Order
from services.base import database as base
from services.base.database import reading, transaction
from state import doors
from tests.security.sockets import Sockets, open_sockets
from tests.security.worlds import World, make_world

ROOT = "reflex___state____state"
CART = f"{ROOT}.state___guest___cart____cart_state"
DISH = f"{ROOT}.state___guest___dish____dish_state"
FLOOR = f"{ROOT}.state___staff___floor____floor_state"
BOARD = f"{ROOT}.state___staff___board____board_state"
AWAY = "This cannot be reached right now. Nothing is lost: please try again in a moment."
NOT_SENT = "The order was not sent. Nothing is lost: your cart is as it was."
# Another process that holds SQLite's write lock until its input ends.
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
async def here(sqlite_database: object) -> World:
    return await make_world()


@pytest.fixture
async def sockets(sqlite_database: object) -> AsyncIterator[Sockets]:
    async with open_sockets() as opened:
        yield opened


async def _order_count(world: World) -> int:
    async with reading() as session:
        found = await session.scalar(
            sa.select(sa.func.count())
            .select_from(Order)
            .where(sa.column("restaurant_id") == world.info.id)
        )
    return found or 0


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - a var tells nobody that it has changed
            await asyncio.sleep(0.02)


async def test_three_hundred_cancelled_handlers_do_not_hold_up_the_next_order(
    here: World, sockets: Sockets
) -> None:
    """Every tenth of a millisecond another one is cut off, with its socket, wherever it stands."""
    dish = {"dish_id": str(here.ids["dish_id"])}
    kinds = [
        (DISH + ".add_at_once", dish, here.guest_cookie, f"/menu/{here.slug}"),
        (CART + ".set_note", {"note": "quick"}, here.guest_cookie, f"/menu/{here.slug}"),
        (FLOOR + ".live", {}, here.staff_cookie(Role.OWNER), "/staff/floor"),
        (BOARD + ".live", {}, here.staff_cookie(Role.KITCHEN), "/staff/orders"),
    ]
    tabs = [sockets.tab(cookie=cookie, path=path) for _, _, cookie, path in kinds]
    for number in range(300):
        (handler, payload, _, _), one = kinds[number % 4], tabs[number % 4]
        future = await one.start(handler, payload)
        await asyncio.sleep(number % 30 / 2000)
        future.cancel()
    guest = sockets.tab(cookie=here.guest_cookie, path=f"/menu/{here.slug}")
    before = await _order_count(here)
    async with asyncio.timeout(10):
        await guest.send(CART + ".open")
        await guest.send(CART + ".send")
    assert await _order_count(here) == before + 1
    assert [repr(one) for one in sockets.failures] == []


async def test_a_locked_database_is_told_the_cart_is_kept_and_a_second_try_orders(
    here: World, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    await base.dispose()
    monkeypatch.setattr(base, "BUSY_SECONDS", 1)
    guest = sockets.tab(cookie=here.guest_cookie, path=f"/menu/{here.slug}/orders")
    await guest.send(CART + ".open")
    path = str(base.engine().url.database)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOCKER, path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdin is not None
    await other.stdout.readline()
    await guest.send(CART + ".send")
    await guest.send(DISH + ".add_at_once", {"dish_id": str(here.ids["dish_id"])})
    other.stdin.close()
    await other.wait()
    assert NOT_SENT in guest.values("problem")
    assert guest.told()[-1] == AWAY
    assert guest.values("is_sending")[-1] is False
    assert guest.values("count")[-1] == 1
    assert await _order_count(here) == 1

    await guest.send(CART + ".send")
    assert await _order_count(here) == 2
    assert [repr(one) for one in sockets.failures] == []


async def test_a_database_that_is_away_is_told_and_screens_come_back_by_themselves(
    here: World, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "RETRY_SECONDS", 0.05)
    guest = sockets.tab(cookie=here.guest_cookie, path=f"/menu/{here.slug}/orders")
    cook = sockets.tab(cookie=here.staff_cookie(Role.KITCHEN), path="/login")
    with monkeypatch.context() as outage:
        # A folder in the place of the file: nothing can be opened there.
        away = base._Database("sqlite+aiosqlite:////proc/self/fd")
        outage.setattr(base, "_database", away)
        await guest.send(CART + ".open")
        board = await cook.start(BOARD + ".live")
        await _until(lambda: len(cook.told()) > 1)
        assert set(guest.told()) == {AWAY}
        assert set(cook.told()) == {AWAY}
        assert not any(cook.values("is_ready"))
        await away.engine.dispose()

    await _until(lambda: any(cook.values("is_ready")))
    await guest.send(CART + ".open")
    assert guest.values("is_open")[-1] is True
    board.cancel()
    assert [repr(one) for one in sockets.failures] == []


async def test_a_value_no_database_can_hold_is_refused(database: object) -> None:
    """On both databases: a NUL character, half a surrogate pair, a number beyond 64 bits."""
    from services.base.errors import InvalidInputError

    for number, value in (("note", "a\ud800b"), ("count", 2**80)):
        column = {"note": "name", "count": "menu_version"}[number]
        with pytest.raises(InvalidInputError, match=r"That cannot be\."):
            async with transaction() as session:
                await session.execute(
                    sa.text(f"UPDATE restaurants SET {column} = :value").bindparams(value=value)
                )
