"""The process that fits models at night: `python -m services.analytics.nightly 2026-05-13T02:00Z`.

It is started by `services/jobs/modelling.py`, with the settings of its environment, and is polite:
the lowest priority, one core. Nothing is drawn on its output but what the log says.
"""

import asyncio
import os
import sys
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col

from models.restaurants import Restaurant
from services.analytics import predicting
from services.base import logs
from services.base.database import dispose, reading

log = structlog.get_logger()
NICE = 15


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
            failed += not await _fit(restaurant_id, now)
    finally:
        await dispose()
    return failed


async def _fit(restaurant_id: UUID, now: datetime) -> bool:
    try:
        count = await predicting.fit_restaurant(restaurant_id, now=now)
    except Exception as failure:  # noqa: BLE001 - whatever is wrong with one restaurant
        # Its message may hold what somebody typed: the log names kind and place only.
        log.error(  # noqa: TRY400 - see above
            "models_not_fitted",
            restaurant_id=str(restaurant_id),
            kind=logs.kinds_of(failure),
            where=logs.places_of(failure),
        )
        return False
    log.info("models_fitted", restaurant_id=str(restaurant_id), customers=count)
    return True


def main() -> int:
    """Run once; 1 when a restaurant failed."""
    os.nice(NICE)
    return 1 if asyncio.run(fit_all(datetime.fromisoformat(sys.argv[1]))) else 0


if __name__ == "__main__":
    sys.exit(main())
