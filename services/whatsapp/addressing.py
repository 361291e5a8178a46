"""Where to bring an order, asked in the conversation: words, a pin, or a link to a map."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
from services.whatsapp import conversations, relay, saying, threads
from services.whatsapp.relay import After, Heard
from services.whatsapp.senders import Sender

# Until somebody is on the way with it.
CHANGEABLE = (OrderStatus.PENDING, OrderStatus.PREPARING, OrderStatus.READY)
SHORTEST = 6


@dataclass(frozen=True, slots=True)
class _Brought:
    """An order of the sender on whose way nobody is yet; `given_at` tells that it knows where."""

    restaurant_id: UUID
    order_id: UUID
    visit_id: UUID
    given_at: datetime | None
    language: str


async def take(session: AsyncSession, *, heard: Heard) -> list[After] | None:
    """Keep a message as the address of the guest's order, where it is one.

    A pin always is, as long as nobody is on the way. Words are when the address is still missing
    and they look like one: a number, or a link to a map. Words for another restaurant never are.
    Of several restaurants it is for the one that asked, or that the guest talks to; where that is
    open too, nothing is kept, and whoever passes the message on asks.

    Returns:
        What is to be done after the commit; None when the message is something else.
    """
    incoming = heard.incoming
    is_pin = incoming.kind == "location"
    if not incoming.text or not (is_pin or (incoming.kind == "text" and _may_be(incoming.text))):
        return None
    brought = await _find_meant(
        session, heard, await _changeable(session, heard.sender), is_pin=is_pin
    )
    if brought is None:
        return None
    await saying.give_to(
        session,
        message_id=heard.message_id,
        restaurant_id=brought.restaurant_id,
        order_id=brought.order_id,
    )
    await conversations.note_heard(
        session,
        restaurant_id=brought.restaurant_id,
        sender_id=heard.sender.id,
        said_at=relay.said_at(incoming, heard.now),
    )
    return await _keep(session, heard, brought, incoming.text)


async def take_chosen(session: AsyncSession, *, heard: Heard) -> list[After]:
    """After a guest has said for which restaurant a message was: it may have been its address.

    Args:
        session: open transaction; flushed, not committed.
        heard: the button, which names the message; it has been given to its restaurant.
    """
    first = await relay.find_asked_about(session, heard=heard)
    if first is None or first.restaurant_id is None:
        return []
    told = await threads.list_heard(
        session,
        restaurant_id=first.restaurant_id,
        sender_id=heard.sender.id,
        since=first.created_at,
    )
    pins = [text for kind, text in told if kind == "location"]
    words = [text for kind, text in told if kind == "text" and _may_be(text)]
    for one in await _changeable(session, heard.sender):
        # Pressed a second time, the button tells nothing new.
        is_missing = one.given_at is None
        if one.restaurant_id == first.restaurant_id and (
            is_missing or (one.given_at or first.created_at) < first.created_at
        ):
            address = next(iter(pins or (words if is_missing else [])), "")
            return await _keep(session, heard, one, address) if address else []
    return []


async def _changeable(session: AsyncSession, sender: Sender) -> list[_Brought]:
    """The sender's orders that can still be brought elsewhere, the latest first."""
    found = await session.execute(
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
    )
    return [_Brought(*row) for row in found]


async def _find_meant(
    session: AsyncSession, heard: Heard, found: list[_Brought], *, is_pin: bool
) -> _Brought | None:
    """The order whose address a message tells: first those that wait for one."""
    waiting = [one for one in found if one.given_at is None]
    named = await relay.named_restaurant(session, heard=heard) if found else None
    if named is not None:
        answered = [one for one in waiting or found if one.restaurant_id == named]
        mine = answered or [one for one in found if one.restaurant_id == named]
        return next((one for one in mine if is_pin or one.given_at is None), None)
    pool = waiting or (found if is_pin else [])
    if len({one.restaurant_id for one in pool}) > 1:
        meant = await relay.meant_restaurant(session, heard=heard)
        return next((one for one in pool if one.restaurant_id == meant), None)
    for one in pool[:1]:
        whose = one.restaurant_id
        if is_pin or await relay.may_be_for(session, heard=heard, restaurant_id=whose):
            return one
    return None


async def _keep(
    session: AsyncSession, heard: Heard, brought: _Brought, address: str
) -> list[After]:
    restaurant_id, order_id, visit_id = brought.restaurant_id, brought.order_id, brought.visit_id
    kept = await deliveries.set_address(
        session, restaurant_id=restaurant_id, order_id=order_id, address=address, now=heard.now
    )
    await saying.say(
        session,
        sender_id=heard.sender.id,
        restaurant_id=restaurant_id,
        text=translate(brought.language, texts.BROUGHT_TO, address=kept),
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
