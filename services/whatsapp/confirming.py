"""What a guest is told when their order has been placed: said after it, not with it.

The transaction that places an order holds the number of the restaurant's day, and all its other
orders wait for that. So it only leaves a note that there is something to be said. Each sentence has
a key: who dies in the middle is replaced by somebody who says what is missing, and nothing twice.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderKind
from models.ordering import Order
from models.restaurants import Restaurant
from models.whatsapp import OrderToken
from services.base import clock
from services.base import whatsapp_texts as texts
from services.base.database import transaction
from services.base.texts import money_text, translate
from services.ordering.rules import order_lane
from services.outbox import messages as outbox
from services.outbox.types import Delivery
from services.whatsapp import saying, senders

KIND = "order_placed"
# Begins the id of a button that answers whether the restaurant may see the number.
SHARE = "share"


async def note(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    order_id: UUID,
    asks_for_phone: bool,
    now: datetime,
) -> None:
    """Have the guest of a new order told of it, if and only if this transaction commits.

    Args:
        session: the transaction that places the order; flushed, not committed.
        restaurant_id: where it was placed.
        order_id: it came with a token.
        asks_for_phone: whether a record may hold the guest's number, if they agree.
        now: aware UTC.
    """
    await outbox.put(
        session,
        restaurant_id=restaurant_id,
        kind=KIND,
        payload={"order_id": str(order_id), "asks_for_phone": asks_for_phone},
        key=str(order_id),
        lane=order_lane(order_id),
        now=now,
    )


async def deliver(delivery: Delivery) -> None:
    """Say what a new order leads to; whatever of it was said before is not said again."""
    async with transaction() as session:
        await _confirm(
            session,
            restaurant_id=delivery.restaurant_id,
            order_id=UUID(str(delivery.payload["order_id"])),
            asks_for_phone=bool(delivery.payload["asks_for_phone"]),
            now=clock.now(),
        )


async def _confirm(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    order_id: UUID,
    asks_for_phone: bool,
    now: datetime,
) -> None:
    found = (
        await session.execute(
            sa.select(Order, OrderToken, col(Restaurant.name))
            .join(OrderToken, col(OrderToken.order_id) == col(Order.id))
            .join(Restaurant, col(Restaurant.id) == col(Order.restaurant_id))
            .where(col(Order.restaurant_id) == restaurant_id, col(Order.id) == order_id)
            .limit(1)
        )
    ).first()
    if found is None:
        return
    order, token, name = found
    sender_id = token.sender_id
    if sender_id is None:
        # Forgotten meanwhile, as guests may ask at any moment.
        return

    async def say(about: str, message: str, *, buttons: dict[str, str], **facts: object) -> None:
        await saying.say(
            session,
            sender_id=sender_id,
            restaurant_id=restaurant_id,
            text=translate(token.language, message, **facts),
            key=f"{about}:{order_id}",
            order_id=order_id,
            buttons=buttons,
            now=now,
        )

    total = money_text(order.total_minor, order.currency, token.language)
    await say(
        "ordered", texts.ORDERED, buttons={}, number=order.number, restaurant=name, total=total
    )
    if order.order_kind == OrderKind.DELIVERY:
        await say("where", texts.WHERE_TO, buttons={})
    if not asks_for_phone:
        return
    sender = await senders.get(session, sender_id=sender_id)
    if sender.phone:
        buttons = {
            f"{SHARE}:{token.id}:yes": translate(token.language, texts.SHARE_YES),
            f"{SHARE}:{token.id}:no": translate(token.language, texts.SHARE_NO),
        }
        masked = senders.masked(sender.phone)
        await say("share", texts.SHARE_QUESTION, buttons=buttons, restaurant=name, masked=masked)
