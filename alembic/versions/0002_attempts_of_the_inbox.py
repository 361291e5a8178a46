"""Attempts of the inbox: when a message is worked on again, and why it was not yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("attempt_count", sa.Integer(), nullable=True))
        table.add_column(sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("last_error", sa.String(length=300), nullable=True))
        table.drop_index(op.f("ix_inbox_status_received_at"))
    op.execute("UPDATE inbox SET attempt_count = 0, next_attempt_at = received_at")
    with op.batch_alter_table("inbox") as table:
        table.alter_column("attempt_count", existing_type=sa.Integer(), nullable=False)
        table.alter_column(
            "next_attempt_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )
        table.create_index(
            op.f("ix_inbox_status_next_attempt_at"), ["status", "next_attempt_at"], unique=False
        )


def downgrade() -> None:
    """Take it down."""
    with op.batch_alter_table("inbox") as table:
        table.drop_index(op.f("ix_inbox_status_next_attempt_at"))
        table.create_index(
            op.f("ix_inbox_status_received_at"), ["status", "received_at"], unique=False
        )
        table.drop_column("last_error")
        table.drop_column("next_attempt_at")
        table.drop_column("attempt_count")
