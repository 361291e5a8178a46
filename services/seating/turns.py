"""How long parties stay: one definition for whoever seats, estimates and counts.

Turn time is the time from seating to release (docs/algorithms/tables.md), of parties that staff
seated or that ordered. Somebody who scanned, looked at the menu and left is no party that ate; a
table that nobody released for hours was forgotten, and its length says nothing.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.seating import Sitting, Table

LONGEST_TURN = timedelta(hours=6)
# Why a sitting ended that whoever opened it took back: nobody sat there.
UNDONE = "undone"
# The past of a year says little about this season.
LEARNED_FROM = timedelta(days=56)
MOST_SITTINGS = 5000
# Everybody in a queue asks every half minute: what was learned is kept for a quarter of an hour.
_KEPT_SECONDS = 900
_ROOMS_KEPT = 200
_kept: OrderedDict[tuple[UUID, int], "Sequence[Turn]"] = OrderedDict()


class Stayed(Protocol):
    """What a sitting's turn time follows from."""

    @property
    def opened_at(self) -> datetime:
        """Seated, or the first scan."""
        ...

    @property
    def released_at(self) -> datetime | None:
        """Empty while they are there."""
        ...

    @property
    def opened_by(self) -> str:
        """ "staff" or "scan"."""
        ...

    @property
    def first_order_at(self) -> datetime | None:
        """Empty while they only look."""
        ...

    @property
    def release_reason(self) -> str | None:
        """Why it ended."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one party stayed; `seats` is what its table has now."""

    table_id: UUID
    seats: int
    party_size: int
    minutes: float


def turn_minutes(sitting: Stayed) -> float | None:
    """A sitting's turn time; None where it has none: still there, only looked, forgotten."""
    if sitting.released_at is None or not is_party(sitting):
        return None
    length = sitting.released_at - sitting.opened_at
    return length.total_seconds() / 60 if timedelta(0) < length <= LONGEST_TURN else None


def is_party(sitting: Stayed) -> bool:
    """Whether somebody was seated there, or ordered; what was taken back never happened."""
    seated = sitting.opened_by == "staff" or sitting.first_order_at is not None
    return seated and sitting.release_reason != UNDONE


async def past_turns(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime
) -> Sequence[Turn]:
    """Turn times of the last eight weeks, the latest first; as they were a moment ago."""
    key = (restaurant_id, int(now.timestamp()) // _KEPT_SECONDS)
    if key not in _kept:
        _kept[key] = await _read(session, restaurant_id, now)
        while len(_kept) > _ROOMS_KEPT:
            _kept.popitem(last=False)
    return _kept[key]


async def _read(session: AsyncSession, restaurant_id: UUID, now: datetime) -> list[Turn]:
    rows = await session.execute(
        sa.select(Sitting, col(Table.capacity))
        .join(Table, col(Table.id) == col(Sitting.table_id))
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.opened_at) >= now - LEARNED_FROM,
            col(Sitting.released_at).is_not(None),
        )
        .order_by(col(Sitting.opened_at).desc())
        .limit(MOST_SITTINGS)
    )
    return [
        Turn(sitting.table_id, seats, sitting.party_size or 2, minutes)
        for sitting, seats in rows
        if (minutes := turn_minutes(sitting)) is not None
    ]
