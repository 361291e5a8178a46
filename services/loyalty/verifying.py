"""How often somebody of the staff may try codes."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.base import limits

TRIES = 30
WINDOW = timedelta(minutes=5)


async def count_try(session: AsyncSession, *, by: Actor, now: datetime) -> None:
    """Count one code that somebody tries; commit whatever becomes of it.

    A code has 39 bits: thirty tries in five minutes find none, and nobody serves faster.

    Raises:
        TooManyTriesError: thirty codes were tried within five minutes.
    """
    await limits.count_try(
        session,
        key=f"reward:{by.restaurant_id}:{by.user_id}",
        limit=TRIES,
        window=WINDOW,
        now=now,
    )
