"""Lists read profiles from end to end: what only cards show stands beside them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOVED = ("when_counts", "seasons")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "customer_patterns",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("when_counts", _JSON, nullable=False),
        sa.Column("seasons", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_patterns")),
    )
    op.execute(
        "INSERT INTO customer_patterns (customer_id, restaurant_id, when_counts, seasons)"
        " SELECT customer_id, restaurant_id, when_counts, seasons FROM customer_profiles"
    )
    # SQLite copies the table; PostgreSQL leaves rows as wide as they are until they are written.
    with op.batch_alter_table("customer_profiles") as table:
        for name in _MOVED:
            table.drop_column(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CLUSTER customer_profiles USING pk_customer_profiles")
        op.execute("ALTER TABLE customer_profiles SET WITHOUT CLUSTER")


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("customer_profiles") as table:
        for name in _MOVED:
            table.add_column(sa.Column(name, _JSON, nullable=False, server_default="[]"))
    for name in _MOVED:
        op.execute(
            f"UPDATE customer_profiles SET {name} = customer_patterns.{name}"
            " FROM customer_patterns"
            " WHERE customer_patterns.customer_id = customer_profiles.customer_id"
        )
    with op.batch_alter_table("customer_profiles") as table:
        for name in _MOVED:
            table.alter_column(name, server_default=None, existing_type=_JSON)
    op.drop_table("customer_patterns")
