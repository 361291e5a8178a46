"""A disk that is full: guests are told, nothing is half, and with room again orders go on.

The disk is a tmpfs of a few megabytes, filled to the last byte: SQLite meets the real ENOSPC, in
its write-ahead log. Mounting takes root; without it the test says that it did not run, and the
one with `max_page_count`, which fails at the same place with the same error but never in the log,
stands alone.
"""

import os
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from models.ordering import Cart, Order, OrderLine
from services.base import database as base
from services.base.database import reading
from smartmenu.http import edge as wiring
from tests.databases import DatabaseUnderTest
from tests.security.sockets import Sockets, open_sockets
from tests.security.worlds import World, make_world

CART = "reflex___state____state.state___guest___cart____cart_state"
NOT_SENT = "The order was not sent. Nothing is lost: your cart is as it was."
TMPFS_BYTES = 4 * 1024 * 1024


@pytest.fixture
async def sockets(sqlite_database: object) -> AsyncIterator[Sockets]:
    async with open_sockets() as opened:
        yield opened


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk; the page limit's test stands in")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def _order(world: World) -> httpx.Response:
    transport = httpx.ASGITransport(wiring.edge(Starlette()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        return await client.post(
            f"/menu/{world.slug}/orders",
            json={
                "table": world.table_code,
                "lines": [{"dish_id": str(world.ids["dish_id"]), "quantity": 2}],
            },
            headers={"idempotency-key": str(uuid.uuid4()), "sec-fetch-site": "same-origin"},
        )


async def _counts() -> tuple[int, int, int]:
    async with reading() as session:
        orders = await session.scalar(sa.select(sa.func.count()).select_from(Order))
        lines = await session.scalar(sa.select(sa.func.count()).select_from(OrderLine))
        sent = await session.scalar(
            sa.select(sa.func.count(sa.column("submitted_at"))).select_from(Cart)
        )
    return orders or 0, lines or 0, sent or 0


async def _check_refusals(world: World, sockets: Sockets, make_room: Callable[[], None]) -> None:
    """Orders are refused in words while the disk is full, and taken when it is not."""
    before = await _counts()
    guest = sockets.tab(cookie=world.guest_cookie, path=f"/menu/{world.slug}/orders")
    await guest.send(CART + ".open")
    answers = [await _order(world) for _ in range(3)]
    await guest.send(CART + ".send")
    assert [(one.status_code, one.headers.get("retry-after")) for one in answers] == [
        (503, "5")
    ] * 3
    assert NOT_SENT in guest.values("problem")
    assert await _counts() == before

    make_room()
    assert (await _order(world)).status_code == 201
    await guest.send(CART + ".send")
    assert await _counts() == (before[0] + 2, before[1] + 2, before[2] + 1)
    assert [repr(one) for one in sockets.failures] == []
    async with base.engine().connect() as connection:
        assert (await connection.execute(sa.text("PRAGMA integrity_check"))).scalar() == "ok"


async def test_a_full_disk_refuses_orders_in_words_and_leaves_none_half(
    small_disk: Path,
    sqlite_template: Path,
    use_database: Callable[[str], DatabaseUnderTest],
    sockets: Sockets,
) -> None:
    """Protection: `database._is_outage` knows the driver's error; one transaction an order."""
    shutil.copy(sqlite_template, small_disk / "full.db")
    use_database(f"sqlite+aiosqlite:///{small_disk / 'full.db'}")
    world = await make_world()
    with _filled(small_disk) as make_room:
        await _check_refusals(world, sockets, make_room)
    await base.dispose()


@contextmanager
def _filled(folder: Path) -> Iterator[Callable[[], None]]:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    assert os.statvfs(folder).f_bavail == 0

    def make_room() -> None:
        ballast.unlink()

    yield make_room


async def test_a_database_that_may_not_grow_refuses_orders_in_words(
    sqlite_database: DatabaseUnderTest,
) -> None:
    """SQLITE_FULL by the page limit of every connection, in the place of a disk."""
    world = await make_world()
    await base.dispose()
    limits = {"pages": 0}

    def limit(connection: sa.engine.interfaces.DBAPIConnection, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count={limits['pages'] or 1_000_000}")
        cursor.close()

    sa.event.listen(base.engine().sync_engine, "checkout", limit)
    async with reading() as session:
        pages = (await session.execute(sa.text("PRAGMA page_count"))).scalar_one()
    limits["pages"] = int(pages)
    # What is free inside the file is used up first.
    for _ in range(300):
        before = await _counts()
        answer = await _order(world)
        if answer.status_code != 201:
            break
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert await _counts() == before
    assert before[0] == before[1]
    limits["pages"] = 0
    assert (await _order(world)).status_code == 201
