"""orders: with which payment each was paid, which its sitting alone could not say."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    moment = sa.DateTime(timezone=True)
    op.add_column("customer_orders", sa.Column("paid_at", moment, nullable=True))
    paid = (
        "SELECT s.paid_at FROM sittings s WHERE s.id = customer_orders.sitting_id"
        " AND s.paid_at >= customer_orders.placed_at"
    )
    op.execute(f"UPDATE customer_orders SET paid_at = ({paid}) WHERE EXISTS ({paid})")


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("customer_orders") as table:
        table.drop_column("paid_at")
