"""Jobs of privacy: what is kept no longer than it should, and what must not come back."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.settings import settings
from services.jobs.failures import Failures
from services.privacy import erasing, retention, returning

# What was written at the moment of an erasure is there by then.
LATE = timedelta(days=2)


async def keep_no_longer(now: datetime) -> None:
    """Delete what every restaurant keeps no longer."""
    async with reading() as session:
        restaurant_ids = list(await session.scalars(sa.select(col(Restaurant.id))))
    failures = Failures()
    for restaurant_id in restaurant_ids:
        # The next run goes on where this one stopped.
        with failures.kept("retention_stopped", restaurant_id=str(restaurant_id)):
            await retention.run(restaurant_id=restaurant_id, now=now)
    failures.tell()


async def keep_erased(now: datetime) -> None:
    """Part late rows from those who were erased, and write tombstones beside the database."""
    try:
        await _part_late_rows(now)
    finally:
        # Whatever happens to the database next, the tombstones lie beside it.
        await returning.mirror(settings().data_folder, now=now)


async def _part_late_rows(now: datetime) -> None:
    async with reading() as session:
        erased = (
            await session.execute(
                sa.select(col(Customer.restaurant_id), col(Customer.id)).where(
                    col(Customer.erased_at) > now - LATE
                )
            )
        ).all()
    failures = Failures()
    for restaurant_id, customer_id in erased:
        with failures.kept("late_rows_not_parted", customer_id=str(customer_id)):
            async with transaction() as session:
                await erasing.part_late_rows(
                    session, restaurant_id=restaurant_id, ids=[customer_id]
                )
    failures.tell()
