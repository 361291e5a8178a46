"""A process that fills one restaurant with customers and does its night, part by part.

`python -m benchmarks.night_probe COUNT` prints figures as JSON: ten visits, ten orders and 38 lines
a customer. The database is that of the settings, migrated and empty. `night` as its second argument
does the night alone, in a process of its own, so that the memory is the night's.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col

from benchmarks import crm_probe
from models.restaurants import Restaurant
from services.analytics import night
from services.base.database import dispose, reading, transaction
from services.segments import recompute

NICE = 15


async def fill(count: int) -> None:
    """Customers with their past, and their profiles."""
    restaurant_id, dishes = await crm_probe.make()
    await crm_probe.fill(restaurant_id, dishes, count)
    await recompute.recompute_all(restaurant_ids=[restaurant_id], now=crm_probe.NOW)
    async with transaction() as session:
        await session.execute(sa.text("ANALYZE"))
    await dispose()


async def do_night() -> dict[str, float]:
    """The seconds of each part, and of all."""
    found: dict[str, float] = {}

    def listen(_: object, __: str, event: dict[str, object]) -> dict[str, object]:
        if event["event"] == "models_fitted":
            found[str(event["part"])] = float(str(event["seconds"]))
        raise structlog.DropEvent

    structlog.configure(processors=[listen])
    async with reading() as session:
        restaurant_id = await session.scalar(sa.select(col(Restaurant.id)))
    assert isinstance(restaurant_id, UUID)
    began = time.monotonic()
    failed = await night.fit_restaurant(restaurant_id, now=crm_probe.NOW)
    assert not failed, failed
    found["all"] = time.monotonic() - began
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    await dispose()
    return found


def main() -> None:
    """Fill, then do the night in a process of its own."""
    if sys.argv[1:] == ["night"]:
        os.nice(NICE)
        print(json.dumps(asyncio.run(do_night())))
        return
    asyncio.run(fill(int(sys.argv[1])))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.night_probe", "night"],
        capture_output=True, text=True, check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    print(done.stdout)


if __name__ == "__main__":
    main()
