"""Jobs that keep profiles and segments current. All of them may run twice without harm."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.jobs.failures import Failures
from services.profiles import engagement
from services.segments import recompute
from services.totals import totals

# The job that marks abandoned carts has been there by then.
MARKED_AFTER = timedelta(hours=3, minutes=15)


async def count_visits(now: datetime) -> None:
    """Count what guests did in visits that have ended, and bring their profiles up to date."""
    failures = Failures()
    while True:
        async with transaction() as session:
            counted = await engagement.count_ended(session, ended_before=now - MARKED_AFTER)
        for customer_id in sorted({customer_id for _, customer_id in counted}):
            # One that fails is counted by the night's job, and holds up nobody else.
            with failures.kept("profile_not_counted", customer_id=str(customer_id)):
                async with transaction() as session:
                    await totals.recount(session, customer_id=customer_id, now=now)
        if len(counted) < engagement.AT_ONCE:
            break
    failures.tell()


async def recompute_profiles(now: datetime) -> None:
    """Count everybody anew: days pass and borders move without anybody's visit."""
    async with reading() as session:
        ids = list(
            await session.scalars(sa.select(col(Restaurant.id)).order_by(col(Restaurant.id)))
        )
    failures = Failures()
    await recompute.recompute_all(
        restaurant_ids=ids,
        now=now,
        keep=lambda restaurant_id: failures.kept(
            "profiles_not_counted", restaurant_id=str(restaurant_id)
        ),
    )
    failures.tell()
