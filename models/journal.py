"""What happened and what must still happen: audit log, outbox, inbox, job claims."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, Row, TenantRow, json_field
from models.enums import DeliveryStatus


class AuditEntry(TenantRow, table=True):
    """Somebody changed something: who, what, when. Never personal data of guests."""

    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "happened_at"),
        sa.Index(None, "restaurant_id", "subject_id", "happened_at"),
    )

    actor_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    actor_kind: str = Field(max_length=10)
    action: str = Field(max_length=40)
    subject_type: str = Field(max_length=20)
    subject_id: UUID | None = None
    data: dict[str, Any] = json_field(dict)
    happened_at: datetime


class OutboxMessage(TenantRow, table=True):
    """An effect outside the database, written in the same transaction and delivered by a job."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(None, "status", "next_attempt_at"),
        sa.Index(None, "lane", "status", "lane_number"),
    )

    kind: str = Field(max_length=30)
    # What waits in one lane goes out in the order of its numbers, each after the one before it.
    lane: str | None = Field(default=None, max_length=80)
    lane_number: int = Field(default=0)
    payload: dict[str, Any] = json_field(dict)
    status: str = Field(default=DeliveryStatus.WAITING, max_length=10)
    attempt_count: int = Field(default=0)
    next_attempt_at: datetime
    delivered_at: datetime | None = None
    last_error: str | None = Field(default=None, max_length=300)


class InboxMessage(Row, table=True):
    """A webhook as it came in, stored once by its id, worked on later."""

    __tablename__ = "inbox"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.Index(None, "status", "source", "next_attempt_at"),
    )

    source: str = Field(max_length=20)
    external_id: str = Field(max_length=128)
    body: bytes = Field(sa_type=sa.LargeBinary)
    status: str = Field(default=DeliveryStatus.WAITING, max_length=10)
    received_at: datetime
    attempt_count: int = Field(default=0)
    next_attempt_at: datetime
    processed_at: datetime | None = None
    last_error: str | None = Field(default=None, max_length=300)


class JobClaim(NamedTable, table=True):
    """Which process may run a job until when: any number may tick, one runs."""

    __tablename__ = "job_claims"

    name: str = Field(primary_key=True, max_length=60)
    claimed_until_at: datetime
    claimed_by: str = Field(max_length=64)
    last_started_at: datetime | None = None
    last_finished_at: datetime | None = None
    last_error: str | None = Field(default=None, max_length=300)
