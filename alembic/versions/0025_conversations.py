"""conversations of guests and restaurants over WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NAME = "whatsapp_conversations"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        _NAME,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("guest_alias", sa.String(length=40), nullable=False),
        sa.Column("last_message_id", sa.Uuid(), nullable=True),
        sa.Column("last_said_at", _MOMENT, nullable=False),
        sa.Column("last_heard_at", _MOMENT, nullable=False),
        sa.Column("unread_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_whatsapp_conversations_restaurant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["whatsapp_senders.id"],
            name=op.f("fk_whatsapp_conversations_sender_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_whatsapp_conversations_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_conversations")),
        sa.UniqueConstraint(
            "restaurant_id",
            "sender_id",
            name=op.f("uq_whatsapp_conversations_restaurant_id_sender_id"),
        ),
    )
    for columns in (("restaurant_id", "last_said_at"), ("sender_id", "last_said_at")):
        op.create_index(op.f(f"ix_{_NAME}_{'_'.join(columns)}"), _NAME, list(columns))
    with op.batch_alter_table("whatsapp_senders") as table:
        table.add_column(sa.Column("chosen_conversation_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("chosen_until", _MOMENT, nullable=True))
    with op.batch_alter_table("whatsapp_messages") as table:
        table.add_column(sa.Column("by_user_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_whatsapp_messages_by_user_id"), "users", ["by_user_id"], ["id"]
        )


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("whatsapp_messages") as table:
        table.drop_constraint(op.f("fk_whatsapp_messages_by_user_id"), type_="foreignkey")
        table.drop_column("by_user_id")
    with op.batch_alter_table("whatsapp_senders") as table:
        table.drop_column("chosen_until")
        table.drop_column("chosen_conversation_id")
    op.drop_table(_NAME)
