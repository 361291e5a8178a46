"""Writing to a guest who has not just written: within their window, or with an approved template.

https://developers.facebook.com/docs/whatsapp/conversation-types: outside of 24 hours after the
guest's last message only templates may be sent. Whether the guest has agreed to be written to is
for who calls to ask.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.whatsapp import saying, senders, templates
from services.whatsapp.conversations import WINDOW


async def inform(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    phone: str,
    language: str,
    text: str,
    template: str,
    values: Sequence[str],
    key: str,
    now: datetime,
) -> UUID | None:
    """Have a guest told something, if and only if this transaction commits.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: in whose name.
        phone: with its country.
        language: of the reader.
        text: what they read within the window.
        template: by name, what they read else.
        values: what fills its gaps.
        key: what is said once.
        now: aware UTC.

    Returns:
        The message's id; None when they never wrote to us, have said STOP, or no template may be
        sent.
    """
    sender = await senders.find_by_phone(session, phone=phone)
    if sender is None or sender.has_opted_out:
        return None
    if sender.last_message_at > now - WINDOW:
        return await saying.say(
            session,
            sender_id=sender.id,
            restaurant_id=restaurant_id,
            text=text,
            key=key,
            now=now,
        )
    found = await templates.find_named(
        session, name=template, language=language, places=len(values)
    )
    if found is None:
        return None
    filled = templates.checked_values(found, values)
    chosen = {"name": found.name, "language": found.language, "values": filled}
    return await saying.say(
        session,
        sender_id=sender.id,
        restaurant_id=restaurant_id,
        text=templates.filled_in(found.body, filled),
        template=json.dumps(chosen),
        key=key,
        now=now,
    )
