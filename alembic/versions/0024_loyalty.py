"""loyalty: programme, ledger of points, members, invitations and rewards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "loyalty_marks",
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("expired_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expired_lot_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_marks_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", name=op.f("pk_loyalty_marks")),
    )
    op.create_table(
        "loyalty_programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "rules", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_programmes_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_user_id"],
            ["users.id"],
            name=op.f("fk_loyalty_programmes_updated_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_programmes")),
        sa.UniqueConstraint(
            "restaurant_id", "version", name=op.f("uq_loyalty_programmes_restaurant_id_version")
        ),
    )
    op.create_index(
        "uq_loyalty_programmes_draft",
        "loyalty_programmes",
        ["restaurant_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "uq_loyalty_programmes_live",
        "loyalty_programmes",
        ["restaurant_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('published', 'paused')"),
        postgresql_where=sa.text("state IN ('published', 'paused')"),
    )

    op.create_table(
        "loyalty_rewards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("reward_name", sa.String(length=80), nullable=False),
        sa.Column("reward_description", sa.String(length=200), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("points_required", sa.Integer(), nullable=False),
        sa.Column("reward_type", sa.String(length=12), nullable=False),
        sa.Column(
            "reward_value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("per_guest_limit", sa.Integer(), nullable=True),
        sa.Column("min_tier_key", sa.String(length=20), nullable=False),
        sa.Column("unlock_points", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_rewards_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_rewards")),
    )
    op.create_index(
        op.f("ix_loyalty_rewards_restaurant_id_position"),
        "loyalty_rewards",
        ["restaurant_id", "position"],
        unique=False,
    )

    op.create_table(
        "loyalty_members",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifetime_points", sa.Integer(), nullable=False),
        sa.Column("tier_points", sa.Integer(), nullable=False),
        sa.Column("tier_key", sa.String(length=20), nullable=False),
        sa.Column("last_earned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_tier_key", sa.String(length=20), nullable=False),
        sa.Column("granted_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("celebrated_tier_key", sa.String(length=20), nullable=False),
        sa.Column("invite_code", sa.String(length=32), nullable=False),
        sa.Column("warned_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_loyalty_members_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_members_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_loyalty_members")),
        sa.UniqueConstraint(
            "restaurant_id",
            "invite_code",
            name=op.f("uq_loyalty_members_restaurant_id_invite_code"),
        ),
    )
    op.create_index(
        op.f("ix_loyalty_members_restaurant_id_tier_key_customer_id"),
        "loyalty_members",
        ["restaurant_id", "tier_key", "customer_id"],
        unique=False,
    )

    op.create_table(
        "loyalty_referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("inviter_id", sa.Uuid(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_loyalty_referrals_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["customers.id"], name=op.f("fk_loyalty_referrals_inviter_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_referrals_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_referrals")),
    )
    op.create_index(
        op.f("ix_loyalty_referrals_restaurant_id_customer_id"),
        "loyalty_referrals",
        ["restaurant_id", "customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_referrals_restaurant_id_inviter_id"),
        "loyalty_referrals",
        ["restaurant_id", "inviter_id"],
        unique=False,
    )

    op.create_table(
        "customer_rewards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("reward_id", sa.Uuid(), nullable=False),
        sa.Column("reward_name", sa.String(length=80), nullable=False),
        sa.Column("reward_type", sa.String(length=12), nullable=False),
        sa.Column(
            "reward_value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("points_used", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("discount_minor", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["carts.id"], name=op.f("fk_customer_rewards_cart_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_rewards_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_customer_rewards_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_rewards_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["loyalty_rewards.id"], name=op.f("fk_customer_rewards_reward_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_user_id"], ["users.id"], name=op.f("fk_customer_rewards_used_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_rewards")),
        sa.UniqueConstraint(
            "restaurant_id", "code_hash", name=op.f("uq_customer_rewards_restaurant_id_code_hash")
        ),
        sa.UniqueConstraint(
            "restaurant_id",
            "idempotency_key",
            name=op.f("uq_customer_rewards_restaurant_id_idempotency_key"),
        ),
    )
    op.create_index(
        op.f("ix_customer_rewards_restaurant_id_customer_id_status"),
        "customer_rewards",
        ["restaurant_id", "customer_id", "status"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_rewards_restaurant_id_order_id"),
        "customer_rewards",
        ["restaurant_id", "order_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_rewards_restaurant_id_reward_id_customer_id"),
        "customer_rewards",
        ["restaurant_id", "reward_id", "customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_rewards_restaurant_id_used_at"),
        "customer_rewards",
        ["restaurant_id", "used_at"],
        unique=False,
    )
    op.create_index(
        "ix_customer_rewards_waiting",
        "customer_rewards",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'redeemed'"),
        postgresql_where=sa.text("status = 'redeemed'"),
    )

    op.create_table(
        "loyalty_points",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_type", sa.String(length=10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("customer_reward_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("programme_version", sa.Integer(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "points > 0 OR lot_id IS NOT NULL OR owed > 0", name=op.f("ck_loyalty_points_lot")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_loyalty_points_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_loyalty_points_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_reward_id"],
            ["customer_rewards.id"],
            name=op.f("fk_loyalty_points_customer_reward_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["loyalty_points.id"], name=op.f("fk_loyalty_points_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_loyalty_points_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_loyalty_points_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_points")),
        sa.UniqueConstraint(
            "restaurant_id",
            "idempotency_key",
            name=op.f("uq_loyalty_points_restaurant_id_idempotency_key"),
        ),
    )
    op.create_index(
        "ix_loyalty_points_balance",
        "loyalty_points",
        ["restaurant_id", "customer_id", "business_day", "points", "owed"],
        unique=False,
    )
    op.create_index(
        "ix_loyalty_points_expiry",
        "loyalty_points",
        ["restaurant_id", "expires_at", "id"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_loyalty_points_restaurant_id_business_day_transaction_type"),
        "loyalty_points",
        ["restaurant_id", "business_day", "transaction_type"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_points_restaurant_id_lot_id_points"),
        "loyalty_points",
        ["restaurant_id", "lot_id", "points"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_points_restaurant_id_order_id"),
        "loyalty_points",
        ["restaurant_id", "order_id"],
        unique=False,
    )

    op.add_column("customer_orders", sa.Column("points_earned", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("customer_orders") as table:
        table.drop_column("points_earned")
    for name in (
        "loyalty_points",
        "customer_rewards",
        "loyalty_referrals",
        "loyalty_members",
        "loyalty_rewards",
        "loyalty_programmes",
        "loyalty_marks",
    ):
        op.drop_table(name)
