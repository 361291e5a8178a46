"""Jobs of the loyalty programme. All of them may run twice without harm."""

from datetime import datetime
from uuid import UUID

from services.base.database import reading, transaction
from services.expiry_notices import planning
from services.jobs.failures import Failures
from services.loyalty import expiring, members, programme, returning
from services.restaurants import queries as restaurants


async def expire_points(now: datetime) -> None:
    """Let points expire whose time is over, and tiers that nobody kept up."""
    failures = Failures()
    for restaurant_id in await _with_programme():
        with failures.kept("points_not_expired", restaurant_id=str(restaurant_id)):
            done = expiring.AT_ONCE
            while done == expiring.AT_ONCE:
                # Short transactions: on SQLite nobody orders while one is open.
                async with transaction() as session:
                    restaurant = await restaurants.get(session, restaurant_id)
                    done = await expiring.expire_lots(session, restaurant=restaurant, now=now)
            async with transaction() as session:
                found = await programme.find_running(session, restaurant_id=restaurant_id)
                if found is not None:
                    await members.lapse(
                        session, restaurant_id=restaurant_id, rules=found.rules, now=now
                    )
    failures.tell()


async def warn_of_expiry(now: datetime) -> None:
    """Have guests told whose points expire soon, where they have agreed to be written to.

    Broken off, the next run goes on with those who have not been told.
    """
    failures = Failures()
    for restaurant_id in await _with_programme():
        with failures.kept("expiry_not_announced", restaurant_id=str(restaurant_id)):
            async with reading() as session:
                restaurant = await restaurants.get(session, restaurant_id)
                due = await planning.find_due(session, restaurant=restaurant, now=now)
            for start in range(0, len(due), planning.AT_ONCE):
                async with transaction() as session:
                    await planning.plan_notices(
                        session,
                        restaurant=restaurant,
                        customer_ids=due[start : start + planning.AT_ONCE],
                        now=now,
                    )
    failures.tell()


async def return_rewards(now: datetime) -> None:
    """Give the points of codes back that nobody used in time."""
    failures = Failures()
    done = -1
    while done:
        done = 0
        async with reading() as session:
            due = await returning.due(session, now=now)
        for restaurant_id, taken_id in due:
            with failures.kept("reward_not_returned", reward_id=str(taken_id)):
                async with transaction() as session:
                    restaurant = await restaurants.get(session, restaurant_id)
                    done += await returning.run_out(
                        session, restaurant=restaurant, taken_id=taken_id, now=now
                    )
    failures.tell()


async def _with_programme() -> list[UUID]:
    async with reading() as session:
        return await programme.restaurants_with_one(session)
