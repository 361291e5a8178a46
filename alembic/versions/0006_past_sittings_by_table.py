"""past sittings by table: its card shows the last ones

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sittings_restaurant_id_table_id_released_at",
        "sittings",
        ["restaurant_id", "table_id", "released_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_sittings_restaurant_id_table_id_released_at", table_name="sittings")
