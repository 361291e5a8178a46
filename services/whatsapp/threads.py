"""What staff see of conversations: a name to say aloud, words, and a number only where it is given.

WhatsApp's user id leaves `senders` for Meta alone. A number is whole where its guest lets the
restaurant see it and the reader's role may see contacts; else it is masked.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.customers import Customer
from models.ordering import Order
from models.seating import Table
from models.whatsapp import WhatsAppConversation, WhatsAppMessage
from services.accounts.types import Actor, Permission
from services.base.secrets import PLATFORM, decrypt
from services.privacy.contact_data import contact_data
from services.privacy.purposes import get_standing
from services.whatsapp import senders
from services.whatsapp.conversations import WINDOW
from services.whatsapp.errors import UnknownConversationError

MOST_SHOWN = 60
MOST_MESSAGES = 120


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of the list. `kind` is WhatsApp's word for the last message."""

    id: UUID
    alias: str
    order_number: int
    table_number: str
    kind: str
    text: str
    is_incoming: bool
    last_said_at: datetime
    unread_count: int


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `by` names who of the staff wrote it; empty for what SmartMenu says."""

    id: UUID
    is_incoming: bool
    by: str
    kind: str
    text: str
    status: str
    error_code: int | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation. `phone` is masked unless `is_phone_shared`, and may be empty."""

    id: UUID
    alias: str
    customer_id: UUID | None
    phone: str
    is_phone_shared: bool
    order_id: UUID
    order_number: int
    table_number: str
    window_ends_at: datetime
    has_opted_out: bool
    messages: tuple[Said, ...]


async def list_talks(session: AsyncSession, *, restaurant_id: UUID) -> list[Talk]:
    """The conversations of a restaurant, the latest first; only their last messages are read."""
    rows = await session.execute(
        sa.select(
            WhatsAppConversation,
            col(Order.number),
            col(Table.table_number),
            col(WhatsAppMessage.kind),
            col(WhatsAppMessage.text_encrypted),
            col(WhatsAppMessage.is_incoming),
        )
        .join(Order, col(Order.id) == col(WhatsAppConversation.order_id))
        .outerjoin(Table, col(Table.id) == col(Order.table_id))
        .outerjoin(
            WhatsAppMessage,
            col(WhatsAppMessage.id) == col(WhatsAppConversation.last_message_id),
        )
        .where(col(WhatsAppConversation.restaurant_id) == restaurant_id)
        .order_by(
            col(WhatsAppConversation.last_said_at).desc(), col(WhatsAppConversation.id).desc()
        )
        .limit(MOST_SHOWN)
    )
    return [
        Talk(
            id=row.id,
            alias=row.guest_alias,
            order_number=number,
            table_number=table or "",
            kind=kind or "text",
            text=decrypt(text, restaurant_id=PLATFORM) if text else "",
            is_incoming=bool(is_incoming),
            last_said_at=row.last_said_at,
            unread_count=row.unread_count,
        )
        for row, number, table, kind, text, is_incoming in rows
    ]


async def count_unread(session: AsyncSession, *, restaurant_id: UUID) -> int:
    """How many messages of guests nobody has read."""
    return (
        await session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(WhatsAppConversation.unread_count), 0)).where(
                col(WhatsAppConversation.restaurant_id) == restaurant_id
            )
        )
        or 0
    )


async def get_thread(session: AsyncSession, *, by: Actor, conversation_id: UUID) -> Thread:
    """A conversation with its latest messages, oldest first, as this person may see it.

    Raises:
        UnknownConversationError: the restaurant has no such conversation.
    """
    found = (
        await session.execute(
            sa.select(WhatsAppConversation, Order, col(Table.table_number))
            .join(Order, col(Order.id) == col(WhatsAppConversation.order_id))
            .outerjoin(Table, col(Table.id) == col(Order.table_id))
            .where(
                col(WhatsAppConversation.restaurant_id) == by.restaurant_id,
                col(WhatsAppConversation.id) == conversation_id,
            )
            .execution_options(populate_existing=True)
        )
    ).first()
    if found is None:
        raise UnknownConversationError
    row, order, table_number = found
    sender = await senders.get(session, sender_id=row.sender_id)
    shared = await _shared_phone(session, by=by, customer_id=order.customer_id)
    return Thread(
        id=row.id,
        alias=row.guest_alias,
        customer_id=order.customer_id,
        phone=shared or (senders.masked(sender.phone) if sender.phone else ""),
        is_phone_shared=bool(shared),
        order_id=order.id,
        order_number=order.number,
        table_number=table_number or "",
        window_ends_at=row.last_heard_at + WINDOW,
        has_opted_out=sender.has_opted_out,
        messages=await _messages(session, row),
    )


async def list_heard(
    session: AsyncSession, *, restaurant_id: UUID, sender_id: UUID, since: datetime
) -> list[tuple[str, str]]:
    """What a guest has written to a restaurant since a moment: kind and words, the latest first."""
    rows = await session.execute(
        sa.select(col(WhatsAppMessage.kind), col(WhatsAppMessage.text_encrypted))
        .where(
            col(WhatsAppMessage.restaurant_id) == restaurant_id,
            col(WhatsAppMessage.sender_id) == sender_id,
            col(WhatsAppMessage.is_incoming),
            col(WhatsAppMessage.created_at) >= since,
        )
        .order_by(col(WhatsAppMessage.said_at).desc(), col(WhatsAppMessage.id).desc())
    )
    return [(kind, decrypt(text, restaurant_id=PLATFORM)) for kind, text in rows]


async def _shared_phone(session: AsyncSession, *, by: Actor, customer_id: UUID | None) -> str:
    """The number a guest lets the restaurant see, for who may see contacts; else empty."""
    if customer_id is None or not by.can(Permission.VIEW_CONTACTS):
        return ""
    customer = await session.get(Customer, customer_id, populate_existing=True)
    if customer is None or customer.restaurant_id != by.restaurant_id:
        return ""
    standing = await get_standing(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    return contact_data(customer, standing).given.phone


async def _messages(session: AsyncSession, row: WhatsAppConversation) -> tuple[Said, ...]:
    found = await session.execute(
        sa.select(WhatsAppMessage, col(User.name))
        .outerjoin(User, col(User.id) == col(WhatsAppMessage.by_user_id))
        .where(
            col(WhatsAppMessage.restaurant_id) == row.restaurant_id,
            col(WhatsAppMessage.sender_id) == row.sender_id,
        )
        # WhatsApp tells whole seconds: what was said in the same one is an answer.
        .order_by(
            col(WhatsAppMessage.said_at).desc(),
            col(WhatsAppMessage.is_incoming),
            col(WhatsAppMessage.id).desc(),
        )
        .limit(MOST_MESSAGES)
    )
    said = [
        Said(
            id=message.id,
            is_incoming=message.is_incoming,
            by=name or "",
            kind=message.kind,
            text=decrypt(message.text_encrypted, restaurant_id=PLATFORM),
            status=message.message_status,
            error_code=message.error_code,
            said_at=message.said_at,
        )
        for message, name in found
    ]
    return tuple(reversed(said))
