"""Webhooks as they came in: stored once, answered, worked on later."""

import hashlib
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.inbox import messages

SOURCE = "whatsapp"


async def store(session: AsyncSession, *, body: bytes, now: datetime) -> bool:
    """Keep one delivery, byte for byte; a repeated one changes nothing.

    Meta sends a delivery again until it is answered with 200, sometimes twice at once. Its
    envelope has no id of its own, so equal bytes are the same delivery.

    Args:
        session: open transaction; flushed, not committed.
        body: raw, with a signature that was checked.
        now: aware UTC.

    Returns:
        Whether it was new.
    """
    return await messages.store(
        session,
        source=SOURCE,
        external_id=hashlib.sha256(body).hexdigest(),
        body=body,
        now=now,
    )
