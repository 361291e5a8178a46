"""A connection that lay idle is asked before somebody gets it; one that was just used is not."""

import pytest
import sqlalchemy as sa

from services.base import idle_connections
from services.base.database import reading
from services.base.errors import UnavailableError
from tests.databases import DatabaseUnderTest, PostgresServer

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
ENDED = "SELECT pg_terminate_backend({}, 5000)"


async def _process() -> int:
    """The server's process behind the connection that the next reader gets."""
    async with reading() as session:
        return int(await session.scalar(sa.text("SELECT pg_backend_pid()")) or 0)


@on_postgres
async def test_who_comes_after_a_restart_notices_nothing(
    database: DatabaseUnderTest,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(idle_connections, "IDLE_SECONDS", 0.0)
    before = await _process()
    postgres_server.run(ENDED.format(before))
    assert await _process() not in {0, before}


@on_postgres
async def test_under_load_nobody_asks_and_one_is_told_to_come_again(
    database: DatabaseUnderTest,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(idle_connections, "IDLE_SECONDS", 3600.0)
    before = await _process()
    assert await _process() == before
    postgres_server.run(ENDED.format(before))
    with pytest.raises(UnavailableError):
        await _process()
    assert await _process() not in {0, before}
