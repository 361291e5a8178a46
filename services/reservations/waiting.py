"""How long somebody waits now: the formulas of `estimate.py` over the room as it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import QUEUED_STATUSES, TableStatus
from models.reservations import WaitlistEntry
from models.seating import Sitting, Table
from services.reservations import availability
from services.reservations.estimate import ENOUGH_SITTINGS, Estimate, estimate_wait
from services.reservations.fitting import Spot
from services.reservations.rules import floor_quarter, length_of
from services.reservations.settings import load_rules
from services.reservations.types import ReservationRules
from services.seating.turns import past_turns


async def load_queue(session: AsyncSession, *, restaurant_id: UUID) -> list[WaitlistEntry]:
    """Rows of those who wait, the first first."""
    rows = await session.scalars(
        sa.select(WaitlistEntry)
        .where(
            col(WaitlistEntry.restaurant_id) == restaurant_id,
            col(WaitlistEntry.status).in_(QUEUED_STATUSES),
        )
        .order_by(col(WaitlistEntry.joined_at), col(WaitlistEntry.id))
    )
    return list(rows.all())


async def estimate_for(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    party_size: int,
    queue: Sequence[WaitlistEntry],
    now: datetime,
) -> Estimate:
    """What a party is told that stands behind `queue`.

    Suitable are single tables with enough chairs that are in service and that no reservation wants
    while the party would sit there. Everybody ahead who would fit at one of them counts as ahead.

    Args:
        session: open transaction.
        restaurant_id: where.
        party_size: people.
        queue: who stands before them.
        now: aware UTC.
    """
    rules = await load_rules(session, restaurant_id=restaurant_id)
    stay = length_of(party_size, rules)
    room = await availability.load_room(
        session,
        restaurant_id=restaurant_id,
        rules=rules,
        first=floor_quarter(now),
        last=now + stay,
        now=now,
        only_expected=True,
    )
    suitable = {
        table.table_id: table
        for table in room.tables
        if table.seats >= party_size
        and table.table_id not in room.out_of_service
        and not room.held.get(table.table_id)
    }
    sat = await _elapsed(session, restaurant_id, now)
    set_aside = await _set_aside(session, restaurant_id)
    occupied = [minutes for table_id, minutes in sat.items() if table_id in suitable]
    free = [one for one in suitable if one not in sat and one not in set_aside]
    largest = max((table.seats for table in suitable.values()), default=0)
    return estimate_wait(
        elapsed_minutes=occupied,
        free_tables=len(free),
        ahead=sum(entry.party_size <= largest for entry in queue),
        turns_minutes=await _turns(session, restaurant_id, party_size, now),
        assumed_minutes=stay.total_seconds() / 60,
    )


async def seat_suggestions(
    session: AsyncSession, *, restaurant_id: UUID, party_size: int, now: datetime
) -> list[Spot]:
    """Single tables where a party could sit down now and stay, the smallest that fits first."""
    rules = await load_rules(session, restaurant_id=restaurant_id)
    end = now + length_of(party_size, rules)
    room = await availability.load_room(
        session,
        restaurant_id=restaurant_id,
        rules=rules,
        first=floor_quarter(now),
        last=end,
        now=now,
        only_expected=True,
    )
    set_aside = await _set_aside(session, restaurant_id)
    single = ReservationRules(may_join_tables=False)
    return [
        spot
        for spot in room.spots(party_size, now, end, single)
        if not set_aside.intersection(spot.table_ids)
    ]


async def _set_aside(session: AsyncSession, restaurant_id: UUID) -> set[UUID]:
    """Tables that staff marked as reserved or being cleaned: not free at this moment."""
    found = await session.scalars(
        sa.select(col(Table.id)).where(
            col(Table.restaurant_id) == restaurant_id,
            col(Table.status).in_((TableStatus.RESERVED, TableStatus.CLEANING)),
        )
    )
    return set(found.all())


async def _elapsed(session: AsyncSession, restaurant_id: UUID, now: datetime) -> dict[UUID, float]:
    rows = await session.execute(
        sa.select(col(Sitting.table_id), col(Sitting.opened_at)).where(
            col(Sitting.restaurant_id) == restaurant_id, col(Sitting.released_at).is_(None)
        )
    )
    return {row[0]: max(0.0, (now - row[1]).total_seconds() / 60) for row in rows}


async def _turns(
    session: AsyncSession, restaurant_id: UUID, party_size: int, now: datetime
) -> list[float]:
    """Past turn times of parties of about this size; of all sizes while those are too few."""
    turns = await past_turns(session, restaurant_id=restaurant_id, now=now)
    alike = [one.minutes for one in turns if _class_of(one.party_size) == _class_of(party_size)]
    return alike if len(alike) >= ENOUGH_SITTINGS else [one.minutes for one in turns]


def _class_of(party_size: int) -> int:
    return 2 if party_size <= 2 else 4 if party_size <= 4 else 6
