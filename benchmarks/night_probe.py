"""A process that fills one restaurant with customers, or does the night of all restaurants.

`python -m benchmarks.night_probe fill COUNT` makes ten visits, ten orders and 38 lines a customer;
the database is that of the settings, migrated and empty. `python -m benchmarks.night_probe night`
prints the seconds of each part as JSON, in a process as polite as the one that a job starts, so
that memory and processor are the night's alone.
"""

import asyncio
import json
import resource
import sys
import time
from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlmodel import col
from structlog.typing import EventDict

from benchmarks import crm_probe
from models.restaurants import Restaurant
from services.analytics import nightly
from services.base import clock
from services.base.database import dispose, reading, transaction
from services.segments import recompute


async def fill(count: int) -> None:
    """Customers with their past, and their profiles."""
    restaurant_id, dishes = await crm_probe.make()
    await crm_probe.fill(restaurant_id, dishes, count)
    await recompute.recompute_all(restaurant_ids=[restaurant_id], now=crm_probe.NOW)
    async with transaction() as session:
        await session.execute(sa.text("ANALYZE"))
    await dispose()


async def do_night() -> dict[str, float]:
    """The seconds of each part, of all, and of the processor; the most memory in MB."""
    parts: dict[str, float] = defaultdict(float)

    def listen(_: object, __: str, event: EventDict) -> EventDict:
        if event["event"] == "models_fitted":
            parts[str(event["part"])] += float(str(event["seconds"]))
        raise structlog.DropEvent

    structlog.configure(processors=[listen])
    now = await moment()
    began = time.monotonic()
    failed = await nightly.fit_all(now)
    assert not failed, f"{failed} restaurants failed"
    whole = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        **parts,
        "all": whole,
        "processor": used.ru_utime + used.ru_stime,
        "memory_mb": used.ru_maxrss // 1024,
    }


async def moment() -> datetime:
    """The end of what was filled in; in a demo, now."""
    async with reading() as session:
        filled = await session.scalar(sa.select(col(Restaurant.id)).where(~col(Restaurant.is_demo)))
    return clock.now() if filled is None else crm_probe.NOW


def main() -> None:
    """Fill or do the night."""
    if sys.argv[1] == "fill":
        asyncio.run(fill(int(sys.argv[2])))
        return
    nightly.be_polite()
    print(json.dumps(asyncio.run(do_night())))


if __name__ == "__main__":
    main()
