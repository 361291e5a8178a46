"""Staff write to a guest whose number and account they do not see."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.whatsapp import WhatsAppConversation
from services.accounts.types import Actor
from services.whatsapp import conversations, saying, senders, templates
from services.whatsapp.errors import (
    MOST_SIGNS,
    MessageTextError,
    OptedOutError,
    UnknownConversationError,
    WindowClosedError,
)


async def reply(
    session: AsyncSession, *, by: Actor, conversation_id: UUID, text: str, now: datetime
) -> UUID:
    """Put a message of the staff into the outbox.

    Args:
        session: open transaction; flushed, not committed.
        by: who writes.
        conversation_id: of this restaurant.
        text: 1 to 1,000 characters.
        now: aware UTC.

    Returns:
        The message's id.

    Raises:
        MessageTextError: nothing, or too much.
        UnknownConversationError: the restaurant has no such conversation.
        OptedOutError: the guest wrote STOP.
        WindowClosedError: the guest wrote more than 24 hours ago.
    """
    words = unicodedata.normalize("NFC", text.replace("\x00", "")).strip()
    if not 0 < len(words) <= MOST_SIGNS:
        raise MessageTextError
    row = await get_writable(session, by=by, conversation_id=conversation_id)
    if row.last_heard_at <= now - conversations.WINDOW:
        raise WindowClosedError
    return await saying.say(
        session,
        sender_id=row.sender_id,
        restaurant_id=by.restaurant_id,
        text=words,
        order_id=row.order_id,
        by_user_id=by.user_id,
        now=now,
    )


async def send_template(
    session: AsyncSession,
    *,
    by: Actor,
    conversation_id: UUID,
    template_id: UUID,
    values: Sequence[str],
    now: datetime,
) -> UUID:
    """Send an approved template, in the window or after it.

    Args:
        session: open transaction; flushed, not committed.
        by: who sends it.
        conversation_id: of this restaurant.
        template_id: one of those `templates.offered`.
        values: what is filled in, one for each place.
        now: aware UTC.

    Raises:
        UnknownTemplateError: it is not approved.
        InvalidInputError: a place is empty, or too much is written.
        UnknownConversationError, OptedOutError: as in `reply`.
    """
    template = await templates.get_offered(session, template_id=template_id)
    filled = templates.checked_values(template, values)
    row = await get_writable(session, by=by, conversation_id=conversation_id)
    chosen = {"name": template.name, "language": template.language, "values": filled}
    return await saying.say(
        session,
        sender_id=row.sender_id,
        restaurant_id=by.restaurant_id,
        text=templates.filled_in(template.body, filled),
        order_id=row.order_id,
        by_user_id=by.user_id,
        template=json.dumps(chosen),
        now=now,
    )


async def get_writable(
    session: AsyncSession, *, by: Actor, conversation_id: UUID
) -> WhatsAppConversation:
    """A conversation of the actor's restaurant with a guest who wants to be written to.

    Raises:
        UnknownConversationError, OptedOutError: as in `reply`.
    """
    row = await session.scalar(
        sa.select(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == by.restaurant_id,
            col(WhatsAppConversation.id) == conversation_id,
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise UnknownConversationError
    if (await senders.get(session, sender_id=row.sender_id)).has_opted_out:
        raise OptedOutError
    return row
