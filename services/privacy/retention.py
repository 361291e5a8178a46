"""Nothing is kept forever: profiles, events, device marks and the access log go in their time.

A run works in small transactions, in the order of time, and notes how far it has come: running it
again does nothing, and twice as much history takes twice as long. Two things make it wait for the
owner instead of deleting: a clock that jumped, and a run that would erase more than a quarter of
all guests at once, as after a slip of the hand in the settings.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.events import CustomerEvent
from models.privacy import CustomerAccess, RetentionRun
from models.visits import Visit
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.privacy.retention_steps import Ends, has_marks, is_living, is_over, is_thin, work
from services.privacy.settings import load_rules

# Runs are a day apart. A longer pause, or one backwards, is a clock to be looked at first.
LONGEST_PAUSE = timedelta(days=31)
MANY_RATIO = 0.25
FEW = 20
RUNS_KEPT = timedelta(days=400)


class Held(StrEnum):
    """Why a run deleted nothing."""

    NO = ""
    # The first run: there is none before it to compare the clock with.
    FIRST = "first"
    CLOCK = "clock"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, counted before anything is done. `guest_count` are all who are remembered."""

    profiles: int
    events: int
    devices: int
    accesses: int
    guest_count: int
    held: Held

    def counts(self) -> dict[str, int]:
        """By what."""
        return {
            "profiles": self.profiles,
            "events": self.events,
            "devices": self.devices,
            "accesses": self.accesses,
        }


async def due(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> Due:
    """The dry run: what a run would do now, and whether it would wait for the owner."""
    rules = await load_rules(session, restaurant_id=restaurant_id)
    ends = Ends(rules, now)

    async def count(table: sa.FromClause | type, *which: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(table).where(*which)
        return await session.scalar(counted) or 0

    people = await count(Customer, *is_living(restaurant_id))
    profiles = await count(Customer, *is_over(restaurant_id, ends.profiles))
    return Due(
        profiles=profiles,
        events=await count(CustomerEvent, *is_thin(restaurant_id, ends.events)),
        devices=await count(Visit, *has_marks(restaurant_id, ends.devices)),
        accesses=await count(
            CustomerAccess,
            col(CustomerAccess.restaurant_id) == restaurant_id,
            col(CustomerAccess.opened_at) < ends.accesses,
        ),
        guest_count=people,
        held=await _held(session, restaurant_id, profiles, people, now),
    )


async def run(*, restaurant_id: UUID, now: datetime, asked_by: Actor | None = None) -> RetentionRun:
    """Delete what is due at one restaurant, in transactions of its own, and keep the report.

    Args:
        restaurant_id: where.
        now: aware UTC.
        asked_by: the owner, who has seen the dry run: then it does not wait.
    """
    async with reading() as session:
        rules = await load_rules(session, restaurant_id=restaurant_id)
        seen = await due(session, restaurant_id=restaurant_id, now=now)
    held = Held.NO if asked_by is not None else seen.held
    report = RetentionRun(
        restaurant_id=restaurant_id,
        started_at=now,
        held_because=held,
        counts=seen.counts() if held else {},
        asked_by_user_id=asked_by.user_id if asked_by is not None else None,
        created_at=now,
    )
    async with transaction() as session:
        session.add(report)
    if held is Held.NO:
        report.counts = await work(restaurant_id, Ends(rules, now), now)
    async with transaction() as session:
        report.finished_at = now
        await session.merge(report)
        await session.execute(
            sa.delete(RetentionRun)
            .where(
                col(RetentionRun.restaurant_id) == restaurant_id,
                col(RetentionRun.started_at) < now - RUNS_KEPT,
            )
            .execution_options(synchronize_session=False)
        )
    return report


async def last_runs(
    session: AsyncSession, *, restaurant_id: UUID, limit: int = 10
) -> list[RetentionRun]:
    """The newest reports first."""
    rows = await session.scalars(
        sa.select(RetentionRun)
        .where(col(RetentionRun.restaurant_id) == restaurant_id)
        .order_by(col(RetentionRun.started_at).desc(), col(RetentionRun.id).desc())
        .limit(limit)
    )
    return list(rows)


async def _held(
    session: AsyncSession, restaurant_id: UUID, profiles: int, people: int, now: datetime
) -> Held:
    newest = await last_runs(session, restaurant_id=restaurant_id, limit=1)
    if not newest:
        return Held.FIRST
    if not timedelta(0) <= now - newest[0].started_at <= LONGEST_PAUSE:
        return Held.CLOCK
    return Held.MANY if profiles > max(FEW, people * MANY_RATIO) else Held.NO
