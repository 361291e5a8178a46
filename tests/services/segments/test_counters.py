"""Processes that count: started once, for all restaurants, and missed when they end too early."""

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.profiles import CustomerProfile, ProfileSettings
from services.base.database import reading, transaction
from services.segments import counters, recompute
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.people import TODAY, at, guest

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _restaurant_without_profiles(guest_count: int) -> UUID:
    moments = [at(TODAY - timedelta(days=7 * week), 20) for week in (2, 1)]
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        for _ in range(guest_count):
            await guest(session, restaurant, moments)
        await session.execute(
            sa.delete(CustomerProfile).where(col(CustomerProfile.restaurant_id) == restaurant.id)
        )
    return restaurant.id


async def _visits(restaurant_id: UUID) -> list[int]:
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(CustomerProfile.total_visits)).where(
                col(CustomerProfile.restaurant_id) == restaurant_id
            )
        )
        return list(found)


async def test_two_processes_count_several_restaurants(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    begin = counters._start

    async def start() -> Any:
        process = await begin()
        started.append(process)
        return process

    monkeypatch.setattr(counters, "_start", start)
    monkeypatch.setattr(counters.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(recompute, "SMALL", 2)
    first, second, small = [await _restaurant_without_profiles(count) for count in (5, 3, 2)]
    assert await recompute.recompute_all(restaurant_ids=[first, second, small], now=NOW) == 10
    assert [await _visits(one) for one in (first, second, small)] == [[2] * 5, [2] * 3, [2] * 2]
    async with reading() as session:
        counts = await session.scalars(
            sa.select(col(ProfileSettings.customer_count)).order_by(
                col(ProfileSettings.customer_count)
            )
        )
        assert list(counts) == [2, 3, 5]
    assert len(started) == 2
    assert [process.returncode for process in started] == [0, 0]  # type: ignore[attr-defined]


async def test_a_process_that_ends_too_early_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "MODULE", "services.segments.no_such_module")
    monkeypatch.setattr(recompute, "SMALL", 0)
    restaurant_id = await _restaurant_without_profiles(1)
    with pytest.raises(RuntimeError, match="ended with 1"):
        await recompute.recompute_all(restaurant_ids=[restaurant_id], now=NOW)
    assert await _visits(restaurant_id) == []


async def test_what_fails_in_a_process_is_told_without_anybody_s_words(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(counters.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(recompute, "SMALL", 0)
    broken, whole = [await _restaurant_without_profiles(4) for _ in range(2)]
    async with transaction() as session:
        await session.execute(
            sa.text(
                "UPDATE customer_visits SET business_day = 'ana@example.com'"
                " WHERE restaurant_id = :id AND customer_id ="
                " (SELECT min(id) FROM customers WHERE restaurant_id = :id)"
            ),
            {"id": broken.bytes},
        )
    told: list[UUID] = []

    @contextmanager
    def keep(restaurant_id: UUID) -> Generator[None]:
        try:
            yield
        except RuntimeError:
            told.append(restaurant_id)

    await recompute.recompute_all(restaurant_ids=[broken, whole], now=NOW, keep=keep)
    assert told == [broken]
    # The other process has done its half of the broken one; the next restaurant found both.
    assert await _visits(whole) == [2] * 4
    said = capfd.readouterr()
    assert "ana@example.com" not in said.out + said.err
    assert "Traceback" not in said.out + said.err
    assert "customers_not_counted" in said.out


async def test_a_process_that_was_killed_is_replaced_for_the_next_restaurant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recompute, "SMALL", 0)
    monkeypatch.setattr(counters.os, "cpu_count", lambda: 1)
    first, second = [await _restaurant_without_profiles(2) for _ in range(2)]
    begin = counters._start
    started: list[Any] = []

    async def start() -> Any:
        process = await begin()
        if not started:
            process.kill()
        started.append(process)
        return process

    monkeypatch.setattr(counters, "_start", start)
    await recompute.recompute_all(
        restaurant_ids=[first, second], now=NOW, keep=lambda _: suppress(RuntimeError)
    )
    assert await _visits(first) == []
    assert await _visits(second) == [2, 2]
    assert [process.returncode for process in started] == [-signal.SIGKILL, 0]


async def test_a_job_that_is_stopped_leaves_no_process_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Any] = []
    counting = asyncio.Event()
    begin = counters._start

    async def start() -> Any:
        process = await begin()
        started.append(process)
        counting.set()
        return process

    monkeypatch.setattr(counters, "_start", start)
    monkeypatch.setattr(recompute, "SMALL", 0)
    restaurant_id = await _restaurant_without_profiles(1)
    job = asyncio.create_task(recompute.recompute_all(restaurant_ids=[restaurant_id], now=NOW))
    await counting.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert [process.returncode for process in started] == [-signal.SIGKILL]
