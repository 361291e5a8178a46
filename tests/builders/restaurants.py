"""Restaurants."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.restaurants import Restaurant
from services.restaurants import queries
from services.restaurants.types import RestaurantInfo
from tests.builders.moments import NOW, next_number

ALWAYS_OPEN: dict[str, Any] = {
    day: [["00:00", "00:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}


async def make_restaurant(session: AsyncSession, **columns: Any) -> Restaurant:
    """A restaurant in Berlin, prices in EUR with 10 % tax contained, open around the clock."""
    number = next_number()
    defaults = {
        "slug": f"brasa-{number}",
        "name": "Brasa & Olive",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "languages": ["en"],
        "opening_hours": ALWAYS_OPEN,
        "tax_rate_basis_points": 1000,
        "created_at": NOW,
    }
    row = Restaurant(**defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def restaurant_info(session: AsyncSession, restaurant: Restaurant) -> RestaurantInfo:
    """What services take: the settings of a restaurant as they stand in the database."""
    await session.flush()
    return await queries.get(session, restaurant.id)
