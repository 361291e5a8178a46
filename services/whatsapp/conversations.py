"""Which restaurant a guest talks to: one row a guest and restaurant, begun by an order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.ordering import Order
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppConversation, WhatsAppMessage
from services.base.upserts import BuiltOnce

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


_conversations, _orders = (
    WhatsAppConversation.metadata.tables[model.__tablename__]
    for model in (WhatsAppConversation, Order)
)
_BEGIN_COLUMNS = (
    *("id", "created_at", "restaurant_id", "sender_id"),
    *("unread_count", "order_id", "last_said_at", "last_heard_at"),
)
_LATEST = ("order_id", "guest_alias", "last_said_at", "last_heard_at")


def _begin_statement(insert: Callable[[sa.Table], Any]) -> sa.Executable:
    new = {
        name: sa.bindparam(f"new_{name}", type_=_conversations.c[name].type)
        for name in _BEGIN_COLUMNS
    }
    # After two guests became one, the order has the name of the older.
    alias = (
        sa.select(_orders.c.guest_alias)
        .where(_orders.c.restaurant_id == new["restaurant_id"], _orders.c.id == new["order_id"])
        .scalar_subquery()
    )
    made = insert(_conversations).values(**new, guest_alias=alias)
    return made.on_conflict_do_update(
        index_elements=["restaurant_id", "sender_id"],
        set_={name: made.excluded[name] for name in _LATEST},
    )


_BEGIN = BuiltOnce(_begin_statement)


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
    row = {
        "id": new_id(),
        "created_at": now,
        "restaurant_id": restaurant_id,
        "sender_id": sender_id,
        "unread_count": 0,
        "order_id": order_id,
        "last_said_at": now,
        "last_heard_at": said_at,
    }
    await session.execute(_BEGIN.on(session), {f"new_{name}": one for name, one in row.items()})


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
