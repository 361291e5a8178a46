"""what models say each night, insights with who read them, and the funnel by day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _restaurant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["restaurant_id"], ["restaurants.id"], name=op.f(f"fk_{table}_restaurant_id")
    )


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "model_results",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("result", _JSON, nullable=False),
        sa.Column("learnt_from", _JSON, nullable=False),
        sa.Column("data_until", sa.Date(), nullable=False),
        sa.Column("is_enough", sa.Boolean(), nullable=False),
        sa.Column("calculated_at", _MOMENT, nullable=False),
        sa.Column("took_seconds", sa.Float(), nullable=False),
        _restaurant("model_results"),
        sa.PrimaryKeyConstraint("restaurant_id", "kind", name=op.f("pk_model_results")),
    )
    op.create_table(
        "customer_insights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("insight_type", sa.String(length=24), nullable=False),
        sa.Column("insight_data", _JSON, nullable=False),
        sa.Column("confidence_score", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("generated_on", sa.Date(), nullable=False),
        sa.Column("generated_at", _MOMENT, nullable=False),
        _restaurant("customer_insights"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_insights_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_insights")),
        sa.UniqueConstraint(
            "restaurant_id",
            "insight_type",
            "subject_key",
            "generated_on",
            name=op.f("uq_customer_insights_said"),
        ),
    )
    op.create_index(
        op.f("ix_customer_insights_restaurant_id_generated_at"),
        "customer_insights",
        ["restaurant_id", "generated_at"],
    )
    op.create_index(op.f("ix_customer_insights_customer_id"), "customer_insights", ["customer_id"])
    op.create_table(
        "insight_reads",
        sa.Column("insight_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        _restaurant("insight_reads"),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["customer_insights.id"], name=op.f("fk_insight_reads_insight_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_insight_reads_user_id")),
        sa.PrimaryKeyConstraint("insight_id", "user_id", name=op.f("pk_insight_reads")),
    )
    op.create_index(
        op.f("ix_insight_reads_restaurant_id_user_id"),
        "insight_reads",
        ["restaurant_id", "user_id"],
    )
    op.create_table(
        "funnel_days",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        *(
            sa.Column(f"{name}_count", sa.Integer(), nullable=False)
            for name in ("scan", "menu", "cart", "order", "completed")
        ),
        sa.Column("waits", _JSON, nullable=False),
        sa.Column("counted_at", _MOMENT, nullable=False),
        _restaurant("funnel_days"),
        sa.PrimaryKeyConstraint("restaurant_id", "business_day", name=op.f("pk_funnel_days")),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("funnel_days", "insight_reads", "customer_insights", "model_results"):
        op.drop_table(table)
