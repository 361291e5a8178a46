"""How often something may be tried: exact counts in the database, cheap ones in memory."""

from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import RateLimit
from models.columns import new_id
from services.base.errors import TooManyTriesError
from services.base.secrets import installation_hash
from services.base.texts import N_
from services.base.upserts import insert


async def count_try(
    session: AsyncSession, *, key: str, limit: int, window: timedelta, now: datetime
) -> int:
    """Count one try, exactly, however many processes count at the same moment.

    The window starts with its first try and does not move. Commit the count whatever becomes of
    the try: a transaction that is rolled back counted nothing.

    Args:
        session: open transaction; flushed, not committed.
        key: what is counted, as "login:account:ana@example.org"; stored only as a keyed hash.
        limit: tries allowed in one window.
        window: length of the window.
        now: aware UTC.

    Returns:
        The number of this try in its window, from 1 to `limit`.

    Raises:
        TooManyTriesError: this is one more than allowed; says when the window ends.
    """
    row = insert(session, RateLimit).values(
        id=new_id(),
        created_at=now,
        key_hash=_hash(key),
        window_ends_at=now + window,
        count=1,
    )
    # No window that began by now ends later than one that begins now: the clock was set back.
    is_over = sa.or_(
        col(RateLimit.window_ends_at) <= now, col(RateLimit.window_ends_at) > now + window
    )
    counted: sa.Result[int, datetime] = await session.execute(
        row.on_conflict_do_update(
            index_elements=["key_hash"],
            set_={
                "count": sa.case((is_over, 1), else_=col(RateLimit.count) + 1),
                "window_ends_at": sa.case(
                    (is_over, row.excluded.window_ends_at), else_=col(RateLimit.window_ends_at)
                ),
            },
        ).returning(col(RateLimit.count), col(RateLimit.window_ends_at))
    )
    count, ends_at = counted.one()
    if count > limit:
        msg = N_("That was tried too often. Please wait a few minutes and try again.")
        raise TooManyTriesError(
            msg, retry_after_seconds=max(1, ceil((ends_at - now).total_seconds()))
        )
    return count


async def clear(session: AsyncSession, *, key: str) -> None:
    """Forget the tries of a key, as after a successful log-in."""
    await session.execute(sa.delete(RateLimit).where(col(RateLimit.key_hash) == _hash(key)))


async def purge_expired(session: AsyncSession, *, now: datetime) -> int:
    """Delete the counts whose window is over; returns how many."""
    gone = await session.execute(
        sa.delete(RateLimit)
        .where(col(RateLimit.window_ends_at) <= now)
        .returning(col(RateLimit.id))
    )
    return len(gone.all())


# Of a key that is kept in memory: longer ones are nobody's cookie.
MOST_KEY_LENGTH = 128


class Bucket:
    """Token buckets in the memory of one process, for paths too hot for the database.

    Every key starts with a full bucket. With several processes each allows its own share. When
    there are more keys than `max_keys`, those unused for longest are forgotten, and of long keys
    only the beginning counts, so a flood of made-up keys cannot fill the memory.
    """

    def __init__(
        self, *, capacity: float, refill_per_second: float, max_keys: int = 10_000
    ) -> None:
        """Set the burst that is allowed at once and the rate that is allowed for ever."""
        self._capacity = float(capacity)
        self._refill_per_second = refill_per_second
        self._max_keys = max_keys
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._levels)

    def take(self, key: str, *, moment: float, cost: float = 1.0) -> bool:
        """Take from a key's bucket; False when it holds too little, and then nothing is taken.

        Args:
            key: who is counted.
            moment: seconds on a clock that never goes back, as `time.monotonic()`.
            cost: what this call takes.
        """
        key = key[:MOST_KEY_LENGTH]
        level, last = self._levels.pop(key, (self._capacity, moment))
        level = min(self._capacity, level + max(0.0, moment - last) * self._refill_per_second)
        is_allowed = level >= cost
        self._levels[key] = (level - cost if is_allowed else level, moment)
        while len(self._levels) > self._max_keys:
            self._levels.popitem(last=False)
        return is_allowed


def _hash(key: str) -> str:
    return installation_hash(key, purpose="limits")
