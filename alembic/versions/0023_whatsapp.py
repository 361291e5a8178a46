"""whatsapp senders, order tokens and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "whatsapp_senders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("user_hash", sa.String(length=64), nullable=False),
        sa.Column("user_encrypted", sa.String(length=400), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_encrypted", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("last_message_at", _MOMENT, nullable=False),
        sa.Column("last_sent_at", _MOMENT, nullable=True),
        sa.Column("opted_out_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_senders")),
        sa.UniqueConstraint("user_hash", name=op.f("uq_whatsapp_senders_user_hash")),
    )
    op.create_index(op.f("ix_whatsapp_senders_phone_hash"), "whatsapp_senders", ["phone_hash"])
    op.create_table(
        "order_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("submit_key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("shares_phone", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_order_tokens_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_order_tokens_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["whatsapp_senders.id"], name=op.f("fk_order_tokens_sender_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_order_tokens_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_order_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_order_tokens_restaurant_id_visit_id"),
        "order_tokens",
        ["restaurant_id", "visit_id"],
    )
    op.create_index(op.f("ix_order_tokens_expires_at"), "order_tokens", ["expires_at"])
    op.create_table(
        "whatsapp_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.String(length=128), nullable=True),
        sa.Column("is_incoming", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text_encrypted", sa.Text(), nullable=False),
        sa.Column("buttons", sa.String(length=1000), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("message_status", sa.String(length=10), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("said_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_whatsapp_messages_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["whatsapp_senders.id"], name=op.f("fk_whatsapp_messages_sender_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_whatsapp_messages_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_messages")),
        sa.UniqueConstraint("external_id", name=op.f("uq_whatsapp_messages_external_id")),
    )
    op.create_index(
        op.f("ix_whatsapp_messages_restaurant_id_sender_id_said_at"),
        "whatsapp_messages",
        ["restaurant_id", "sender_id", "said_at"],
    )
    op.create_index(
        op.f("ix_whatsapp_messages_sender_id_said_at"),
        "whatsapp_messages",
        ["sender_id", "said_at"],
    )
    op.create_index(op.f("ix_whatsapp_messages_said_at"), "whatsapp_messages", ["said_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("whatsapp_messages")
    op.drop_table("order_tokens")
    op.drop_table("whatsapp_senders")
