"""Guests whose page comes alive: whole steps through the services, for tests that need a guest."""

from datetime import datetime
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import ConsentLevel
from services.guests import consent, visits
from services.identity.types import Arrival, BegunVisit, ConsentGiven, Guest, Signals
from services.restaurants.types import RestaurantInfo
from tests.builders.moments import NOW

RNG = Random(4821)


async def arrive(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    session_token: str,
    *,
    table_code: str = "",
    client_id: str = "",
    client_token: str = "",
    now: datetime = NOW,
) -> BegunVisit:
    """A phone opens the menu."""
    return await visits.begin_visit(
        session,
        restaurant=restaurant,
        signals=Signals(session_token, client_id, client_token),
        arrival=Arrival(table_code=table_code),
        now=now,
        rng=RNG,
    )


async def agree(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    guest: Guest,
    *,
    level: ConsentLevel = ConsentLevel.REMEMBER,
    allows_fingerprint: bool = False,
    now: datetime = NOW,
) -> ConsentGiven:
    """A guest chooses on the menu's page."""
    return await consent.give_consent(
        session,
        restaurant=restaurant,
        guest=guest,
        level=level,
        allows_fingerprint=allows_fingerprint,
        language="en",
        source="menu",
        now=now,
        rng=RNG,
    )
