"""days of visits from an index alone."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BEFORE = "ix_customer_visits_restaurant_id_customer_id_visited_at"
_COLUMNS = ["restaurant_id", "customer_id", "visited_at"]


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index("ix_customer_visits_days", "customer_visits", [*_COLUMNS, "business_day"])
    op.drop_index(_BEFORE, "customer_visits")


def downgrade() -> None:
    """Take the schema back."""
    op.create_index(_BEFORE, "customer_visits", _COLUMNS)
    op.drop_index("ix_customer_visits_days", "customer_visits")
