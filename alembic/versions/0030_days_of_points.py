"""sums of points by day from an index alone."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BEFORE = "ix_loyalty_points_restaurant_id_business_day_transaction_type"
_COLUMNS = ["restaurant_id", "business_day", "transaction_type"]


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index("ix_loyalty_points_days", "loyalty_points", [*_COLUMNS, "points"])
    op.drop_index(_BEFORE, "loyalty_points")


def downgrade() -> None:
    """Take the schema back."""
    op.create_index(_BEFORE, "loyalty_points", _COLUMNS)
    op.drop_index("ix_loyalty_points_days", "loyalty_points")
