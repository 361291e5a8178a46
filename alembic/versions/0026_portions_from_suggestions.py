"""portions that guests took from a suggestion."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("cart_lines", "suggested_quantity"),
    ("order_lines", "suggested_quantity"),
    ("sales_days", "suggested_count"),
)


def upgrade() -> None:
    """Bring the schema up."""
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take the schema back."""
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
