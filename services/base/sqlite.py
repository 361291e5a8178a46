"""SQLite connections that leave no lock behind, whatever happens to the task that used them."""

import contextlib
import sqlite3
from asyncio import Future
from typing import Any

import aiosqlite


class _Connection(aiosqlite.Connection):
    """Rolls back before it closes.

    SQLAlchemy closes a connection whose task was cancelled in the middle of a statement. The
    statement itself still runs in the driver's thread; its half-read cursor keeps the closed
    connection alive, write lock included, until the garbage collector comes by. Tried: 1 in 4 runs
    of 300 cancelled writers made the next one wait for the whole busy timeout.
    """

    async def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                await self.rollback()
        await super().close()

    def stop(self) -> Future[Any] | None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))  # pyright: ignore[reportUnknownMemberType]
        return super().stop()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def connection(path: str, **options: Any) -> _Connection:  # noqa: ANN401 - of sqlite3.connect
    """A connection as SQLAlchemy's `async_creator_fn` makes it; awaiting it opens it."""
    made = _Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    # A process that ends must not wait for the threads of its pool.
    # SQLAlchemy does the same to connections it makes itself.
    made._thread.daemon = True  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return made
