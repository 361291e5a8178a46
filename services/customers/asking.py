"""For whom and when a list is asked: the restaurant, the moment, the borders of its rankings."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.base.clock import day_begin
from services.privacy.purposes import Purpose, who_may
from services.restaurants import queries as restaurants
from services.segments.memberships import asking_of
from services.segments.types import Asking


async def load_asking(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> Asking:
    """What criteria need to know beside themselves.

    Args:
        session: for reading.
        restaurant_id: whose customers.
        now: aware UTC.
    """
    restaurant = await restaurants.get(session, restaurant_id)
    asking = await asking_of(session, restaurant=restaurant, now=now)
    return replace(asking, findable=who_may(Purpose.SHARE_CONTACT))


def end_of(day: date, asking: Asking) -> datetime:
    """The moment a business day ends, aware UTC."""
    here = asking.restaurant
    return day_begin(day + timedelta(days=1), time_zone=here.time_zone, cutoff=here.day_cutoff)
