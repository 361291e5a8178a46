"""day counts of the room."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "rollup_marks",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("followed_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("rebuilt_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_rollup_marks_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", name=op.f("pk_rollup_marks")),
    )
    op.create_table(
        "area_hours",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("sitting_count", sa.Integer(), nullable=False),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.Integer(), nullable=False),
        sa.Column("occupied_seconds", sa.Integer(), nullable=False),
        sa.Column("guest_seconds", sa.Integer(), nullable=False),
        sa.Column("accept_count", sa.Integer(), nullable=False),
        sa.Column("accept_seconds", sa.Integer(), nullable=False),
        sa.Column("cook_count", sa.Integer(), nullable=False),
        sa.Column("cook_seconds", sa.Integer(), nullable=False),
        sa.Column("carry_count", sa.Integer(), nullable=False),
        sa.Column("carry_seconds", sa.Integer(), nullable=False),
        sa.Column("service_count", sa.Integer(), nullable=False),
        sa.Column("service_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_hours_area_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_area_hours_restaurant_id")
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "business_day", "area_id", "hour", name=op.f("pk_area_hours")
        ),
    )
    op.create_table(
        "table_days",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_count", sa.Integer(), nullable=False),
        sa.Column("turn_minutes", sa.String(), nullable=False),
        sa.Column("party_sizes", sa.String(), nullable=False),
        sa.Column("forgotten_count", sa.Integer(), nullable=False),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.Integer(), nullable=False),
        sa.Column("occupied_seconds", sa.Integer(), nullable=False),
        sa.Column("guest_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_table_days_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["tables.id"], name=op.f("fk_table_days_table_id")),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "business_day", "table_id", name=op.f("pk_table_days")
        ),
    )
    op.create_table(
        "sitting_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("from_table_id", sa.Uuid(), nullable=False),
        sa.Column("from_area_id", sa.Uuid(), nullable=False),
        sa.Column("to_table_id", sa.Uuid(), nullable=False),
        sa.Column("to_area_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_area_id"], ["areas.id"], name=op.f("fk_sitting_moves_from_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_table_id"], ["tables.id"], name=op.f("fk_sitting_moves_from_table_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_sitting_moves_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_moves_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_area_id"], ["areas.id"], name=op.f("fk_sitting_moves_to_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_table_id"], ["tables.id"], name=op.f("fk_sitting_moves_to_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_moves")),
    )
    op.create_index(
        op.f("ix_sitting_moves_restaurant_id_moved_at"),
        "sitting_moves",
        ["restaurant_id", "moved_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sitting_moves_sitting_id_moved_at"),
        "sitting_moves",
        ["sitting_id", "moved_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sittings_restaurant_id_table_id_opened_at"),
        "sittings",
        ["restaurant_id", "table_id", "opened_at"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_sittings_restaurant_id_table_id_opened_at"), table_name="sittings")
    op.drop_index(op.f("ix_sitting_moves_sitting_id_moved_at"), table_name="sitting_moves")
    op.drop_index(op.f("ix_sitting_moves_restaurant_id_moved_at"), table_name="sitting_moves")
    op.drop_table("sitting_moves")
    op.drop_table("table_days")
    op.drop_table("area_hours")
    op.drop_table("rollup_marks")
