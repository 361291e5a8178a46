"""What has not been done yet: messages in both boxes, and when each job last ended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import DeliveryStatus
from models.journal import InboxMessage, JobClaim, OutboxMessage


@dataclass(frozen=True, slots=True)
class Box:
    """Messages of the whole installation that wait, and for how long the first is overdue."""

    box: str
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class JobAge:
    """How long ago a job last ended, and whether that went wrong."""

    name: str
    age_seconds: float
    is_failing: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Both boxes and every job that ever ended."""

    boxes: tuple[Box, ...]
    jobs: tuple[JobAge, ...]


async def what_waits(session: AsyncSession, *, now: datetime) -> Waiting:
    """Count what waits in all restaurants: numbers for whoever runs the installation."""
    out = sa.select(sa.func.count(), sa.func.min(col(OutboxMessage.next_attempt_at))).where(
        col(OutboxMessage.status) == DeliveryStatus.WAITING
    )
    came = sa.select(sa.func.count(), sa.func.min(col(InboxMessage.received_at))).where(
        col(InboxMessage.status) == DeliveryStatus.WAITING
    )
    boxes: list[Box] = []
    for name, statement in (("outbox", out), ("inbox", came)):
        counted = (await session.execute(statement)).one()
        # Nothing waits: then there is no oldest.
        oldest: datetime | None = counted[1]
        overdue = (now - oldest).total_seconds() if oldest else 0.0
        boxes.append(Box(name, counted[0], max(0.0, overdue)))
    rows = await session.scalars(sa.select(JobClaim).order_by(col(JobClaim.name)))
    jobs = tuple(
        JobAge(row.name, (now - row.last_finished_at).total_seconds(), row.last_error is not None)
        for row in rows
        if row.last_finished_at is not None
    )
    return Waiting(tuple(boxes), jobs)
