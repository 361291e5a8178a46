"""Jobs of privacy: what is kept no longer than it should, and what must not come back."""

from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlmodel import col

from models.customers import Customer
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.base.settings import settings
from services.privacy import erasing, retention, returning

log = structlog.get_logger()
# What was written at the moment of an erasure is there by then.
LATE = timedelta(days=2)


async def keep_no_longer(now: datetime) -> None:
    """Delete what every restaurant keeps no longer."""
    async with reading() as session:
        restaurant_ids = list(await session.scalars(sa.select(col(Restaurant.id))))
    for restaurant_id in restaurant_ids:
        try:
            await retention.run(restaurant_id=restaurant_id, now=now)
        except SmartMenuError:
            # The next run goes on where this one stopped.
            log.exception("retention_stopped", restaurant_id=str(restaurant_id))


async def keep_erased(now: datetime) -> None:
    """Part late rows from those who were erased, and write tombstones beside the database."""
    async with reading() as session:
        erased = (
            await session.execute(
                sa.select(col(Customer.restaurant_id), col(Customer.id)).where(
                    col(Customer.erased_at) > now - LATE
                )
            )
        ).all()
    for restaurant_id, customer_id in erased:
        async with transaction() as session:
            await erasing.part_late_rows(session, restaurant_id=restaurant_id, ids=[customer_id])
    await returning.mirror(settings().data_folder)
