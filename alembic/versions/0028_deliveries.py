"""orders that are brought, and visits that want it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "customer_visits",
        sa.Column("wants_delivery", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "order_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("address_encrypted", sa.Text(), nullable=True),
        sa.Column("given_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_order_deliveries_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_order_deliveries_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_deliveries")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_deliveries_order_id")),
    )
    op.create_index(
        op.f("ix_order_deliveries_restaurant_id_created_at"),
        "order_deliveries",
        ["restaurant_id", "created_at"],
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("order_deliveries")
    with op.batch_alter_table("customer_visits") as table:
        table.drop_column("wants_delivery")
