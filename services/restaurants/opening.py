"""A new restaurant: the operator's part of signing up."""

import re
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

import sqlalchemy as sa
from babel.numbers import list_currencies
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.restaurants import Restaurant
from services.base.errors import ConflictError, InvalidInputError
from services.base.texts import N_
from services.restaurants.brand import brand_of

SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")


class SlugTakenError(ConflictError):
    """Another restaurant has this address."""


async def open_restaurant(
    session: AsyncSession, *, name: str, slug: str, currency: str, time_zone: str, now: datetime
) -> UUID:
    """Make a restaurant with the default settings; its owner sets the rest.

    Raises:
        InvalidInputError: a value cannot be; `field` names it.
        SlugTakenError: the address is in use.
    """
    name = name.strip()
    if not name or len(name) > 120:
        raise InvalidInputError(N_("Please give the restaurant a name."), field="name")
    if not SLUG.match(slug):
        raise InvalidInputError(
            N_("An address is made of small letters, digits and dashes."), field="slug"
        )
    if currency not in list_currencies():
        raise InvalidInputError(N_("This is not a currency we know."), field="currency")
    if time_zone not in available_timezones():
        raise InvalidInputError(N_("This is not a time zone we know."), field="time_zone")
    if await session.scalar(sa.select(sa.literal(1)).where(col(Restaurant.slug) == slug)):
        raise SlugTakenError(N_("Another restaurant has this address."))
    restaurant = Restaurant(
        slug=slug,
        name=name,
        currency=currency,
        time_zone=time_zone,
        languages=["en"],
        created_at=now,
    )
    restaurant.brand_tokens = brand_of(restaurant.brand_color).tokens
    session.add(restaurant)
    await session.flush()
    return restaurant.id
