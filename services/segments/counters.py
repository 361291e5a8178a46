"""Processes that count customers for whoever asks, so that counting takes nobody's processor.

One is started when it is first needed and then counts for all restaurants: starting it costs two
seconds of a processor, and a night of a chain started two for each of its restaurants.
"""

import asyncio
import contextlib
import os
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast
from uuid import UUID

from services.base.settings import ROOT

MOST = 2
MODULE = "services.segments.counting_process"
COUNTED = b"counted\n"
FAILED = b"failed\n"
# A line of the log is one line, however deep the failure that it tells of.
LONGEST_LINE = 1024 * 1024


class CountingProcess:
    """One of them; it does one thing at a time."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._process: Process | None = None

    async def count(self, restaurant_id: UUID, first: UUID, last: UUID, now: datetime) -> None:
        """Count the customers from one id to another.

        Raises:
            RuntimeError: they could not be counted, or the process has ended before it was done;
                the next ones get a new process.
        """
        process = self._process
        if process is None:
            process = self._process = await _start()
        ask, answers = cast("StreamWriter", process.stdin), cast("StreamReader", process.stdout)
        with contextlib.suppress(ConnectionError):
            words = (restaurant_id, first, last, now.isoformat())
            ask.write(" ".join(map(str, words)).encode() + b"\n")
            await ask.drain()
        while (told := await answers.readline()) not in {COUNTED, FAILED}:
            if not told:
                self._process = None
                await process.communicate(b"")
                msg = f"The process that counts customers ended with {process.returncode}."
                raise RuntimeError(msg)
            # A line of its log.
            sys.stdout.write(told.decode(errors="replace"))
        if told == FAILED:
            # Its log says of what kind, and where.
            msg = "Some customers could not be counted."
            raise RuntimeError(msg)

    async def finish(self) -> None:
        """Let it end; what it has counted is committed."""
        if self._process is not None:
            # Nothing at all: without it Python 3.11 leaves its input open.
            await self._process.communicate(b"")

    async def stop(self) -> None:
        """End it now, if it runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            # As above; what it still wanted to tell is read and told to nobody.
            await self._process.communicate(b"")


@asynccontextmanager
async def counting_processes() -> AsyncGenerator[Sequence[CountingProcess]]:
    """As many as there are processors to give; whoever stops this job stops their work."""
    processes = [CountingProcess() for _ in range(min(MOST, os.cpu_count() or 1))]
    try:
        yield processes
        await asyncio.gather(*(process.finish() for process in processes))
    finally:
        for process in processes:
            await process.stop()


async def _start() -> Process:
    known = os.environ.get("PYTHONPATH", "")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", MODULE),
        stdin=PIPE,
        stdout=PIPE,
        limit=LONGEST_LINE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), known)))},
    )
