"""visits: one to five stars a guest gives the evening; counted by table, day and month."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COUNTED = ("table_days", "table_months")


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("customer_visits", sa.Column("stars", sa.SmallInteger, nullable=True))
    moment = sa.DateTime(timezone=True)
    op.add_column("customer_visits", sa.Column("rated_at", moment, nullable=True))
    op.create_index(
        "ix_customer_visits_rated",
        "customer_visits",
        ["restaurant_id", "rated_at"],
        sqlite_where=sa.text("rated_at IS NOT NULL"),
        postgresql_where=sa.text("rated_at IS NOT NULL"),
    )
    for name in COUNTED:
        for column in ("rating_count", "rating_stars"):
            op.add_column(name, sa.Column(column, sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it back."""
    for name in COUNTED:
        with op.batch_alter_table(name) as table:
            table.drop_column("rating_count")
            table.drop_column("rating_stars")
    op.drop_index("ix_customer_visits_rated", "customer_visits")
    with op.batch_alter_table("customer_visits") as table:
        table.drop_column("stars")
        table.drop_column("rated_at")
