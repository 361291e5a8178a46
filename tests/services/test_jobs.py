"""Jobs: any number of processes tick, one runs; a crash is taken over, a failure is tried again."""

import asyncio
import itertools
import os
import re
import signal
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.accounts import RateLimit
from models.events import CustomerEvent
from models.journal import JobClaim
from models.ordering import Cart, CartLine
from models.seating import Sitting
from models.visits import Visit
from services import live
from services.base import limits
from services.base.database import reading, transaction
from services.jobs import claims, runner, tidying
from services.jobs.register import JOBS
from services.jobs.types import Job
from tests.builders import (
    NOW,
    make_dish,
    make_restaurant,
    make_sitting,
    make_table,
    make_visit,
)

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)
# Of a job that runs each second, less the tenth by which it may be early.
A_PERIOD = timedelta(seconds=0.9)


class Counted:
    """A job that counts its runs, and fails or hangs when told to."""

    def __init__(self, *, fails: bool = False, seconds: float = 0.0) -> None:
        self.runs: list[datetime] = []
        self.began = asyncio.Event()
        self.fails = fails
        self.seconds = seconds

    async def __call__(self, now: datetime) -> None:
        self.runs.append(now)
        self.began.set()
        await asyncio.sleep(self.seconds)
        if self.fails:
            msg = "the oven is cold " * 40
            raise ValueError(msg)


async def _take(name: str = "a", *, by: str = "one", at: datetime = NOW) -> bool:
    async with transaction() as session:
        return await claims.take(session, name=name, by=by, every=MINUTE, lease=2 * MINUTE, now=at)


async def _finish(*, by: str = "one", at: datetime = NOW) -> bool:
    async with transaction() as session:
        return await claims.finish(session, name="a", by=by, now=at)


async def _row() -> JobClaim:
    async with reading() as session:
        row = await session.scalar(sa.select(JobClaim))
    assert row is not None
    return row


async def test_of_twenty_processes_at_once_one_gets_the_claim() -> None:
    taken = await asyncio.gather(*(_take(by=f"process {n}") for n in range(20)))
    assert sum(taken) == 1
    assert (await _row()).claimed_by == f"process {taken.index(True)}"


async def test_of_twenty_processes_at_once_one_takes_over_from_a_crashed_one() -> None:
    assert await _take(by="crashed") is True
    assert await _take(by="early", at=NOW + timedelta(seconds=119)) is False
    after = NOW + timedelta(seconds=120)
    taken = await asyncio.gather(*(_take(by=f"process {n}", at=after) for n in range(20)))
    assert sum(taken) == 1
    # The crashed one was only asleep: it can no longer give back what is another's.
    assert await _finish(by="crashed", at=after) is False
    assert (await _row()).claimed_until_at == after + 2 * MINUTE


async def test_a_finished_job_is_due_again_after_its_period_less_a_tenth() -> None:
    assert await _take() is True
    assert await _finish(at=NOW + timedelta(seconds=3)) is True
    assert await _take(by="two", at=NOW + timedelta(seconds=53)) is False
    assert await _take(by="two", at=NOW + timedelta(seconds=54)) is True


async def test_two_runners_that_tick_at_once_run_a_job_once() -> None:
    work = Counted(seconds=0.2)
    job = Job("bake", 60, work)
    ran = await asyncio.gather(*(runner.tick(job, by=f"process {n}") for n in range(6)))
    assert sorted(ran) == [False] * 5 + [True]
    assert len(work.runs) == 1
    row = await _row()
    assert row.last_finished_at is not None
    assert row.last_error is None


async def test_a_job_that_fails_keeps_its_reason_and_is_tried_again_next_time() -> None:
    work = Counted(fails=True)
    job = Job("bake", 60, work)
    with time_machine.travel(NOW, tick=False) as time:
        assert await runner.tick(job, by="one") is True
        kept = (await _row()).last_error or ""
        # What a message says may be somebody's: only its kind and its place are kept.
        assert re.fullmatch(r"ValueError at test_jobs\.py:\d+ \w+", kept)
        assert await runner.tick(job, by="one") is False
        time.shift(60)
        work.fails = False
        assert await runner.tick(job, by="two") is True
    assert (await _row()).last_error is None
    assert work.runs == [NOW, NOW + MINUTE]


async def test_a_job_never_outlives_its_claim() -> None:
    work = Counted(seconds=60)
    assert await runner.tick(Job("bake", 60, work, lease_seconds=0), by="one") is True
    kept = (await _row()).last_error or ""
    assert kept.startswith("TimeoutError from CancelledError at ")


async def test_a_process_that_stops_gives_its_claim_back() -> None:
    work = Counted(seconds=60)
    task = asyncio.create_task(runner.tick(Job("bake", 60, work), by="one"))
    await work.began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    row = await _row()
    assert row.last_error == "stopped before its end"
    assert row.last_finished_at == row.claimed_until_at


async def test_two_schedulers_run_a_job_once_and_stop_cleanly() -> None:
    work = Counted()
    job = Job("bake", 1, work)
    async with runner.running([job]), runner.running([job]):
        async with asyncio.timeout(60):
            await work.began.wait()
            await asyncio.sleep(0.5)
    # On a busy machine half a second may have been two: then it was due again.
    pairs = itertools.pairwise(work.runs)
    assert [later - earlier for earlier, later in pairs if later - earlier < A_PERIOD] == []
    assert (await _row()).last_error is None


async def test_a_worker_works_until_it_is_told_to_stop() -> None:
    work = Counted()

    async def stop() -> None:
        await work.began.wait()
        os.kill(os.getpid(), signal.SIGTERM)

    async with asyncio.timeout(20):
        await asyncio.gather(runner.run_until_stopped([Job("bake", 1, work)]), stop())
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert (await _row()).last_error is None


async def test_the_register_names_every_job_once_and_fits_its_columns() -> None:
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert all(len(job.name) <= 60 and job.every_seconds >= 5 for job in JOBS)
    assert len(runner.process_name()) <= 64


async def test_idle_sittings_of_every_restaurant_are_released_and_told_to_the_floor() -> None:
    async with transaction() as session:
        quick = await make_restaurant(session, idle_release_minutes=10)
        slow = await make_restaurant(session, idle_release_minutes=60)
        tables = [await make_table(session, restaurant=r) for r in (quick, slow)]
        idle, waits = [
            await make_sitting(session, restaurant=r, table=t, last_activity_at=NOW - 15 * MINUTE)
            for r, t in zip((quick, slow), tables, strict=True)
        ]
    topics = [live.floor_topic(quick.id), live.floor_topic(slow.id)]
    async with live.subscribe(topics) as screen:
        await tidying.release_idle_sittings(NOW)
        heard = await screen.next(1)
    assert {(n.topic, n.subject_id) for n in heard} == {(topics[0], str(tables[0].id))}
    async with reading() as session:
        rows = await session.execute(sa.select(Sitting.id, Sitting.released_at))
        assert dict(rows.all()) == {idle.id: NOW, waits.id: None}


async def test_visits_that_are_over_are_closed_and_their_carts_counted_as_left_once() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        table = await make_table(session, restaurant=restaurant)
        gone = await make_sitting(
            session, restaurant=restaurant, table=table, released_at=NOW - MINUTE
        )
        silent, released, alive = [
            await make_visit(session, restaurant=restaurant, sitting=sitting, last_alive_at=seen)
            for sitting, seen in (
                (None, NOW - 180 * MINUTE),
                (gone, NOW - 2 * MINUTE),
                (None, NOW - 179 * MINUTE),
            )
        ]
        dish = await make_dish(session, restaurant=restaurant)
        for visit in (silent, alive):
            cart = Cart(
                restaurant_id=restaurant.id,
                visit_id=visit.id,
                submit_key=str(visit.id),
                updated_at=NOW,
            )
            session.add(cart)
            await session.flush()
            session.add(
                CartLine(
                    restaurant_id=restaurant.id,
                    cart_id=cart.id,
                    dish_id=dish.id,
                    quantity=2,
                    seen_unit_price_minor=950,
                )
            )
    await tidying.end_visits(NOW)
    await tidying.end_visits(NOW)
    async with reading() as session:
        rows = await session.execute(sa.select(Visit.id, Visit.ended_at))
        assert dict(rows.all()) == {
            silent.id: NOW - 180 * MINUTE,
            released.id: NOW - 2 * MINUTE,
            alive.id: None,
        }
        left = (await session.scalars(sa.select(CustomerEvent))).all()
    assert [(e.visit_id, e.event_data) for e in left] == [
        (silent.id, {"item_count": 2, "value_minor": 1900})
    ]


async def test_expired_counts_are_purged() -> None:
    async with transaction() as session:
        await limits.count_try(session, key="a", limit=1, window=MINUTE, now=NOW - MINUTE)
        await limits.count_try(session, key="b", limit=1, window=MINUTE, now=NOW)
    await tidying.purge_limits(NOW)
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(col(RateLimit.id)))) == 1
