"""What was done to many customers at once, so that it can be taken back."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow


class BulkAction(TenantRow, table=True):
    """One tag or segment put on many customers, or taken off them; kept for a day."""

    __tablename__ = "bulk_actions"
    __table_args__ = (sa.Index(None, "restaurant_id", "done_at"),)

    # "tag", "untag", "pin".
    kind: str = Field(max_length=8)
    # The tag, or the id of the segment.
    subject: str = Field(max_length=40)
    by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    done_at: datetime
    undone_at: datetime | None = None
    changed_count: int
    # Sixteen bytes each: whom it changed, where rows that are gone could not tell.
    changed_ids: bytes = Field(default=b"", sa_type=sa.LargeBinary)
