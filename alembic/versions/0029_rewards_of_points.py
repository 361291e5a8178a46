"""points by the reward they went for: what is given back is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_FOR_REWARDS = sa.text("customer_reward_id IS NOT NULL")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(
        "ix_loyalty_points_reward",
        "loyalty_points",
        ["restaurant_id", "customer_reward_id"],
        sqlite_where=_FOR_REWARDS,
        postgresql_where=_FOR_REWARDS,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_loyalty_points_reward", "loyalty_points")
