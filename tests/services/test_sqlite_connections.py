"""A connection to SQLite ends, whoever ends it and however often."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from services.base import sqlite


async def _opened(path: Path) -> sqlite._Connection:
    made = sqlite.connection(str(path))
    await made
    await made.execute("CREATE TABLE IF NOT EXISTS dish (name TEXT)")
    await made.execute("INSERT INTO dish VALUES ('soup')")
    return made


def _is_free(path: Path) -> bool:
    with contextlib.closing(sqlite.sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
    return True


async def _ends(work: asyncio.Future[None]) -> None:
    done, _ = await asyncio.wait({work}, timeout=30)
    assert done, "who closes a connection waits for ever"
    work.result()


@pytest.mark.parametrize("steps", range(6))
async def test_a_close_that_is_overtaken_by_a_stop_ends(tmp_path: Path, steps: int) -> None:
    # As SQLAlchemy does it: the task that closes is cut off, and what it began goes on by itself.
    path = tmp_path / "one.db"
    connection = await _opened(path)
    closing = asyncio.ensure_future(connection.close())
    for _ in range(steps):
        await asyncio.sleep(0)
    connection.stop()
    await _ends(closing)
    connection._thread.join(30)
    assert not connection._thread.is_alive()
    assert _is_free(path)


async def test_closing_again_ends_too_and_nothing_uncommitted_stays(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    connection = await _opened(path)
    connection.stop()
    for _ in range(3):
        await _ends(asyncio.ensure_future(connection.close()))
        connection.stop()
    again = sqlite.connection(str(path))
    await again
    found = await again.cursor().execute("SELECT count(*) FROM dish")
    assert await found.fetchone() == (0,)
    await again.close()
