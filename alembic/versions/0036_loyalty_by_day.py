"""What points and members brought is counted with the day."""

import sqlalchemy as sa

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_COLUMNS = (
    "member_order_count",
    "member_revenue_minor",
    "points_earned",
    "points_undone",
    "points_redeemed",
    "points_expired",
    "points_adjusted",
)


def upgrade() -> None:
    """Bring the schema up; every day is counted anew by the job."""
    for name in _COLUMNS:
        op.add_column(
            "sales_days", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    """Take the schema back."""
    for name in reversed(_COLUMNS):
        op.drop_column("sales_days", name)
