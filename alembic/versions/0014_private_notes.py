"""customer notes: some are for managers only, and a deleted one can be brought back for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table("customer_notes") as table:
        table.add_column(
            sa.Column("only_managers", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("customer_notes") as table:
        table.alter_column("only_managers", server_default=None, existing_type=sa.Boolean())
    op.create_index(
        "ix_customer_notes_deleted",
        "customer_notes",
        ["deleted_at"],
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_customer_notes_deleted", table_name="customer_notes")
    with op.batch_alter_table("customer_notes") as table:
        table.drop_column("deleted_at")
        table.drop_column("only_managers")
