"""Webhooks as they came in: stored once, answered, worked on later."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.inbox import gathering, messages
from services.inbox.types import Letter
from services.whatsapp import updates

SOURCE = "whatsapp"
# How far our own messages have come: three for each, and nobody waits for them.
STATUSES = "whatsapp_status"
# By urgency.
SOURCES = (SOURCE, STATUSES)
# Larger ones are not read before they are kept.
_SMALL_BYTES = 16 * 1024


async def store_parts(session: AsyncSession, *, parts: Sequence[bytes], now: datetime) -> None:
    """Keep what one delivery was taken apart into, as if it had come like that."""
    letters = [Letter(_source_of(part), _id_of(part), part, now) for part in parts]
    await messages.store_all(session, letters=letters)


async def keep(*, body: bytes, now: datetime) -> bool:
    """Keep one delivery, byte for byte; a repeated one changes nothing.

    Meta sends a delivery again until it is answered with 200, sometimes twice at once. Its
    envelope has no id of its own, so equal bytes are the same delivery. What comes in at the same
    time shares a transaction; it is committed.

    Args:
        body: raw, with a signature that was checked.
        now: aware UTC.

    Returns:
        Whether it was new.
    """
    return await gathering.keep(
        source=_source_of(body), external_id=_id_of(body), body=body, now=now
    )


def _source_of(body: bytes) -> str:
    if len(body) > _SMALL_BYTES:
        return SOURCE
    told = updates.read(body)
    return STATUSES if all(isinstance(one, updates.StatusChange) for one in told) else SOURCE


def _id_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
