"""The worker of the inbox: everything one webhook tells, in one transaction.

One that tells a great deal becomes several first: a thousand messages in one transaction would keep
every other order waiting for them.
"""

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.inbox.types import Arrived
from services.whatsapp import (
    conversation,
    inbox,
    relay,
    saying,
    senders,
    shapes,
    templates,
    updates,
)
from services.whatsapp.relay import After
from services.whatsapp.updates import (
    Incoming,
    NewIdentity,
    StatusChange,
    TemplateChange,
    Unknown,
)

log = structlog.get_logger()
MOST_TOGETHER = 5


async def work(session: AsyncSession, arrived: Arrived, now: datetime) -> After | None:
    """Do what a webhook tells; a message that came before changes nothing.

    Returns:
        What is to be done after the commit, if anything.
    """
    told = updates.read(arrived.body)
    if len(told) > MOST_TOGETHER:
        await inbox.store_parts(
            session,
            parts=updates.apart(arrived.body, most=MOST_TOGETHER),
            now=arrived.received_at,
        )
        return None
    afters: list[After] = []
    for update in told:
        match update:
            case Incoming():
                afters += await _hear(session, update, now)
            case StatusChange():
                restaurant_id = await saying.climb(session, change=update)
                if restaurant_id is not None:
                    afters.append(relay.tell(restaurant_id))
            case NewIdentity():
                await senders.change_identity(
                    session, before=update.before, after=update.after, phone=update.phone
                )
            case TemplateChange():
                await templates.set_status(session, change=update, now=now)
            case Unknown():
                # Kept for whoever runs the installation: its shape, without a word of it.
                await shapes.note(session, kind=update.kind, body=arrived.body, now=now)
                log.warning("whatsapp_unknown_shape", kind=update.kind, message_id=str(arrived.id))
    return _one_after_the_other(afters) if afters else None


async def _hear(session: AsyncSession, incoming: Incoming, now: datetime) -> list[After]:
    said_at = relay.said_at(incoming, now)
    sender = await senders.meet(
        session, user_id=incoming.user_id, phone=incoming.phone, said_at=said_at, now=now
    )
    message_id = await saying.hear(session, incoming=incoming, sender=sender, now=now)
    if message_id is None:
        return []
    return await conversation.answer(
        session, incoming=incoming, message_id=message_id, sender=sender, now=now
    )


def _one_after_the_other(afters: list[After]) -> After:
    async def do() -> None:
        for after in afters:
            await after()

    return do
