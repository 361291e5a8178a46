"""The audit log: who changed what, when. Never personal data of guests."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.journal import AuditEntry


class StaffMember(Protocol):
    """Whoever of the staff did it."""

    @property
    def user_id(self) -> UUID:
        """Their row id."""
        ...


def record(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    by: StaffMember | None,
    action: str,
    subject_type: str,
    subject_id: UUID | None,
    now: datetime,
    is_guest: bool = False,
    data: dict[str, object] | None = None,
) -> AuditEntry:
    """Note one change in the caller's transaction.

    Args:
        session: open transaction; nothing is flushed.
        restaurant_id: whose log.
        by: the staff member; None when a guest or the system did it.
        action: verb and object in snake case, as in "table_status_set".
        subject_type: table of the subject, singular.
        subject_id: row id of the subject.
        now: aware UTC.
        is_guest: a guest did it, not the system.
        data: what it was before and after, as far as replaying needs it.
    """
    kind = "staff" if by is not None else "guest" if is_guest else "system"
    entry = AuditEntry(
        restaurant_id=restaurant_id,
        actor_user_id=by.user_id if by is not None else None,
        actor_kind=kind,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        data=data or {},
        happened_at=now,
    )
    session.add(entry)
    return entry


async def find_entry(
    session: AsyncSession, *, restaurant_id: UUID, entry_id: UUID, actions: Collection[str]
) -> AuditEntry | None:
    """The entry of a step that somebody wants to take back, if it is one of these steps."""
    return await session.scalar(
        sa.select(AuditEntry).where(
            col(AuditEntry.restaurant_id) == restaurant_id,
            col(AuditEntry.id) == entry_id,
            col(AuditEntry.action).in_(actions),
        )
    )


async def is_last(session: AsyncSession, entry: AuditEntry, *, actions: Collection[str]) -> bool:
    """Whether none of these steps happened to the entry's subject since it was written."""
    later = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(AuditEntry.restaurant_id) == entry.restaurant_id,
            col(AuditEntry.subject_id) == entry.subject_id,
            sa.tuple_(col(AuditEntry.happened_at), col(AuditEntry.id))
            > sa.tuple_(entry.happened_at, entry.id),
            col(AuditEntry.action).in_(actions),
        )
        .limit(1)
    )
    return later is None
