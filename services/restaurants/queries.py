"""Reads of restaurants."""

from dataclasses import fields
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import ConsentMode
from models.restaurants import Restaurant
from services.base.errors import NotFoundError
from services.base.texts import N_, SOURCE_LANGUAGE
from services.restaurants.types import RestaurantInfo

_PLAIN = {field.name for field in fields(RestaurantInfo)} - {
    "languages",
    "consent_mode",
    "special_hours",
}


async def find_by_slug(session: AsyncSession, slug: str) -> RestaurantInfo | None:
    """The restaurant at an address, or None."""
    row = await session.scalar(sa.select(Restaurant).where(col(Restaurant.slug) == slug))
    return _info(row) if row is not None else None


async def get_by_slug(session: AsyncSession, slug: str) -> RestaurantInfo:
    """The restaurant at an address.

    Raises:
        NotFoundError: there is none.
    """
    found = await find_by_slug(session, slug)
    if found is None:
        raise _unknown()
    return found


async def get(session: AsyncSession, restaurant_id: UUID) -> RestaurantInfo:
    """One restaurant.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = await session.get(Restaurant, restaurant_id)
    if row is None:
        raise _unknown()
    return _info(row)


def _unknown() -> NotFoundError:
    msg = N_("There is no such restaurant.")
    return NotFoundError(msg)


def _info(row: Restaurant) -> RestaurantInfo:
    return RestaurantInfo(
        **{name: getattr(row, name) for name in _PLAIN},
        special_hours={day: one["hours"] for day, one in row.special_days.items()},
        languages=tuple(row.languages) or (SOURCE_LANGUAGE,),
        consent_mode=ConsentMode(row.consent_mode),
    )
