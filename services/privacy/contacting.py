"""By which channels a guest wants to be written to: chosen one by one, changed at any time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.privacy import ContactChoice
from services.identity.types import Guest
from services.privacy.errors import NoSuchGuestError
from services.privacy.purposes import Channel, get_standing

# What a guest can choose on their own page.
OFFERED = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS)


async def choose(
    session: AsyncSession,
    *,
    guest: Guest,
    channels: Collection[Channel],
    source: str,
    text_version: str,
    now: datetime,
) -> frozenset[Channel]:
    """Keep the choice; only what differs from the last one is noted.

    Args:
        session: open transaction; flushed, not committed.
        guest: must be remembered.
        channels: all that are allowed from now on.
        source: where it was chosen: "privacy", or "stop" for a message that said so.
        text_version: of the policy it was chosen on.
        now: aware UTC.

    Raises:
        NoSuchGuestError: nobody is remembered.
    """
    if guest.customer_id is None:
        raise NoSuchGuestError
    standing = await get_standing(
        session, restaurant_id=guest.restaurant_id, customer_id=guest.customer_id
    )
    wanted = frozenset(channels) & frozenset(OFFERED)
    for channel in OFFERED:
        if (channel in standing.channels) != (channel in wanted):
            session.add(
                ContactChoice(
                    restaurant_id=guest.restaurant_id,
                    customer_id=guest.customer_id,
                    channel=channel,
                    is_allowed=channel in wanted,
                    text_version=text_version,
                    source=source,
                    given_at=now,
                    created_at=now,
                )
            )
    await session.flush()
    return wanted
