"""floor layouts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "floor_layouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("order_revision", sa.Integer(), nullable=False),
        sa.Column(
            "items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("base", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "decor", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("gone", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "recent_keys", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_user_id"], ["users.id"], name=op.f("fk_floor_layouts_changed_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_floor_layouts_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_layouts")),
    )
    with op.batch_alter_table("floor_layouts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_floor_layouts_restaurant_id_is_active"),
            ["restaurant_id", "is_active"],
            unique=False,
        )
        batch_op.create_index(
            "uq_floor_layouts_live",
            ["restaurant_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    # Areas that exist get empty values from the server; new ones always state theirs.
    for name, empty in (("operating_hours", "{}"), ("features", "[]")):
        json_type = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        op.add_column(
            "areas",
            sa.Column(name, json_type, server_default=sa.text(f"'{empty}'"), nullable=False),
        )
    op.add_column("areas", sa.Column("capacity", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    for name in ("capacity", "features", "operating_hours"):
        op.drop_column("areas", name)
    op.drop_table("floor_layouts")
