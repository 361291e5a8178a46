"""whole months of tables, added up."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SUMS = (
    "sitting_count",
    "forgotten_count",
    "order_count",
    "revenue_minor",
    "occupied_seconds",
    "guest_seconds",
)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "table_months",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("turn_minutes", sa.String(), nullable=False),
        sa.Column("party_sizes", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_table_months_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["tables.id"], name=op.f("fk_table_months_table_id")),
        sa.PrimaryKeyConstraint("restaurant_id", "month", "table_id", name=op.f("pk_table_months")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = (
        "date(business_day, 'start of month')"
        if is_sqlite
        else "date_trunc('month', business_day)::date"
    )
    strung = "group_concat({}, ' ')" if is_sqlite else "string_agg({}, ' ')"
    sums = ", ".join(f"sum({name})" for name in SUMS)
    op.execute(
        f"INSERT INTO table_months (restaurant_id, month, table_id, first_day, last_day, "
        f"{', '.join(SUMS)}, turn_minutes, party_sizes) "
        f"SELECT restaurant_id, {month}, table_id, min(business_day), max(business_day), {sums}, "
        f"{strung.format('turn_minutes')}, {strung.format('party_sizes')} "
        f"FROM table_days GROUP BY restaurant_id, {month}, table_id"
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("table_months")
