"""visits that came by a friend's invitation."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("customer_visits", sa.Column("invite_code", sa.String(32), nullable=True))


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("customer_visits") as table:
        table.drop_column("invite_code")
