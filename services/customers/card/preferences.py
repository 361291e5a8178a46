"""What a guest likes, how much and since when; where they sit and when they come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerPreference
from services.accounts.types import Actor
from services.customers import history
from services.customers.card.overview import find_profile
from services.customers.card.paging import of_guest
from services.customers.card.rhythm import read_rhythm
from services.customers.guest import get_customer
from services.customers.habits import preferred_areas, preferred_tables
from services.customers.types import Preferred
from services.restaurants.types import RestaurantInfo

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Liked:
    """One preference. `strength` is 0 to 1; `name` is empty for what is no dish or section.

    `is_stated` tells what the guest has said from what was counted.
    """

    kind: str
    value: str
    name: str
    strength: float
    is_stated: bool
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CardPreferences:
    """Preferences, the strongest first, and places by how often."""

    liked: tuple[Liked, ...]
    total_visits: int
    tables: tuple[Preferred, ...]
    areas: tuple[Preferred, ...]
    table_type: str
    party_median: float | None
    when_counts: tuple[tuple[int, ...], ...]


async def read_preferences(
    session: AsyncSession, *, by: Actor, restaurant: RestaurantInfo, customer_id: UUID
) -> CardPreferences:
    """What this guest likes. Nothing of it is an amount or personal data.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    owner = {"restaurant_id": customer.restaurant_id, "customer_id": customer.id}
    rows = list(
        await session.scalars(
            sa.select(CustomerPreference)
            .where(*of_guest(CustomerPreference, customer))
            .order_by(
                col(CustomerPreference.preference_strength).desc(),
                col(CustomerPreference.last_observed_at).desc(),
                col(CustomerPreference.preference_value),
            )
        )
    )
    names = await history.names(
        session, customer.restaurant_id, {row.preference_value for row in rows}
    )
    profile = await find_profile(session, customer)
    rhythm = await read_rhythm(session, restaurant, customer, profile)
    return CardPreferences(
        liked=tuple(
            Liked(
                kind=row.preference_type,
                value=row.preference_value,
                name=names.get(row.preference_value, ""),
                strength=row.preference_strength,
                is_stated=row.is_stated,
                count=row.observation_count,
                first_at=row.first_observed_at,
                last_at=row.last_observed_at,
            )
            for row in rows
        ),
        total_visits=customer.total_visits,
        tables=await preferred_tables(session, **owner),
        areas=await preferred_areas(session, **owner),
        table_type=profile.preferred_table_type if profile else "",
        party_median=profile.party_median if profile else None,
        when_counts=rhythm.when_counts,
    )
