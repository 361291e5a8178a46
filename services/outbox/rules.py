"""When another attempt is made, and when none is; no session, clock or I/O."""

from datetime import timedelta
from random import Random

from services.base.errors import InvalidInputError, TooManyTriesError, UnavailableError

# 30 s, 1 min, 2 min, ... 4 h, 6 h, 6 h: the last attempt comes some 20 hours after the first. An
# outage of an evening loses nothing, and what is a day late is better not said at all.
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
MAX_ATTEMPTS = 13
# Messages that failed together do not come back together.
JITTER_RATIO = 0.2
ATTEMPT_SECONDS = 20
# A claim of a process that is never heard of again; longer than any attempt takes.
LEASE = timedelta(seconds=90)
REASON_LENGTH = 300


def delay_after(attempt_number: int, *, failure: BaseException, rng: Random) -> timedelta | None:
    """How long to wait after a failed attempt; None when there is no sense in another.

    Args:
        attempt_number: of the one that failed, from 1.
        failure: what it raised. Who says when to come back is asked then.
        rng: spreads the attempts by up to a fifth.
    """
    if attempt_number >= MAX_ATTEMPTS or is_permanent(failure):
        return None
    if isinstance(failure, TooManyTriesError):
        # Nothing is broken: it was too early, and the other side knows by how much.
        return timedelta(seconds=failure.retry_after_seconds)
    delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt_number - 1))
    return delay * (1 + JITTER_RATIO * (2 * rng.random() - 1))


def is_permanent(failure: BaseException) -> bool:
    """Whether the same attempt would fail for ever."""
    if isinstance(failure, UnavailableError):
        return failure.permanent
    return isinstance(failure, InvalidInputError)


def reason(failure: BaseException) -> str:
    """What is kept of a failure: its kinds, never its words, which may name a guest."""
    kinds = [type(failure).__name__]
    cause = failure.__cause__
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return " from ".join(kinds)[:REASON_LENGTH]
