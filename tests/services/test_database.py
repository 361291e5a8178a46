"""`transaction()` and `reading()`: nothing is lost, nothing stays locked, outages have a name."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.restaurants import Restaurant
from services.base import database as base
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from tests.builders import make_restaurant
from tests.databases import DatabaseUnderTest, PostgresServer

# Another process that holds SQLite's write lock until its input ends.
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


async def _version() -> int | None:
    async with reading() as session:
        return await session.scalar(sa.select(col(Restaurant.menu_version)))


async def _add_one_by_reading_first(pause_seconds: float = 0) -> None:
    async with transaction() as session:
        row = (await session.scalars(sa.select(Restaurant).with_for_update())).one()
        version = row.menu_version
        await asyncio.sleep(pause_seconds)
        row.menu_version = version + 1


@pytest.mark.usefixtures("database")
async def test_forty_parallel_read_then_plus_one_count_to_forty() -> None:
    async with transaction() as session:
        await make_restaurant(session, menu_version=0)

    await asyncio.gather(*(_add_one_by_reading_first() for _ in range(40)))

    assert await _version() == 40


@pytest.mark.usefixtures("sqlite_database")
async def test_sqlite_locks_before_the_first_read() -> None:
    """Another connection that wants to write waits although this one has only read so far."""
    async with transaction() as session:
        await make_restaurant(session, menu_version=0)

    async with transaction() as session:
        await session.scalar(sa.select(col(Restaurant.menu_version)))
        other = sqlite3.connect(str(base.engine().url.database), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("UPDATE restaurants SET menu_version = 7")
        other.close()


async def _write_and_fail() -> None:
    async with transaction() as session:
        await session.execute(sa.update(Restaurant).values(menu_version=6))
        _ = 1 // 0


@pytest.mark.usefixtures("database")
async def test_an_error_takes_everything_back() -> None:
    async with transaction() as session:
        await make_restaurant(session, menu_version=5)

    with pytest.raises(ZeroDivisionError):
        await _write_and_fail()

    assert await _version() == 5


@pytest.mark.usefixtures("database")
async def test_what_reading_changes_is_not_kept() -> None:
    async with transaction() as session:
        await make_restaurant(session, menu_version=5)

    async with reading() as session:
        await session.execute(sa.update(Restaurant).values(menu_version=6))

    assert await _version() == 5


@pytest.mark.usefixtures("database")
async def test_a_commit_that_has_begun_is_finished_when_its_caller_is_cancelled() -> None:
    async with transaction() as session:
        await make_restaurant(session, menu_version=0)
    at_the_end = asyncio.Event()

    async def write() -> None:
        async with transaction() as session:
            await session.execute(sa.update(Restaurant).values(menu_version=1))
            at_the_end.set()

    task = asyncio.create_task(write())
    await at_the_end.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await _version() == 1


@pytest.mark.usefixtures("database")
async def test_three_hundred_cancelled_writers_leave_no_lock_behind() -> None:
    """Reflex cancels handlers when a guest walks out of the page; the next guest must not wait."""
    async with transaction() as session:
        await make_restaurant(session, menu_version=0)
    rng = random.Random(4)

    async def cancelled_write() -> bool:
        task = asyncio.create_task(_add_one_by_reading_first(0.002))
        await asyncio.sleep(rng.uniform(0, 0.25))
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return False
        return True

    finished = 0
    for _ in range(6):
        finished += sum(await asyncio.gather(*(cancelled_write() for _ in range(50))))
    before = await _version()
    # With a lock left behind it would wait for the whole busy timeout, twice as long.
    await asyncio.wait_for(_add_one_by_reading_first(), base.BUSY_SECONDS / 2)

    assert before is not None
    # A writer cancelled during its commit is finished and cancelled: never fewer.
    assert finished <= before <= 300
    assert await _version() == before + 1


async def test_a_file_locked_by_another_process_is_an_outage(
    sqlite_database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with transaction() as session:
        await make_restaurant(session, menu_version=5)
    await base.dispose()
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.2)
    path = sa.make_url(sqlite_database.url).database
    locker = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
        [sys.executable, "-c", LOCKER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert locker.stdout is not None
    assert locker.stdout.readline() == "locked\n"
    try:
        with pytest.raises(UnavailableError, match="cannot be reached right now"):
            await _add_one_by_reading_first()
        assert await _version() == 5
    finally:
        locker.communicate("")
    await _add_one_by_reading_first()
    assert await _version() == 6


async def test_a_row_locked_for_long_is_an_outage_on_postgres(
    postgres_server: PostgresServer,
    postgres_template: str,
    use_database: Callable[[str], DatabaseUnderTest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.2)
    use_database(postgres_server.create("locked", template=postgres_template))
    async with transaction() as session:
        await make_restaurant(session, menu_version=5)

    async with transaction() as session:
        await session.execute(sa.update(Restaurant).values(menu_version=6))
        with pytest.raises(UnavailableError, match="cannot be reached right now"):
            await _add_one_by_reading_first()

    assert await _version() == 6
    await base.dispose()
    postgres_server.drop("locked")


async def test_a_server_that_is_away_is_an_outage_for_readers_and_writers(
    use_database: Callable[[str], DatabaseUnderTest],
) -> None:
    use_database("postgresql+psycopg://postgres@/nowhere?host=/nonexistent/folder")

    with pytest.raises(UnavailableError, match="cannot be reached right now"):
        await _version()
    with pytest.raises(UnavailableError, match="cannot be reached right now"):
        await _add_one_by_reading_first()
    await base.dispose()


async def test_a_server_that_comes_back_is_used_again(
    postgres_server: PostgresServer,
    postgres_template: str,
    use_database: Callable[[str], DatabaseUnderTest],
) -> None:
    use_database(postgres_server.create("cut", template=postgres_template))
    async with transaction() as session:
        await make_restaurant(session, menu_version=5)

    async with transaction() as session:
        await session.scalar(sa.select(sa.text("1")))
        postgres_server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'"
        )
        with pytest.raises(Exception, match=r"terminat|closed"):
            await session.scalar(sa.select(sa.text("1")))
        await session.rollback()

    assert await _version() == 5
    await base.dispose()
    postgres_server.drop("cut")


@pytest.mark.usefixtures("sqlite_database")
async def test_who_is_urgent_writes_next_however_many_wait() -> None:
    written: list[str] = []

    async def write(name: str, *, is_urgent: bool = False) -> None:
        async with transaction(is_urgent=is_urgent):
            written.append(name)

    async with transaction():
        waiting = [asyncio.ensure_future(write(f"patient {number}")) for number in range(4)]
        await asyncio.sleep(0)
        waiting.append(asyncio.ensure_future(write("urgent", is_urgent=True)))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert written == ["urgent", *(f"patient {number}" for number in range(4))]


@pytest.mark.usefixtures("sqlite_database")
async def test_who_gives_up_waiting_to_write_keeps_nobody_from_it() -> None:
    async def write() -> str:
        async with transaction():
            return "written"

    async with transaction():
        impatient = [asyncio.ensure_future(write()) for _ in range(3)]
        patient = asyncio.ensure_future(write())
        await asyncio.sleep(0)
        for one in impatient:
            one.cancel()
        await asyncio.sleep(0)
    assert await patient == "written"
    assert all(one.cancelled() for one in impatient)


@pytest.mark.usefixtures("database")
async def test_one_after_the_other_takes_the_same_connection() -> None:
    async def which(together: asyncio.Barrier | None = None) -> int:
        async with reading() as session:
            raw = await (await session.connection()).get_raw_connection()
            if together is not None:
                await together.wait()
            return id(raw.driver_connection)

    together = asyncio.Barrier(5)
    at_once = await asyncio.gather(*(which(together) for _ in range(5)))
    assert len(set(at_once)) == 5
    assert len({await which() for _ in range(6)}) == 1
