"""Parties whose table goes: another one for each, where one is free."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.base.clock import to_local
from services.base.texts import clock_text, day_text
from services.reservations import changes
from services.reservations.changes import MoveDraft
from services.reservations.errors import NoTableError
from services.reservations.queries import upcoming_at
from services.reservations.types import Reservation
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Rehoused:
    """Who has another table, and who has none yet: the day's screen asks for those."""

    moved: tuple[UUID, ...] = ()
    homeless: tuple[UUID, ...] = ()


async def rehouse(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_ids: Collection[UUID],
    by: Actor,
    now: datetime,
) -> Rehoused:
    """Find another table for every party expected at tables that were archived.

    The soonest first; whoever fits nowhere keeps the reservation, marked as needing a table.
    Whoever calls this holds the lock of the restaurant's reservations.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose.
        table_ids: tables that are in use no more.
        by: who archived them.
        now: aware UTC.
    """
    moved: list[UUID] = []
    homeless: list[UUID] = []
    for party in await upcoming_at(
        session, restaurant_id=restaurant.id, table_ids=table_ids, now=now
    ):
        draft = MoveDraft(party.party_size, party.starts_at, party.contact)
        inner = await session.begin_nested()
        try:
            await changes.move(
                session,
                restaurant=restaurant,
                reservation_id=party.id,
                draft=draft,
                by=by,
                now=now,
            )
        except NoTableError:
            await inner.rollback()
            homeless.append(party.id)
        else:
            await inner.commit()
            moved.append(party.id)
    return Rehoused(tuple(moved), tuple(homeless))


def party_words(party: Reservation, restaurant: RestaurantInfo, language: str) -> str:
    """A party in a list: "13 May 22:00 (2)"."""
    day = day_text(to_local(party.starts_at, restaurant.time_zone).date(), language)
    clock = clock_text(party.starts_at, time_zone=restaurant.time_zone, language=language)
    return f"{day} {clock} ({party.party_size})"
