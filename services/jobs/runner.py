"""Ticks: APScheduler wakes, the claim in the database decides who works."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncIOScheduler,
)

from services.base import clock, logs, metrics
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from services.base.secrets import new_token
from services.jobs import claims, messages
from services.jobs.register import JOBS
from services.jobs.types import Job

log = structlog.get_logger()
# Processes that start together do not ask the database in the same millisecond.
JITTER_SECONDS = 2


def process_name() -> str:
    """A name no other process has, by which its claims are known: "host:4711:x7..."."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{new_token(6)}"


async def tick(job: Job, *, by: str) -> bool:
    """Run a job if it is due and nobody else does; returns whether it ran here.

    What goes wrong in the job is logged and kept with the claim: the next period tries again.

    Args:
        job: what to run.
        by: this process, from `process_name()`.
    """
    try:
        if not await _claimed(job, by=by):
            return False
    except UnavailableError:
        log.warning("job_not_claimed", job=job.name, reason="the database does not answer")
        return False
    # One broken job must not end the others, and none may end without giving its claim back.
    error: str | None = "stopped before its end"
    started = time.monotonic()
    try:
        async with asyncio.timeout(job.lease_seconds):
            await job.run(clock.now())
        error = None
    except Exception as failure:  # noqa: BLE001 - whatever a job does
        # Its message may hold what somebody typed: neither the log nor the claim keeps it.
        kind, where = logs.kinds_of(failure), logs.places_of(failure)
        error = f"{kind} at {where[0]}"
        log.error("job_failed", job=job.name, kind=kind, where=where)  # noqa: TRY400 - see above
    finally:
        metrics.JOB_SECONDS.labels(job.name, "failed" if error else "done").observe(
            time.monotonic() - started
        )
        await _give_back(job, by=by, error=error)
    return True


async def _claimed(job: Job, *, by: str) -> bool:
    now = clock.now()
    async with reading() as session:
        if not await claims.is_due(session, name=job.name, every=job.every, now=now):
            return False
    async with transaction() as session:
        return await claims.take(
            session, name=job.name, by=by, every=job.every, lease=job.lease, now=now
        )


async def _give_back(job: Job, *, by: str, error: str | None) -> None:
    # Without a database the claim runs out by itself.
    with suppress(UnavailableError):
        async with transaction() as session:
            await claims.finish(session, name=job.name, by=by, now=clock.now(), error=error)


@asynccontextmanager
async def running(jobs: Sequence[Job] = JOBS) -> AsyncGenerator[None, None]:
    """Tick as long as the context is open; at its end what still runs is stopped and awaited."""
    by = process_name()
    begun: set[asyncio.Task[bool]] = set()

    async def tick_once(job: Job) -> None:
        task = asyncio.ensure_future(tick(job, by=by))
        begun.add(task)
        task.add_done_callback(begun.discard)
        with suppress(asyncio.CancelledError):
            await task

    # The library has no types.
    scheduler: Any = AsyncIOScheduler(timezone="UTC", event_loop=asyncio.get_running_loop())
    for job in jobs:
        scheduler.add_job(
            tick_once,
            "interval",
            args=[job],
            id=job.name,
            seconds=job.every_seconds,
            jitter=min(JITTER_SECONDS, job.every_seconds // 10),
            # The first run comes soon after the start: a restart every hour must not starve it.
            next_run_time=clock.now() + timedelta(seconds=min(job.every_seconds, 10)),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=job.every_seconds,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in tuple(begun):
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def run_until_stopped(jobs: Sequence[Job] = JOBS) -> None:
    """What `smartmenu worker` does: tick until the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with running(jobs):
            log.info("worker_started", jobs=[job.name for job in jobs])
            await stop.wait()
    finally:
        await messages.finish()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
