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
    # All orders once: asked for each guest, SQLite looks for the latest through all days.
    op.execute(
        """
        UPDATE customer_profiles SET last_spent_day = spent.day
        FROM (
            SELECT restaurant_id, customer_id, MAX(business_day) AS day FROM customer_orders
            WHERE customer_id IS NOT NULL AND order_status = 'completed' AND total_minor > 0
            GROUP BY restaurant_id, customer_id
        ) AS spent
        WHERE spent.restaurant_id = customer_profiles.restaurant_id
        AND spent.customer_id = customer_profiles.customer_id
        """
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("customer_profiles", "last_spent_day")
