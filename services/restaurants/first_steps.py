"""What a restaurant has set up so far: the first steps on its floor ask for the rest."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership
from models.menu import Dish
from models.restaurants import Restaurant
from models.seating import Table


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which of the first steps are done."""

    has_dishes: bool
    has_tables: bool
    has_team: bool
    has_hours: bool

    @property
    def can_serve(self) -> bool:
        """Guests can scan a code and find something to order."""
        return self.has_dishes and self.has_tables


async def load_first_steps(session: AsyncSession, *, restaurant_id: UUID) -> FirstSteps:
    """What is set up; only what is in use counts."""
    dishes = sa.select(sa.literal(1)).where(
        col(Dish.restaurant_id) == restaurant_id, col(Dish.is_active)
    )
    tables = sa.select(sa.literal(1)).where(
        col(Table.restaurant_id) == restaurant_id, col(Table.is_active)
    )
    members = sa.select(col(Membership.id)).where(col(Membership.restaurant_id) == restaurant_id)
    restaurant = await session.get_one(Restaurant, restaurant_id)
    return FirstSteps(
        has_dishes=await session.scalar(dishes.limit(1)) is not None,
        has_tables=await session.scalar(tables.limit(1)) is not None,
        has_team=len((await session.scalars(members.limit(2))).all()) > 1,
        has_hours=any(restaurant.opening_hours.values()),
    )
