"""Messages without an order: passed on to the restaurant the guest talks to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.whatsapp import WhatsAppMessage
from services import live
from services.base import whatsapp_texts as texts
from services.base.texts import translate
from services.whatsapp import conversations, saying, senders, sending
from services.whatsapp.conversations import Partner
from services.whatsapp.senders import Sender
from services.whatsapp.updates import Incoming

# What must happen after the commit.
After = Callable[[], Awaitable[None]]
# Begins the id of a button that names a restaurant.
TO = "to"
# Nobody waits for an answer to a thumb.
SILENT = {"reaction"}
MEDIA = {"image", "audio", "video", "document", "sticker", "contacts", "unsupported"}
# Whom a guest ordered from, or wrote to, in the last hours is likelier meant than others.
LATELY = timedelta(hours=3)
CHOSEN_FOR = timedelta(hours=1)
# As many reply buttons as WhatsApp shows, and as many letters in one.
MOST_BUTTONS = 3
TITLE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, its row, who wrote it, and the present moment."""

    incoming: Incoming
    message_id: UUID
    sender: Sender
    now: datetime


def said_at(incoming: Incoming, now: datetime) -> datetime:
    """When it was written. A clock of theirs that is ahead must not keep the window open."""
    return min(incoming.said_at or now, now)


def tell(restaurant_id: UUID) -> After:
    """Let the restaurant's open screens read their messages again."""

    async def publish() -> None:
        await live.publish([live.messages_topic(restaurant_id)], "message")

    return publish


async def pass_on(session: AsyncSession, *, heard: Heard) -> list[After] | None:
    """Give a message to the restaurant it is for, or ask which one that is.

    Returns:
        What is to be done after the commit; None when the guest talks to no restaurant.
    """
    sender, now = heard.sender, heard.now
    found = await conversations.partners(session, sender_id=sender.id, now=now)
    if not found:
        return [] if heard.incoming.kind in SILENT else None
    if heard.incoming.reply_id.startswith(f"{TO}:"):
        return await _choose(session, heard, found)
    partner = await _meant(session, heard, found)
    if partner is not None:
        return await _give(session, heard, partner, [heard.message_id])
    if heard.incoming.kind in SILENT:
        return []
    buttons = {
        f"{TO}:{one.conversation_id}:{heard.message_id}": one.restaurant_name[:TITLE_LENGTH]
        for one in found[:MOST_BUTTONS]
    }
    message_id = await saying.note(
        session,
        sender_id=sender.id,
        text=translate(sender.language, texts.WHICH_RESTAURANT),
        buttons=buttons,
        now=now,
    )

    async def ask() -> None:
        sending.send_soon(message_id)

    return [ask]


async def may_be_for(session: AsyncSession, *, heard: Heard, restaurant_id: UUID) -> bool:
    """Whether nothing says that a message is for another restaurant.

    Where that is open it is for the one of the last word.
    """
    found = await conversations.partners(session, sender_id=heard.sender.id, now=heard.now)
    meant = await _meant(session, heard, found) or next(iter(found), None)
    return meant is None or meant.restaurant_id == restaurant_id


async def named_restaurant(session: AsyncSession, *, heard: Heard) -> UUID | None:
    """In whose name the message was sent that this one replies to."""
    return await conversations.restaurant_of(
        session, sender_id=heard.sender.id, external_id=heard.incoming.context_id
    )


async def meant_restaurant(session: AsyncSession, *, heard: Heard) -> UUID | None:
    """The restaurant a message is for, where that is clear."""
    found = await conversations.partners(session, sender_id=heard.sender.id, now=heard.now)
    meant = await _meant(session, heard, found)
    return meant.restaurant_id if meant is not None else None


async def find_asked_about(session: AsyncSession, *, heard: Heard) -> WhatsAppMessage | None:
    """The guest's message of which a button says for which restaurant it was."""
    return await session.scalar(
        sa.select(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.id) == _uuid(heard.incoming.reply_id.split(":")[-1]),
            col(WhatsAppMessage.sender_id) == heard.sender.id,
        )
        .execution_options(populate_existing=True)
    )


async def _choose(session: AsyncSession, heard: Heard, found: list[Partner]) -> list[After]:
    """A button that says for which restaurant a message was: it gets that and what came since."""
    sender, now = heard.sender, heard.now
    parts = heard.incoming.reply_id.split(":")
    chosen = [one for one in found if [str(one.conversation_id)] == parts[1:2]]
    first = await find_asked_about(session, heard=heard)
    if not chosen or first is None:
        return []
    waiting = await session.scalars(
        sa.select(col(WhatsAppMessage.id))
        .where(
            col(WhatsAppMessage.sender_id) == sender.id,
            col(WhatsAppMessage.is_incoming),
            col(WhatsAppMessage.restaurant_id).is_(None),
            col(WhatsAppMessage.created_at) >= first.created_at,
            # Pressed twice, a button of ours is nothing to read.
            col(WhatsAppMessage.kind) != "interactive",
        )
        .order_by(col(WhatsAppMessage.said_at), col(WhatsAppMessage.id))
    )
    await senders.choose(
        session,
        sender_id=sender.id,
        conversation_id=chosen[0].conversation_id,
        until=now + CHOSEN_FOR,
    )
    return await _give(session, heard, chosen[0], list(waiting))


async def _meant(session: AsyncSession, heard: Heard, found: list[Partner]) -> Partner | None:
    """The restaurant a message is for, where that is clear."""
    replied_to = await named_restaurant(session, heard=heard)
    named = [one for one in found if one.restaurant_id == replied_to]
    if named:
        return named[0]
    lately = [one for one in found if one.last_heard_at > heard.now - LATELY] or found
    if len(lately) == 1:
        return lately[0]
    chosen = await senders.find_chosen(session, sender_id=heard.sender.id, now=heard.now)
    return next((one for one in lately if one.conversation_id == chosen), None)


async def _give(
    session: AsyncSession, heard: Heard, partner: Partner, message_ids: list[UUID]
) -> list[After]:
    incoming, sender = heard.incoming, heard.sender
    if incoming.kind in SILENT:
        await saying.give_to(
            session,
            message_id=heard.message_id,
            restaurant_id=partner.restaurant_id,
            order_id=partner.order_id,
        )
        return [tell(partner.restaurant_id)]
    await conversations.hear(
        session,
        partner=partner,
        message_ids=message_ids,
        said_at=said_at(incoming, heard.now),
        now=heard.now,
    )
    is_media = incoming.kind in MEDIA
    # Once an order: a machine that says the same after every sentence is no help.
    await saying.say(
        session,
        sender_id=sender.id,
        restaurant_id=partner.restaurant_id,
        text=translate(
            sender.language,
            texts.NO_MEDIA if is_media else texts.PASSED_ON,
            restaurant=partner.restaurant_name,
        ),
        key=f"{'media' if is_media else 'passed'}:{partner.order_id}",
        order_id=partner.order_id,
        now=heard.now,
    )
    return [tell(partner.restaurant_id)]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
