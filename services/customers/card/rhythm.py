"""When a guest comes: from their counted profile, or from their visits until there is one."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerPattern, CustomerProfile
from models.visits import Visit
from services.customers.card.paging import of_guest
from services.customers.habits import when_counts
from services.restaurants.types import RestaurantInfo
from services.totals.rules import rhythm_days


@dataclass(frozen=True, slots=True)
class Rhythm:
    """First and last visit day, days between visits (None below 3 visit days), and when."""

    first_day: date | None
    last_day: date | None
    mean_gap_days: float | None
    when_counts: tuple[tuple[int, ...], ...]


async def read_rhythm(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    customer: Customer,
    profile: CustomerProfile | None,
) -> Rhythm:
    """The rhythm of a guest; a profile that was not counted yet is no reason to show none."""
    if profile is not None:
        first, last = profile.first_visit_day, profile.last_visit_day
        pattern = await session.scalar(
            sa.select(CustomerPattern).where(
                col(CustomerPattern.restaurant_id) == restaurant.id,
                col(CustomerPattern.customer_id) == profile.customer_id,
            )
        )
        grid = tuple(tuple(day) for day in pattern.when_counts) if pattern is not None else ()
    else:
        first, last = (
            await session.execute(
                sa.select(
                    sa.func.min(col(Visit.business_day)), sa.func.max(col(Visit.business_day))
                ).where(*of_guest(Visit, customer))
            )
        ).one()
        grid = await when_counts(session, restaurant=restaurant, customer_id=customer.id)
    gap = (
        rhythm_days(first_day=first, last_day=last, visit_days=customer.visit_days)
        if first is not None and last is not None
        else None
    )
    return Rhythm(first, last, gap, grid)
