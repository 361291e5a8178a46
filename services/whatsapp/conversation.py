"""What a message leads to: an order, an answer, a changed mind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.ordering import Order
from models.whatsapp import OrderToken
from services import live
from services.base import addresses, limits
from services.base import whatsapp_texts as texts
from services.base.errors import SmartMenuError, TooManyTriesError
from services.base.texts import sentence, translate
from services.ordering import deliveries
from services.ordering.types import PlacedOrder
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.whatsapp import (
    addressing,
    confirming,
    conversations,
    offering,
    relay,
    routing,
    saying,
    senders,
    sending,
    tokens,
)
from services.whatsapp.relay import After
from services.whatsapp.senders import Sender
from services.whatsapp.tokens import FoundToken
from services.whatsapp.updates import Incoming

STOP = {"STOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "إيقاف", "توقف"}
START = {"START", "UNSTOP", "ابدأ"}
GUESSES = 10
WINDOW = timedelta(hours=1)


async def answer(
    session: AsyncSession,
    *,
    incoming: Incoming,
    message_id: UUID,
    sender: Sender,
    now: datetime,
) -> list[After]:
    """Do what a message asks for and put the answer into the outbox.

    Args:
        session: open transaction; flushed, not committed.
        incoming: heard for the first time.
        message_id: of its row.
        sender: who wrote.
        now: aware UTC.

    Returns:
        What is to be done after the commit, as telling screens.
    """
    word = incoming.text.strip().strip(".!").upper()
    if word in STOP or word in START:
        return [await _opt(session, sender=sender, out=word in STOP, now=now)]
    if incoming.reply_id.startswith(f"{confirming.SHARE}:"):
        return await _share(
            session, incoming=incoming, message_id=message_id, sender=sender, now=now
        )
    written = tokens.in_text(incoming.text)
    for token in written:
        found = await tokens.find(session, token=token, now=now)
        if found is not None:
            if sender.has_opted_out:
                # Whoever orders again wants an answer.
                await senders.opt(session, sender_id=sender.id, out=False, now=now)
            return await _order(
                session,
                found=found,
                incoming=incoming,
                message_id=message_id,
                sender=sender,
                now=now,
            )
    passed_on = None
    if not written and not sender.has_opted_out:
        heard = relay.Heard(incoming, message_id, sender, now)
        passed_on = await addressing.take(session, heard=heard)
        if passed_on is None:
            passed_on = await relay.pass_on(session, heard=heard)
            if passed_on and incoming.reply_id.startswith(f"{relay.TO}:"):
                passed_on += await addressing.take_chosen(session, heard=heard)
    if passed_on is None:
        return await _no_order(session, sender=sender, is_guess=bool(written), now=now)
    return passed_on


async def _order(
    session: AsyncSession,
    *,
    found: FoundToken,
    incoming: Incoming,
    message_id: UUID,
    sender: Sender,
    now: datetime,
) -> list[After]:
    restaurant = await restaurants.get(session, found.restaurant_id)
    if sender.language != found.language:
        await senders.speak(session, sender_id=sender.id, language=found.language)
    link = addresses.absolute(addresses.menu(restaurant.slug))
    say = _Saying(session, sender, restaurant, found.language, now)
    if offering.names_another(
        incoming.text, restaurant_name=restaurant.name, language=found.language
    ):
        await say(texts.MIXED_UP, restaurant=restaurant.name, link=link)
        return []
    if not found.is_usable:
        await _say_why_not(session, found=found, sender=sender, say=say, link=link)
        return []
    try:
        async with session.begin_nested():
            routed = await routing.route(
                session, restaurant=restaurant, found=found, sender=sender, now=now
            )
    except SmartMenuError as error:
        why = sentence(found.language, error)
        await say(texts.PROBLEM, restaurant=restaurant.name, why=why, link=link)
        await saying.give_to(
            session, message_id=message_id, restaurant_id=restaurant.id, order_id=None
        )
        return []
    placed = routed.placed
    # Other orders of the restaurant wait for the end of this: what the guest is told comes after.
    if sender.has_chosen:
        await senders.forget_choice(session, sender_id=sender.id)
    await tokens.use_up(
        session, found=found, sender_id=sender.id, order_id=placed.order_id, now=now
    )
    await saying.give_to(
        session, message_id=message_id, restaurant_id=restaurant.id, order_id=placed.order_id
    )
    await conversations.begin(
        session,
        restaurant_id=restaurant.id,
        sender_id=sender.id,
        order_id=placed.order_id,
        said_at=relay.said_at(incoming, now),
        now=now,
    )
    if routed.is_brought:
        await deliveries.expect(
            session, restaurant_id=restaurant.id, order_id=placed.order_id, now=now
        )
    await confirming.note(
        session,
        restaurant_id=restaurant.id,
        order_id=placed.order_id,
        asks_for_phone=routed.knows_guest,
        now=now,
    )
    return [_tell(placed), relay.tell(restaurant.id)]


def _tell(placed: PlacedOrder) -> After:
    async def tell() -> None:
        await live.publish(placed.change.topics, "order", placed.order_id)

    return tell


async def _say_why_not(
    session: AsyncSession, *, found: FoundToken, sender: Sender, say: "_Saying", link: str
) -> None:
    """A token that was used says which order it became, to whom it belongs; else it is too old."""
    number = None
    if found.order_id is not None and found.sender_id == sender.id:
        number = await session.scalar(
            sa.select(col(Order.number)).where(
                col(Order.restaurant_id) == found.restaurant_id, col(Order.id) == found.order_id
            )
        )
    if number is None:
        await say(texts.EXPIRED, link=link)
    else:
        await say(texts.USED, number=number, restaurant=say.restaurant.name)


async def _no_order(
    session: AsyncSession, *, sender: Sender, is_guess: bool, now: datetime
) -> list[After]:
    """A useful answer to everything else; silence for who guesses, or talks to a machine."""
    try:
        await limits.count_try(
            session,
            key=f"whatsapp:{'guess' if is_guess else 'help'}:{sender.id}",
            limit=GUESSES,
            window=WINDOW,
            now=now,
        )
    except TooManyTriesError:
        return []
    message = texts.STILL_STOPPED if sender.has_opted_out else texts.HELP
    return [await _say_alone(session, sender=sender, message=message, now=now)]


async def _opt(session: AsyncSession, *, sender: Sender, out: bool, now: datetime) -> After:
    await senders.opt(session, sender_id=sender.id, out=out, now=now)
    message = texts.STOPPED if out else texts.STARTED
    return await _say_alone(session, sender=sender, message=message, now=now)


async def _say_alone(
    session: AsyncSession, *, sender: Sender, message: str, now: datetime
) -> After:
    """An answer in nobody's name: sent once after the commit, and not again if that fails."""
    text = translate(sender.language, message)
    message_id = await saying.note(session, sender_id=sender.id, text=text, now=now)

    async def send() -> None:
        sending.send_soon(message_id, even_to_opted_out=True)

    return send


async def _share(
    session: AsyncSession, *, incoming: Incoming, message_id: UUID, sender: Sender, now: datetime
) -> list[After]:
    """A button under the question whether the restaurant may see the number."""
    parts = incoming.reply_id.split(":")
    row = await _own_token(session, parts, sender)
    if row is None:
        return []
    row.shares_phone = parts[-1] == "yes"
    await session.flush()
    restaurant = await restaurants.get(session, row.restaurant_id)
    await saying.give_to(
        session, message_id=message_id, restaurant_id=restaurant.id, order_id=row.order_id
    )
    await routing.show_phone(session, token=row, phone=sender.phone if row.shares_phone else "")
    say = _Saying(session, sender, restaurant, row.language, now)
    message = texts.SHARED if row.shares_phone else texts.KEPT
    await say(message, order_id=row.order_id, restaurant=restaurant.name)
    await conversations.note_heard(
        session,
        restaurant_id=restaurant.id,
        sender_id=sender.id,
        said_at=relay.said_at(incoming, now),
    )
    return [relay.tell(restaurant.id)]


async def _own_token(
    session: AsyncSession, parts: Sequence[str], sender: Sender
) -> OrderToken | None:
    try:
        token_id = UUID(parts[1])
    except (ValueError, IndexError):
        return None
    return await session.scalar(
        sa.select(OrderToken).where(
            col(OrderToken.id) == token_id, col(OrderToken.sender_id) == sender.id
        )
    )


class _Saying:
    """Says sentences of one restaurant to one sender, in one language."""

    def __init__(
        self,
        session: AsyncSession,
        sender: Sender,
        restaurant: RestaurantInfo,
        language: str,
        now: datetime,
    ) -> None:
        self.restaurant = restaurant
        self._session, self._sender, self._language, self._now = session, sender, language, now

    async def __call__(
        self,
        message: str,
        *,
        order_id: UUID | None = None,
        **facts: object,
    ) -> None:
        await saying.say(
            self._session,
            sender_id=self._sender.id,
            restaurant_id=self.restaurant.id,
            text=translate(self._language, message, **facts),
            now=self._now,
            order_id=order_id,
        )
