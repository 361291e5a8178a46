"""what is due of one source, however much of another waits."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_BEFORE = "ix_inbox_status_next_attempt_at"
_AFTER = "ix_inbox_status_source_next_attempt_at"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(_AFTER, "inbox", ["status", "source", "next_attempt_at"])
    op.drop_index(_BEFORE, "inbox")


def downgrade() -> None:
    """Take the schema back."""
    op.create_index(_BEFORE, "inbox", ["status", "next_attempt_at"])
    op.drop_index(_AFTER, "inbox")
