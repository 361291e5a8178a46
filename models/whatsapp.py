"""WhatsApp: who writes to the platform's number, order tokens, and what was said both ways."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import Row, TenantRow
from models.enums import MessageStatus


class WhatsAppSender(Row, table=True):
    """A person as WhatsApp knows them. It belongs to the installation: no restaurant sees it.

    Since 2026 a webhook may carry no phone number: the key is the business-scoped user id.
    """

    __tablename__ = "whatsapp_senders"
    __table_args__ = (sa.Index(None, "phone_hash"),)

    user_hash: str = Field(unique=True, max_length=64)
    user_encrypted: str = Field(max_length=400)
    phone_hash: str | None = Field(default=None, max_length=64)
    phone_encrypted: str | None = Field(default=None, max_length=200)
    language: str = Field(default="en", max_length=8)
    # Free-form messages may be sent for 24 hours after it.
    last_message_at: datetime
    last_sent_at: datetime | None = None
    opted_out_at: datetime | None = None
    # With whom they said they talk, while they talk to several restaurants at once.
    chosen_conversation_id: UUID | None = None
    chosen_until: datetime | None = None


class OrderToken(TenantRow, table=True):
    """A short text that sends one guest's cart over WhatsApp, once, within two hours."""

    __tablename__ = "order_tokens"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "visit_id"),
        sa.Index(None, "expires_at"),
    )

    token_hash: str = Field(unique=True, max_length=64)
    visit_id: UUID = Field(foreign_key="customer_visits.id")
    submit_key: str = Field(max_length=64)
    language: str = Field(max_length=8)
    expires_at: datetime
    used_at: datetime | None = None
    sender_id: UUID | None = Field(default=None, foreign_key="whatsapp_senders.id")
    order_id: UUID | None = Field(default=None, foreign_key="customer_orders.id")
    # None until the guest has answered whether the restaurant may see their number.
    shares_phone: bool | None = None


class WhatsAppConversation(TenantRow, table=True):
    """What one guest and one restaurant say to each other.

    Its id means nothing elsewhere: two restaurants cannot tell that they talk to one person.
    """

    __tablename__ = "whatsapp_conversations"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "sender_id"),
        sa.Index(None, "restaurant_id", "last_said_at"),
        sa.Index(None, "sender_id", "last_said_at"),
    )

    sender_id: UUID = Field(foreign_key="whatsapp_senders.id")
    # The latest order: whom staff talk to, and what they talk about.
    order_id: UUID = Field(foreign_key="customer_orders.id")
    guest_alias: str = Field(max_length=40)
    last_message_id: UUID | None = None
    last_said_at: datetime
    # When the guest last wrote to this restaurant: its own 24 hours begin there.
    last_heard_at: datetime
    unread_count: int = Field(default=0)


class WhatsAppMessage(Row, table=True):
    """One message in or out. Without a restaurant it belongs to nobody but the installation."""

    __tablename__ = "whatsapp_messages"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "sender_id", "said_at"),
        sa.Index(None, "sender_id", "said_at"),
        sa.Index(None, "said_at"),
    )

    restaurant_id: UUID | None = Field(default=None, foreign_key="restaurants.id")
    sender_id: UUID | None = Field(default=None, foreign_key="whatsapp_senders.id")
    # WhatsApp's own id: the same message twice is one row.
    external_id: str | None = Field(default=None, unique=True, max_length=128)
    is_incoming: bool
    kind: str = Field(max_length=20)
    text_encrypted: str = Field(default="", sa_type=sa.Text)
    # Reply buttons of an outgoing message, as id=title lines.
    buttons: str = Field(default="", max_length=1000)
    order_id: UUID | None = Field(default=None, foreign_key="customer_orders.id")
    # Who of the staff wrote it.
    by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    # Of a template: {"name", "language", "values"} as JSON; the text is what the guest reads.
    template_encrypted: str = Field(default="", sa_type=sa.Text)
    message_status: str = Field(default=MessageStatus.RECEIVED, max_length=10)
    error_code: int | None = None
    said_at: datetime


class WhatsAppTemplate(Row, table=True):
    """A text that Meta has looked at: the only kind that goes out after the window."""

    __tablename__ = "whatsapp_templates"
    __table_args__ = (sa.UniqueConstraint("name", "language"),)

    name: str = Field(max_length=120)
    language: str = Field(max_length=15)
    # "UTILITY", "MARKETING" or "AUTHENTICATION", in Meta's words.
    category: str = Field(max_length=20)
    # "APPROVED", "PENDING", "REJECTED", "PAUSED", ... in Meta's words.
    template_status: str = Field(max_length=20)
    # {{1}}, {{2}} stand for what is filled in.
    body: str = Field(sa_type=sa.Text)
    # Has parts that cannot be filled in here, as a picture above.
    is_fillable: bool = Field(default=True)
    updated_at: datetime


class WhatsAppShape(Row, table=True):
    """A kind of webhook nobody here knows: its keys and kinds of values, no value."""

    __tablename__ = "whatsapp_shapes"

    kind: str = Field(max_length=20)
    shape_hash: str = Field(unique=True, max_length=64)
    shape: str = Field(sa_type=sa.Text)
    seen_count: int
    last_at: datetime


class WhatsAppSign(Row, table=True):
    """When something last happened between Meta and us that an operator looks for."""

    __tablename__ = "whatsapp_signs"

    name: str = Field(unique=True, max_length=30)
    seen_count: int
    last_at: datetime
