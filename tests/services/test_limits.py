"""Counting tries in the database: exact under concurrency, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import RateLimit
from services.base import limits
from services.base.database import reading, transaction
from services.base.errors import TooManyTriesError

NOW = datetime(2026, 5, 3, 18, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
pytestmark = pytest.mark.usefixtures("database")


async def _try(key: str = "login:ana@example.org", *, limit: int = 3, at: datetime = NOW) -> int:
    async with transaction() as session:
        return await limits.count_try(session, key=key, limit=limit, window=WINDOW, now=at)


async def test_forty_tries_at_once_are_allowed_exactly_as_often_as_the_limit_says() -> None:
    results = await asyncio.gather(*(_try(limit=10) for _ in range(40)), return_exceptions=True)
    assert sorted(r for r in results if isinstance(r, int)) == list(range(1, 11))
    refused = [r for r in results if isinstance(r, TooManyTriesError)]
    assert len(refused) == 30
    assert {r.retry_after_seconds for r in refused} == {900}


async def test_a_refused_try_does_not_move_the_window() -> None:
    for _ in range(3):
        await _try()
    with pytest.raises(TooManyTriesError) as refused:
        await _try(at=NOW + timedelta(minutes=14, seconds=59))
    assert refused.value.retry_after_seconds == 1
    assert await _try(at=NOW + WINDOW) == 1


async def test_keys_do_not_share_a_count_and_clear_forgets_only_one() -> None:
    assert [await _try("a", limit=2), await _try("a", limit=2), await _try("b", limit=2)] == [
        1,
        2,
        1,
    ]
    async with transaction() as session:
        await limits.clear(session, key="a")
    assert [await _try("a", limit=2), await _try("b", limit=2)] == [1, 2]


async def test_the_key_is_stored_only_as_a_hash() -> None:
    await _try("login:address:203.0.113.7")
    async with reading() as session:
        stored = await session.scalar(sa.select(col(RateLimit.key_hash)))
    assert stored is not None
    assert len(stored) == 64
    assert "203.0.113.7" not in stored


async def test_purging_deletes_only_windows_that_are_over() -> None:
    await _try("old")
    await _try("new", at=NOW + timedelta(minutes=10))
    async with transaction() as session:
        assert await limits.purge_expired(session, now=NOW + WINDOW) == 1
    assert await _try("new", at=NOW + timedelta(minutes=16)) == 2
