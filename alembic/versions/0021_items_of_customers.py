"""customers: how often and when they ordered each dish; segments: whom the first count found."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up. Rows come with the next count of everybody."""
    op.create_table(
        "customer_items",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("order_days", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_items_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_items_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "item_id", name=op.f("pk_customer_items")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_customer_items_asked",
        "customer_items",
        ["restaurant_id", "item_id", "customer_id", "order_count", "first_day", "order_days"],
    )
    op.add_column("customer_profiles", sa.Column("fingerprint", sa.String(length=32)))
    op.add_column(
        "segment_members",
        sa.Column("is_first_count", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # What the first count found has the segment's earliest moment.
    op.execute(
        "UPDATE segment_members SET is_first_count = true WHERE source = 'rule' AND entered_at ="
        " (SELECT min(first.entered_at) FROM segment_members AS first"
        " WHERE first.segment_id = segment_members.segment_id)"
    )
    with op.batch_alter_table("segment_members") as table:
        table.alter_column("is_first_count", server_default=None, existing_type=sa.Boolean())
    op.create_index(
        "ix_segment_members_by_hand",
        "segment_members",
        ["restaurant_id", "segment_id"],
        sqlite_where=sa.text("left_at IS NULL AND source <> 'rule'"),
        postgresql_where=sa.text("left_at IS NULL AND source <> 'rule'"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_segment_members_by_hand", table_name="segment_members")
    with op.batch_alter_table("segment_members") as table:
        table.drop_column("is_first_count")
    with op.batch_alter_table("customer_profiles") as table:
        table.drop_column("fingerprint")
    op.drop_index("ix_customer_items_asked", table_name="customer_items")
    op.drop_table("customer_items")
