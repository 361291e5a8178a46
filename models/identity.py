"""How a guest is known again: links, consents, the merge journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class IdentityLink(TenantRow, table=True):
    """One signal that leads to a customer, stored only as a keyed hash of this restaurant."""

    __tablename__ = "identity_links"
    __table_args__ = (
        # Several customers may share a fingerprint: it is a suggestion. Everything else picks one.
        sa.Index(
            "uq_identity_links_signal",
            "restaurant_id",
            "kind",
            "value_hash",
            unique=True,
            sqlite_where=sa.text("kind <> 'fingerprint'"),
            postgresql_where=sa.text("kind <> 'fingerprint'"),
        ),
        sa.Index(None, "restaurant_id", "kind", "value_hash"),
        sa.Index(None, "customer_id"),
    )

    customer_id: UUID = Field(foreign_key="customers.id")
    kind: str = Field(max_length=12)
    value_hash: str = Field(max_length=64)
    last_seen_at: datetime
    expires_at: datetime | None = None


class Consent(TenantRow, table=True):
    """One choice of a guest: what, when, and to which text they agreed."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "customer_id", "given_at"),
        sa.Index(None, "visit_id"),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    visit_id: UUID | None = Field(default=None, foreign_key="customer_visits.id")
    level: str = Field(max_length=12)
    allows_fingerprint: bool = Field(default=False)
    text_version: str = Field(max_length=20)
    language: str = Field(max_length=8)
    source: str = Field(max_length=20)
    given_at: datetime


class MergeEntry(TenantRow, table=True):
    """Two customers became one, with every row that moved, so that it can be taken back exactly."""

    __tablename__ = "merge_journal"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "kept_customer_id"),
        sa.Index(None, "restaurant_id", "merged_customer_id"),
    )

    kept_customer_id: UUID = Field(foreign_key="customers.id")
    merged_customer_id: UUID = Field(foreign_key="customers.id")
    # {"customer_visits": ["id", ...], ...} and the columns of both customers before the merge.
    moved: dict[str, Any] = json_field(dict)
    reason: str = Field(max_length=40)
    merged_at: datetime
    undone_at: datetime | None = None
