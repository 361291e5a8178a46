"""Which restaurant a guest talks to: one row a guest and restaurant, begun by an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.ordering import Order
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppConversation, WhatsAppMessage
from services.base.upserts import insert

# Free-form messages may be sent for so long after the guest's last one.
WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Partner:
    """A restaurant that a guest has talked to lately."""

    conversation_id: UUID
    restaurant_id: UUID
    restaurant_name: str
    order_id: UUID
    last_heard_at: datetime


async def begin(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    sender_id: UUID,
    order_id: UUID,
    said_at: datetime,
    now: datetime,
) -> None:
    """A guest's order came: what is said from now on is about it."""
    alias = sa.select(col(Order.guest_alias)).where(
        col(Order.restaurant_id) == restaurant_id, col(Order.id) == order_id
    )
    latest = {
        "order_id": order_id,
        "guest_alias": await session.scalar(alias) or "",
        "last_said_at": now,
        "last_heard_at": said_at,
    }
    statement = insert(session, WhatsAppConversation).values(
        id=new_id(),
        created_at=now,
        restaurant_id=restaurant_id,
        sender_id=sender_id,
        unread_count=0,
        **latest,
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["restaurant_id", "sender_id"], set_=latest)
    )


async def partners(session: AsyncSession, *, sender_id: UUID, now: datetime) -> list[Partner]:
    """Restaurants a sender has talked to within the window, the latest first."""
    rows = await session.execute(
        sa.select(
            col(WhatsAppConversation.id),
            col(WhatsAppConversation.restaurant_id),
            col(Restaurant.name),
            col(WhatsAppConversation.order_id),
            col(WhatsAppConversation.last_heard_at),
        )
        .join(Restaurant, col(Restaurant.id) == col(WhatsAppConversation.restaurant_id))
        .where(
            col(WhatsAppConversation.sender_id) == sender_id,
            col(WhatsAppConversation.last_said_at) > now - WINDOW,
        )
        .order_by(col(WhatsAppConversation.last_said_at).desc(), col(WhatsAppConversation.id))
    )
    return [Partner(*row) for row in rows]


async def restaurant_of(session: AsyncSession, *, sender_id: UUID, external_id: str) -> UUID | None:
    """In whose name a message was sent that a guest replies to."""
    if not external_id:
        return None
    return await session.scalar(
        sa.select(col(WhatsAppMessage.restaurant_id)).where(
            col(WhatsAppMessage.external_id) == external_id,
            col(WhatsAppMessage.sender_id) == sender_id,
        )
    )


async def hear(
    session: AsyncSession,
    *,
    partner: Partner,
    message_ids: Sequence[UUID],
    said_at: datetime,
    now: datetime,
) -> None:
    """Guests' messages reach a restaurant: they are its own from now on, and not read yet."""
    if not message_ids:
        return
    await session.execute(
        sa.update(WhatsAppMessage)
        .where(col(WhatsAppMessage.id).in_(message_ids))
        .values(restaurant_id=partner.restaurant_id, order_id=partner.order_id)
    )
    heard_at = col(WhatsAppConversation.last_heard_at)
    await session.execute(
        sa.update(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == partner.restaurant_id,
            col(WhatsAppConversation.id) == partner.conversation_id,
        )
        .values(
            last_message_id=message_ids[-1],
            last_said_at=now,
            last_heard_at=sa.case((heard_at < said_at, said_at), else_=heard_at),
            unread_count=col(WhatsAppConversation.unread_count) + len(message_ids),
        )
    )


async def note_said(
    session: AsyncSession, *, restaurant_id: UUID, sender_id: UUID, message_id: UUID, now: datetime
) -> None:
    """Something was said to the guest in a restaurant's name."""
    await session.execute(
        sa.update(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == restaurant_id,
            col(WhatsAppConversation.sender_id) == sender_id,
        )
        .values(last_message_id=message_id, last_said_at=now)
    )


async def note_heard(
    session: AsyncSession, *, restaurant_id: UUID, sender_id: UUID, said_at: datetime
) -> None:
    """A guest pressed a button of a restaurant: its 24 hours begin again."""
    await session.execute(
        sa.update(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == restaurant_id,
            col(WhatsAppConversation.sender_id) == sender_id,
            col(WhatsAppConversation.last_heard_at) < said_at,
        )
        .values(last_heard_at=said_at)
    )


async def mark_read(session: AsyncSession, *, restaurant_id: UUID, conversation_id: UUID) -> bool:
    """Somebody of the staff has it open; returns whether anything was unread."""
    read = await session.scalar(
        sa.update(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == restaurant_id,
            col(WhatsAppConversation.id) == conversation_id,
            col(WhatsAppConversation.unread_count) > 0,
        )
        .values(unread_count=0)
        .returning(col(WhatsAppConversation.id))
    )
    return read is not None
