"""The database: one engine a process, `transaction()` to write, `reading()` to read."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from services.base import sqlite
from services.base.errors import InvalidInputError, UnavailableError
from services.base.idle_connections import ask_idle_ones
from services.base.settings import settings
from services.base.short_ids import shorten_ids
from services.base.texts import N_

T = TypeVar("T")
BUSY_SECONDS = 10
# How long somebody waits for a connection while all are taken, before they are told to come again.
POOL_SECONDS = 5
WRITES = "smartmenu_writes"
# What no column can hold: a number beyond 64 bits, a NUL character, half of a surrogate pair.
_CANNOT_BE_STORED = (DataError, OverflowError, UnicodeEncodeError)


class _Database:
    """The engine of one process, and the queue of its writers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        self.writing_engine = self.engine.execution_options(**{WRITES: True})
        # SQLite has one writer. Queueing here is fair and cheap; without it the driver's
        # threads poll the file's lock and the unlucky ones wait for seconds.
        self.writer_lock = asyncio.Lock() if self.is_sqlite else None
        # Of those who can wait only the first stands in that queue: whoever cannot is before the
        # others.
        self.patient_lock = asyncio.Lock() if self.is_sqlite else None


_database: _Database | None = None


def database() -> _Database:
    """The database of this process, made on first use, not at import: workers are forked."""
    global _database  # noqa: PLW0603 - one engine a process
    if _database is None:
        _database = _Database(settings().database_url)
    return _database


def engine() -> AsyncEngine:
    """The engine of this process, for migrations, health checks and tests."""
    return database().engine


async def dispose() -> None:
    """Close every connection; the next call opens a new engine."""
    global _database  # noqa: PLW0603 - one engine a process
    if _database is not None:
        await _database.engine.dispose()
        _database = None


@contextlib.asynccontextmanager
async def transaction(*, is_urgent: bool = False) -> AsyncGenerator[AsyncSession]:
    """A session that commits at the end, or rolls back on any error.

    Once the end is reached it is finished even when the caller is cancelled: a handler cancelled in
    the middle must not leave SQLite's write lock behind, or every later order hangs.

    Args:
        is_urgent: goes before everybody who waits to write on SQLite. For what is short, and for
            whoever must be answered in milliseconds.

    Raises:
        UnavailableError: the database is locked or away.
        InvalidInputError: a value is none that a database can hold.
    """
    base = database()
    if base.writer_lock is not None and base.patient_lock is not None:
        locks = (base.writer_lock,) if is_urgent else (base.patient_lock, base.writer_lock)
        async with _turn(*locks), _session(base.writing_engine, commits=True) as session:
            yield session
    else:
        async with _session(base.writing_engine, commits=True) as session:
            yield session


@contextlib.asynccontextmanager
async def reading() -> AsyncGenerator[AsyncSession]:
    """A session for reads; whatever it changed is rolled back.

    Raises:
        UnavailableError: the database is locked or away.
    """
    async with _session(database().engine, commits=False) as session:
        yield session


@contextlib.asynccontextmanager
async def _turn(*locks: asyncio.Lock) -> AsyncGenerator[None]:
    """One writer after the other. Who has waited too long is told, and makes room.

    With the file locked by another process each writer in front waits for the whole busy timeout:
    the tenth in the queue would hear of it after a minute and a half.
    """
    async with contextlib.AsyncExitStack() as held:
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                for lock in locks:
                    await held.enter_async_context(lock)
        except TimeoutError as error:
            raise _unavailable() from error
        yield


@contextlib.asynccontextmanager
async def _session(bind: AsyncEngine, *, commits: bool) -> AsyncGenerator[AsyncSession]:
    session = AsyncSession(bind, expire_on_commit=False)
    try:
        yield session
        if commits:
            await _to_the_end(session.commit())
    except _CANNOT_BE_STORED as error:
        await _to_the_end(session.rollback())
        msg = N_("That cannot be.")
        raise InvalidInputError(msg) from error
    except (OperationalError, InterfaceError, PoolTimeoutError, DBAPIError) as error:
        await _to_the_end(session.rollback())
        if _is_outage(error):
            raise _unavailable() from error
        raise
    except BaseException:
        await _to_the_end(session.rollback())
        raise
    finally:
        await _to_the_end(session.close())


def _unavailable() -> UnavailableError:
    msg = N_("This cannot be reached right now. Nothing is lost: please try again in a moment.")
    return UnavailableError(msg)


def _is_outage(error: Exception) -> bool:
    if isinstance(error, PoolTimeoutError | OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


async def _to_the_end(work: Awaitable[T]) -> T:
    """Await to the end whatever happens to the caller; its cancellation is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except BaseException:  # noqa: BLE001, S110 - raised by task.result() below
            pass
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result


def _sqlite_engine(url: str) -> AsyncEngine:
    path = sa.make_url(url).database
    if path:
        from pathlib import Path  # noqa: PLC0415 - only for file databases

        Path(path).parent.mkdir(parents=True, exist_ok=True)
    made = create_async_engine(
        url,
        # What people typed stands in the parameters, and errors go to the log.
        hide_parameters=True,
        # isolation_level None: the driver starts no transaction of its own; _begin does.
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_SECONDS,
            "async_creator_fn": sqlite.connection,
        },
        pool_size=8,
        max_overflow=8,
        # The last one given back is the next one taken: its pages are in memory and still true,
        # where another's are read again after each commit that it has not made itself.
        pool_use_lifo=True,
        pool_timeout=BUSY_SECONDS,
    )
    shorten_ids(made)
    event.listen(made.sync_engine, "connect", _set_pragmas)
    event.listen(made.sync_engine, "begin", _begin)
    return made


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-20000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # Tried: with a deferred begin, 40 parallel read-then-"+1" raised a counter by 1 without an
    # error.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres_engine(url: str) -> AsyncEngine:
    made = create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        # As above: here it is plans and prepared statements that are kept.
        pool_use_lifo=True,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
        # Without a limit a row that somebody holds for minutes takes the whole pool with it.
        connect_args={
            "connect_timeout": 5,
            # Compiling a statement takes longer than the slowest of ours.
            "options": f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c jit=off",
        },
    )
    ask_idle_ones(made)
    return made
