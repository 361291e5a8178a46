"""what reports add up, without a look at the rows."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_SUMS = "ix_return_days_sums"
_JOINED = "ix_loyalty_members_restaurant_id_joined_at"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(
        _SUMS,
        "return_days",
        [
            "restaurant_id",
            "business_day",
            "previous_day",
            "gap_days",
            "customer_count",
            "second_count",
        ],
    )
    op.create_index(_JOINED, "loyalty_members", ["restaurant_id", "joined_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(_JOINED, "loyalty_members")
    op.drop_index(_SUMS, "return_days")
