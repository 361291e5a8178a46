"""the last day a guest spent something: who spent nothing since is known without their orders."""

import sqlalchemy as sa

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("customer_profiles", sa.Column("last_spent_day", sa.Date(), nullable=True))
    op.execute(
        """
        UPDATE customer_profiles SET last_spent_day = (
            SELECT MAX(business_day) FROM customer_orders
            WHERE customer_orders.restaurant_id = customer_profiles.restaurant_id
            AND customer_orders.customer_id = customer_profiles.customer_id
            AND order_status = 'completed' AND total_minor > 0
        )
        """
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("customer_profiles", "last_spent_day")
