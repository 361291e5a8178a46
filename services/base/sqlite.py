"""SQLite connections that leave no lock behind, and ask their thread once for each statement."""

import asyncio
import contextlib
import sqlite3
from asyncio import Future
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Self

import aiosqlite


class _Cursor:
    """What SQLAlchemy expects of aiosqlite's cursor, with one trip to the connection's thread.

    aiosqlite makes four trips for a read: open, execute, fetch, close. Each hands the interpreter
    to another thread and back, which costs more than most of our statements. Everything is read
    and closed in the same trip, so a cancelled task leaves no half-read cursor either.
    """

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        await self._run("execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        await self._run("executemany", sql, parameters)
        return self

    async def fetchone(self) -> Any:  # noqa: ANN401 - a row
        return self._rows.popleft() if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        count = min(size or self.arraysize, len(self._rows))
        return [self._rows.popleft() for _ in range(count)]

    async def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def close(self) -> None:
        self._rows.clear()

    async def _run(self, method: str, sql: str, parameters: Iterable[Any]) -> None:
        self.description, self.rowcount, self.lastrowid, rows = await self._connection.ask(
            method, sql, parameters
        )
        self._rows = deque(rows)


class _Connection(aiosqlite.Connection):
    """Rolls back before it closes.

    SQLAlchemy closes a connection whose task was cancelled in the middle of a statement. The
    statement itself still runs in the driver's thread. Tried without: 1 in 4 runs of 300 cancelled
    writers made the next one wait for the whole busy timeout.
    """

    _ending: Future[Any] | None = None

    def cursor(self) -> _Cursor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return _Cursor(self)

    async def ask(
        self, method: str, sql: str, parameters: Iterable[Any]
    ) -> tuple[Sequence[Any] | None, int, int | None, list[Any]]:
        """Description, row count, last id and all rows of one statement."""

        def run() -> tuple[Sequence[Any] | None, int, int | None, list[Any]]:
            cursor = self._conn.cursor()
            try:
                getattr(cursor, method)(sql, parameters)
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, cursor.rowcount, cursor.lastrowid, rows
            finally:
                cursor.close()

        return await self._execute(run)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    async def close(self) -> None:
        if self._running and self._connection is not None:
            # Stopped in the middle of this, there is nothing to roll back any more.
            with contextlib.suppress(sqlite3.Error, ValueError):
                await self.rollback()
        if self._running:
            await super().close()
        elif self._ending is not None:
            await asyncio.shield(self._ending)

    def stop(self) -> Future[Any] | None:
        """Roll back, close and end the thread, once: a thread that has ended answers nobody.

        SQLAlchemy stops a connection whose close was cut off, while that close goes on by itself
        and stops it too. The second answer never came, and who waited for it never ended.
        """
        if self._running:
            if self._connection is not None:
                self._tx.put_nowait((None, self._connection.rollback))  # pyright: ignore[reportUnknownMemberType]
            self._ending = super().stop()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return self._ending


def connection(path: str, **options: Any) -> _Connection:  # noqa: ANN401 - of sqlite3.connect
    """A connection as SQLAlchemy's `async_creator_fn` makes it; awaiting it opens it."""
    made = _Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    # A process that ends must not wait for the threads of its pool.
    # SQLAlchemy does the same to connections it makes itself.
    made._thread.daemon = True  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return made
