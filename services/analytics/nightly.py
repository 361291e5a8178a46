"""The process that fits models at night: `python -m services.analytics.nightly 2026-05-13T02:00Z`.

It is started by `services/jobs/modelling.py`, with the settings of its environment, and is polite:
the lowest priority, one core. Nothing is drawn on its output but what the log says.
"""

import asyncio
import gc
import os
import sys
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from models.restaurants import Restaurant
from services.analytics import night
from services.base.database import dispose, reading

NICE = 15
# A million rows are objects without circles: looking through them all again and again finds none.
COLLECT_AFTER = 200_000


async def fit_all(now: datetime) -> int:
    """Fit every restaurant's models, one after the other.

    Args:
        now: aware UTC.

    Returns:
        How many restaurants failed: one that does keeps none of the others from theirs.
    """
    failed = 0
    try:
        async with reading() as session:
            restaurant_ids = list(
                await session.scalars(sa.select(col(Restaurant.id)).order_by(col(Restaurant.id)))
            )
        for restaurant_id in restaurant_ids:
            failed += bool(await night.fit_restaurant(restaurant_id, now=now))
    finally:
        await dispose()
    return failed


def be_polite() -> None:
    """The lowest priority, and little time for collecting garbage."""
    os.nice(NICE)
    gc.set_threshold(COLLECT_AFTER)


def main() -> int:
    """Run once; 1 when a restaurant failed."""
    be_polite()
    return 1 if asyncio.run(fit_all(datetime.fromisoformat(sys.argv[1]))) else 0


if __name__ == "__main__":
    sys.exit(main())
