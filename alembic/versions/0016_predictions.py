"""fitted models and what they expect of customers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "model_fits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=20), nullable=False),
        sa.Column("params", _JSON, nullable=False),
        sa.Column("standard_errors", _JSON, nullable=False),
        sa.Column("log_likelihood", sa.Float(), nullable=False),
        sa.Column("data_until", sa.Date(), nullable=False),
        sa.Column("customer_count", sa.Integer(), nullable=False),
        sa.Column("repeater_count", sa.Integer(), nullable=False),
        sa.Column("is_enough", sa.Boolean(), nullable=False),
        sa.Column("converged", sa.Boolean(), nullable=False),
        sa.Column("fitted_at", _MOMENT, nullable=False),
        sa.Column("took_seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_model_fits_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_fits")),
        sa.UniqueConstraint(
            "restaurant_id",
            "kind",
            "data_until",
            name=op.f("uq_model_fits_restaurant_id_kind_data_until"),
        ),
    )
    op.create_table(
        "customer_predictions",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("visit_days", sa.Integer(), nullable=False),
        sa.Column("last_visit_day", sa.Date(), nullable=False),
        sa.Column("data_until", sa.Date(), nullable=False),
        sa.Column("is_enough", sa.Boolean(), nullable=False),
        sa.Column("expected_visits", sa.Float(), nullable=False),
        sa.Column("alive", sa.Float(), nullable=False),
        sa.Column("visit_within_7", sa.Float(), nullable=False),
        sa.Column("visit_within_14", sa.Float(), nullable=False),
        sa.Column("visit_within_30", sa.Float(), nullable=False),
        sa.Column("median_days", sa.Float(), nullable=True),
        sa.Column("value_minor", sa.Integer(), nullable=False),
        sa.Column("value_low_minor", sa.Integer(), nullable=False),
        sa.Column("value_high_minor", sa.Integer(), nullable=False),
        sa.Column("at_risk_on", sa.Date(), nullable=True),
        sa.Column("lost_on", sa.Date(), nullable=True),
        sa.Column("calculated_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_predictions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_customer_predictions_restaurant_id"),
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_predictions")),
    )
    op.create_index(
        "ix_customer_predictions_at_risk", "customer_predictions", ["restaurant_id", "at_risk_on"]
    )
    op.create_index(
        "ix_customer_predictions_value",
        "customer_predictions",
        ["restaurant_id", "value_minor", "customer_id"],
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("customer_predictions")
    op.drop_table("model_fits")
