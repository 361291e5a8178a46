"""Who writes: one row a person for the whole installation; restaurants never see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.whatsapp import WhatsAppSender
from services.base.secrets import PLATFORM, decrypt, encrypt, installation_hash
from services.base.upserts import insert

SHOWN_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Sender:
    """A person who wrote. `user_id` is WhatsApp's own; `phone` is empty where it told none.

    `has_chosen`: they said to which restaurant they write.
    """

    id: UUID
    user_id: str
    phone: str
    language: str
    last_message_at: datetime
    last_sent_at: datetime | None
    has_opted_out: bool
    has_chosen: bool


async def meet(
    session: AsyncSession, *, user_id: str, phone: str, said_at: datetime, now: datetime
) -> Sender:
    """The sender of a message, made when they write for the first time; held until the end.

    Who was known by their phone only is known by their user id from the first message that tells
    it. Messages may come late: the window starts with the latest, not with the last to arrive.

    Args:
        session: open transaction; flushed, not committed.
        user_id: WhatsApp's id of the person, may be empty.
        phone: digits as WhatsApp writes them, may be empty; never both.
        said_at: when the message was written.
        now: aware UTC.
    """
    row = await _known(session, user_id=user_id, phone=phone)
    if row is None:
        row = await _make(session, user_id=user_id, phone=phone, said_at=said_at, now=now)
    row.last_message_at = max(row.last_message_at, said_at)
    if phone and row.phone_hash != _hash(phone):
        row.phone_hash, row.phone_encrypted = _hash(phone), _closed(phone)
    await session.flush()
    return _sender(row)


async def _known(session: AsyncSession, *, user_id: str, phone: str) -> WhatsAppSender | None:
    """A sender by their id, held; or who was met when their number was all that was told."""
    wanted = _hash(_key(user_id, phone))
    hashes = {wanted, _hash(_key("", phone))} if phone else {wanted}
    found = await session.scalars(
        sa.select(WhatsAppSender)
        .where(col(WhatsAppSender.user_hash).in_(sorted(hashes)))
        # Whoever holds both takes them in one order.
        .order_by(col(WhatsAppSender.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    rows = {row.user_hash: row for row in found}
    if wanted in rows:
        return rows[wanted]
    row = next(iter(rows.values()), None)
    if row is not None:
        row.user_hash, row.user_encrypted = _hash(user_id), _closed(user_id)
    return row


async def _make(
    session: AsyncSession, *, user_id: str, phone: str, said_at: datetime, now: datetime
) -> WhatsAppSender:
    """A sender nobody has met, unless somebody else meets them at this very moment."""
    key = _key(user_id, phone)
    made = await session.scalar(
        insert(session, WhatsAppSender)
        .values(
            id=new_id(),
            created_at=now,
            user_hash=_hash(key),
            user_encrypted=_closed(user_id),
            phone_hash=_hash(phone) if phone else None,
            phone_encrypted=_closed(phone) if phone else None,
            language="en",
            last_message_at=said_at,
        )
        .on_conflict_do_nothing(index_elements=["user_hash"])
        .returning(WhatsAppSender)
    )
    return made or await _get(session, key)


async def get(session: AsyncSession, *, sender_id: UUID) -> Sender:
    """A sender by id, as it is now."""
    row = await session.get_one(WhatsAppSender, sender_id, populate_existing=True)
    return _sender(row)


async def find_by_phone(session: AsyncSession, *, phone: str) -> Sender | None:
    """Who has written from a number, the latest if it changed hands; None if nobody has.

    Args:
        session: open.
        phone: as guests' numbers are kept, with its country: "+4930901842".
    """
    digits = "".join(one for one in phone if one.isdigit())
    row = await session.scalar(
        sa.select(WhatsAppSender)
        .where(col(WhatsAppSender.phone_hash) == _hash(digits))
        .order_by(col(WhatsAppSender.last_message_at).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return _sender(row) if row is not None else None


async def change_identity(session: AsyncSession, *, before: str, after: str, phone: str) -> None:
    """WhatsApp has given a person another id, as after a change of number.

    Where only the number is told, `after` is that: who has a user id keeps it.
    """
    user_id = after if after != phone else ""
    key = _key(user_id, phone)
    if await _find(session, key) is not None:
        return
    number: dict[str, str] = {}
    if phone:
        number = {"phone_hash": _hash(phone), "phone_encrypted": _closed(phone)}
    identity = {"user_hash": _hash(key), "user_encrypted": _closed(user_id)}
    by_id, by_number = _hash(before), _hash(_key("", before))
    for known_as, values in (
        (by_id, number | identity if user_id else number),
        (by_number, number | identity),
    ):
        await session.execute(
            sa.update(WhatsAppSender)
            .where(col(WhatsAppSender.user_hash) == known_as)
            .values(**values)
        )


async def opt(session: AsyncSession, *, sender_id: UUID, out: bool, now: datetime) -> None:
    """Write no more to somebody, or again."""
    await _set(session, sender_id, opted_out_at=now if out else None)


async def speak(session: AsyncSession, *, sender_id: UUID, language: str) -> None:
    """Answer in the language of the menu the guest came from."""
    await _set(session, sender_id, language=language)


async def choose(
    session: AsyncSession, *, sender_id: UUID, conversation_id: UUID, until: datetime
) -> None:
    """For a while their messages are for this restaurant."""
    await _set(session, sender_id, chosen_conversation_id=conversation_id, chosen_until=until)


async def forget_choice(session: AsyncSession, *, sender_id: UUID) -> None:
    """They ordered somewhere: what they chose before holds no more."""
    await _set(session, sender_id, chosen_conversation_id=None, chosen_until=None)


async def find_chosen(session: AsyncSession, *, sender_id: UUID, now: datetime) -> UUID | None:
    """The conversation they chose, while that holds."""
    return await session.scalar(
        sa.select(col(WhatsAppSender.chosen_conversation_id)).where(
            col(WhatsAppSender.id) == sender_id, col(WhatsAppSender.chosen_until) > now
        )
    )


async def note_sent(session: AsyncSession, *, sender_id: UUID, now: datetime) -> None:
    """A message went out: the next one to this person has to wait a little."""
    await _set(session, sender_id, last_sent_at=now)


def masked(phone: str) -> str:
    """A number as a restaurant may see it without the guest's leave: +49 ••• ••42."""
    digits = phone.lstrip("+")
    if len(digits) < 6:
        return "••• ••"
    return f"+{digits[:2]} ••• ••{digits[-SHOWN_DIGITS:]}"


async def _set(session: AsyncSession, sender_id: UUID, **values: object) -> None:
    await session.execute(
        sa.update(WhatsAppSender).where(col(WhatsAppSender.id) == sender_id).values(**values)
    )


async def _find(session: AsyncSession, key: str) -> WhatsAppSender | None:
    return await session.scalar(
        sa.select(WhatsAppSender)
        .where(col(WhatsAppSender.user_hash) == _hash(key))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def _get(session: AsyncSession, key: str) -> WhatsAppSender:
    row = await _find(session, key)
    if row is None:
        # Cannot be: it was made a moment ago, and senders are never deleted while they write.
        msg = "A sender is gone."
        raise LookupError(msg)
    return row


def _key(user_id: str, phone: str) -> str:
    return user_id or f"phone:{phone}"


def _hash(value: str) -> str:
    return installation_hash(value, purpose="whatsapp-sender")


def _closed(value: str) -> str:
    return encrypt(value, restaurant_id=PLATFORM) if value else ""


def _sender(row: WhatsAppSender) -> Sender:
    return Sender(
        id=row.id,
        user_id=decrypt(row.user_encrypted, restaurant_id=PLATFORM),
        phone=decrypt(row.phone_encrypted, restaurant_id=PLATFORM),
        language=row.language,
        last_message_at=row.last_message_at,
        last_sent_at=row.last_sent_at,
        has_opted_out=row.opted_out_at is not None,
        has_chosen=row.chosen_conversation_id is not None,
    )
