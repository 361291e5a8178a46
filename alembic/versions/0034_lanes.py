"""lanes of the outbox: what one person is told goes out in its order."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_INDEX = "ix_outbox_lane_status_lane_number"


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("lane", sa.String(80), nullable=True))
        table.add_column(sa.Column("lane_number", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("outbox") as table:
        table.alter_column("lane_number", server_default=None)
    op.create_index(_INDEX, "outbox", ["lane", "status", "lane_number"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(_INDEX, "outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("lane_number")
        table.drop_column("lane")
