"""Where to bring an order, asked in the conversation: words, a pin, or a link to a map."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order, OrderDelivery
from models.whatsapp import OrderToken
from services import live
from services.base import whatsapp_texts as texts
from services.base.texts import translate
from services.ordering import deliveries
from services.whatsapp import conversations, relay, saying
from services.whatsapp.relay import After, Heard

# Until somebody is on the way with it.
CHANGEABLE = (OrderStatus.PENDING, OrderStatus.PREPARING, OrderStatus.READY)
SHORTEST = 6


async def take(session: AsyncSession, *, heard: Heard) -> list[After] | None:
    """Keep a message as the address of the guest's order, where it is one.

    A pin always is, as long as nobody is on the way. Words are when the address is still missing
    and they look like one: a number, or a link to a map. Words for another restaurant never are.

    Returns:
        What is to be done after the commit; None when the message is something else.
    """
    incoming, sender = heard.incoming, heard.sender
    is_pin = incoming.kind == "location"
    if not incoming.text or not (is_pin or (incoming.kind == "text" and _may_be(incoming.text))):
        return None
    found = (
        await session.execute(
            sa.select(
                col(Order.restaurant_id),
                col(Order.id),
                col(Order.visit_id),
                col(OrderDelivery.given_at),
                col(OrderToken.language),
            )
            .join(OrderDelivery, col(OrderDelivery.order_id) == col(Order.id))
            .join(OrderToken, col(OrderToken.order_id) == col(Order.id))
            .where(
                col(OrderToken.sender_id) == sender.id,
                col(Order.order_status).in_(CHANGEABLE),
            )
            .order_by(col(Order.placed_at).desc())
            .limit(1)
        )
    ).first()
    if found is None or (found[3] is not None and not is_pin):
        return None
    restaurant_id, order_id, visit_id, _, language = found
    if not is_pin and not await relay.may_be_for(session, heard=heard, restaurant_id=restaurant_id):
        return None
    address = await deliveries.set_address(
        session,
        restaurant_id=restaurant_id,
        order_id=order_id,
        address=incoming.text,
        now=heard.now,
    )
    await saying.give_to(
        session, message_id=heard.message_id, restaurant_id=restaurant_id, order_id=order_id
    )
    await conversations.note_heard(
        session,
        restaurant_id=restaurant_id,
        sender_id=sender.id,
        said_at=relay.said_at(incoming, heard.now),
    )
    await saying.say(
        session,
        sender_id=sender.id,
        restaurant_id=restaurant_id,
        text=translate(language, texts.BROUGHT_TO, address=address),
        order_id=order_id,
        now=heard.now,
    )

    async def tell() -> None:
        await live.publish(
            [live.orders_topic(restaurant_id), live.visit_topic(visit_id)], "order", order_id
        )

    return [tell, relay.tell(restaurant_id)]


def _may_be(text: str) -> bool:
    words = text.strip()
    has_number = any(sign.isdecimal() for sign in words)
    return len(words) >= SHORTEST and (has_number or "http" in words.lower())
