"""What the outbox has given up goes out again, whichever channel it was for."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.outbox import messages as outbox
from services.restaurants import queries as restaurants
from services.whatsapp import saying


async def revive(session: AsyncSession, *, slug: str, kind: str, now: datetime) -> Counter[str]:
    """Give dead messages all their attempts again, as after a mended address or account.

    Args:
        session: open transaction; flushed, not committed.
        slug: of a restaurant; empty for all of them.
        kind: as "whatsapp" or "order_moved"; empty for all kinds.
        now: aware UTC.

    Returns:
        How many of each kind.

    Raises:
        NotFoundError: there is no such restaurant.
    """
    restaurant_id = (await restaurants.get_by_slug(session, slug)).id if slug else None
    revived = await outbox.revive(session, restaurant_id=restaurant_id, kind=kind, now=now)
    said = [one for one in revived if one.kind == saying.KIND]
    await saying.try_again(
        session, message_ids=[UUID(str(one.payload["message_id"])) for one in said]
    )
    return Counter(one.kind for one in revived)
