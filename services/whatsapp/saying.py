"""Messages both ways as rows: each of ours goes out through the outbox, each of theirs is once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import MessageStatus
from models.whatsapp import OrderToken, WhatsAppConversation, WhatsAppMessage, WhatsAppSender
from services.base.secrets import PLATFORM, encrypt
from services.base.upserts import BuiltOnce
from services.outbox import messages as outbox
from services.whatsapp import conversations
from services.whatsapp.senders import Sender
from services.whatsapp.updates import Incoming, StatusChange

KIND = "whatsapp"
# WhatsApp takes one message in six seconds to one person.
GAP = timedelta(seconds=6)
IN_A_ROW = timedelta(minutes=2)
KEPT_FOR = timedelta(days=90)
SENDERS_KEPT_FOR = timedelta(days=365)
# Of two states the later one counts, whichever is told first; failed ends all of them.
_LADDER = (MessageStatus.WAITING, MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)
_messages = WhatsAppMessage.metadata.tables[WhatsAppMessage.__tablename__]


def _once_by(column: str) -> BuiltOnce:
    return BuiltOnce(
        lambda insert: (
            insert(_messages)
            .on_conflict_do_nothing(index_elements=[column])
            .returning(_messages.c.id)
        )
    )


_GIVE = (
    sa.update(_messages)
    .where(_messages.c.id == sa.bindparam("which"))
    .values(restaurant_id=sa.bindparam("whose"), order_id=sa.bindparam("about"))
)
_HEAR, _WRITE = _once_by("external_id"), _once_by("id")


async def hear(
    session: AsyncSession, *, incoming: Incoming, sender: Sender, now: datetime
) -> UUID | None:
    """Keep a guest's message; None when it was heard before, however it came a second time."""
    row = {
        "id": new_id(),
        "created_at": now,
        "sender_id": sender.id,
        "external_id": incoming.external_id,
        "is_incoming": True,
        "kind": incoming.kind,
        "text_encrypted": _closed(incoming.text),
        "buttons": "",
        "message_status": MessageStatus.RECEIVED,
        "said_at": incoming.said_at or now,
    }
    return await session.scalar(_HEAR.on(session), row)


async def give_to(
    session: AsyncSession, *, message_id: UUID, restaurant_id: UUID, order_id: UUID | None
) -> None:
    """A message turned out to be for a restaurant."""
    await session.execute(_GIVE, {"which": message_id, "whose": restaurant_id, "about": order_id})


async def say(
    session: AsyncSession,
    *,
    sender_id: UUID,
    restaurant_id: UUID,
    text: str,
    now: datetime,
    key: str = "",
    order_id: UUID | None = None,
    buttons: dict[str, str] | None = None,
    by_user_id: UUID | None = None,
    template: str = "",
) -> UUID:
    """Have a text sent, if and only if this transaction commits.

    Args:
        session: the transaction of what causes it; flushed, not committed.
        sender_id: to whom.
        restaurant_id: in whose name, or whose restaurant the conversation is about.
        text: what they read, up to 1,024 characters with buttons, 4,096 without.
        now: aware UTC.
        key: what is said once, as "ready:{order_id}"; empty for what may be said again.
        order_id: which order it is about.
        buttons: up to three, id to title.
        by_user_id: who of the staff wrote it.
        template: which one with what filled in, as JSON; empty for a free message.

    Returns:
        The message's id.
    """
    # What is said once has the same row however often it is said.
    message_id = uuid5(sender_id, key) if key else new_id()
    before = await _waiting(session, sender_id=sender_id, now=now)
    is_new = await _write(
        session,
        id=message_id,
        restaurant_id=restaurant_id,
        sender_id=sender_id,
        text=text,
        buttons=buttons or {},
        order_id=order_id,
        by_user_id=by_user_id,
        template_encrypted=_closed(template),
        kind="template" if template else ("interactive" if buttons else "text"),
        now=now,
    )
    if not is_new:
        return message_id
    await conversations.note_said(
        session, restaurant_id=restaurant_id, sender_id=sender_id, message_id=message_id, now=now
    )
    await outbox.put(
        session,
        restaurant_id=restaurant_id,
        kind=KIND,
        payload={"message_id": str(message_id)},
        key=key,
        now=now,
        # One after the other, in the order in which they were said, also after an outage.
        lane=f"{KIND}:{sender_id}",
        not_before=now + before * GAP,
    )
    return message_id


async def _waiting(session: AsyncSession, *, sender_id: UUID, now: datetime) -> int:
    """How many messages to this person have not gone out yet, of the last minutes."""
    return (
        await session.scalar(
            sa.select(sa.func.count())
            .select_from(WhatsAppMessage)
            .where(
                col(WhatsAppMessage.sender_id) == sender_id,
                col(WhatsAppMessage.said_at) > now - IN_A_ROW,
                col(WhatsAppMessage.is_incoming).is_(False),
                col(WhatsAppMessage.message_status) == MessageStatus.WAITING,
            )
        )
        or 0
    )


async def note(
    session: AsyncSession,
    *,
    sender_id: UUID,
    text: str,
    now: datetime,
    buttons: dict[str, str] | None = None,
) -> UUID:
    """Keep a message in nobody's name; whoever noted it sends it after the commit."""
    message_id = new_id()
    await _write(
        session,
        id=message_id,
        sender_id=sender_id,
        text=text,
        buttons=buttons or {},
        kind="interactive" if buttons else "text",
        now=now,
    )
    return message_id


async def _write(
    session: AsyncSession, *, text: str, buttons: dict[str, str], now: datetime, **values: object
) -> bool:
    row = {
        "is_incoming": False,
        "text_encrypted": _closed(text),
        "buttons": "\n".join(f"{one}={title}" for one, title in buttons.items()),
        "message_status": MessageStatus.WAITING,
        "said_at": now,
        "created_at": now,
        **values,
    }
    return await session.scalar(_WRITE.on(session), row) is not None


async def try_again(session: AsyncSession, *, message_ids: Sequence[UUID]) -> None:
    """What was given up waits for another attempt; the window and STOP count as ever."""
    if message_ids:
        await session.execute(
            sa.update(WhatsAppMessage)
            .where(
                col(WhatsAppMessage.id).in_(message_ids),
                col(WhatsAppMessage.message_status) == MessageStatus.FAILED,
                # What Meta took has an id of its own: it may have arrived after all.
                col(WhatsAppMessage.external_id).is_(None),
            )
            .values(message_status=MessageStatus.WAITING, error_code=None)
        )


async def climb(session: AsyncSession, *, change: StatusChange) -> UUID | None:
    """Note how far a message of ours has come; told late or twice, it never goes down.

    Returns:
        The restaurant whose screens show it; None when nothing changed.
    """
    if change.status not in {*_LADDER, MessageStatus.FAILED}:
        return None
    below = (
        _LADDER
        if change.status == MessageStatus.FAILED
        else _LADDER[: _LADDER.index(MessageStatus(change.status))]
    )
    return await session.scalar(
        sa.update(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.external_id) == change.external_id,
            col(WhatsAppMessage.is_incoming).is_(False),
            col(WhatsAppMessage.message_status).in_(below),
        )
        .values(message_status=change.status, error_code=change.error_code)
        .returning(col(WhatsAppMessage.restaurant_id))
    )


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Forget what was said three months ago, and who has not written for a year."""
    await session.execute(
        sa.delete(WhatsAppMessage).where(col(WhatsAppMessage.said_at) < now - KEPT_FOR)
    )
    await session.execute(
        sa.delete(WhatsAppConversation).where(
            col(WhatsAppConversation.last_said_at) < now - KEPT_FOR
        )
    )
    silent = sa.select(col(WhatsAppSender.id)).where(
        col(WhatsAppSender.last_message_at) < now - SENDERS_KEPT_FOR
    )
    await session.execute(
        sa.update(OrderToken).where(col(OrderToken.sender_id).in_(silent)).values(sender_id=None)
    )
    await session.execute(
        sa.delete(WhatsAppSender)
        .where(col(WhatsAppSender.last_message_at) < now - SENDERS_KEPT_FOR)
        .execution_options(synchronize_session=False)
    )


def _closed(text: str) -> str:
    return encrypt(text, restaurant_id=PLATFORM) if text else ""
