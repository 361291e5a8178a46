"""Rows as the load writes them: ids and times as text, which both databases read as they are.

A year is millions of values. Objects and drivers' converters cost ten times what plain strings do.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from uuid import UUID

MINUTE_MS = 60_000
_EPOCH = date(1970, 1, 1)
_SECONDS = [f"{second:02d}." for second in range(60)]
_MILLIS = [f"{milli:03d}000" for milli in range(1000)]
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62
_LOW_BITS = (1 << 62) - 1


def row_id(rng: Random, at_ms: int) -> str:
    """A UUIDv7 of a moment in 32 hex digits: ids of a simulated year sort by its time."""
    chance = rng.getrandbits(74)
    value = at_ms << 80 | _VERSION_7 | (chance >> 62) << 64 | _VARIANT | (chance & _LOW_BITS)
    return f"{value:032x}"


def dashed(hex_id: str) -> str:
    """An id as JSON and the API show it."""
    return f"{hex_id[:8]}-{hex_id[8:12]}-{hex_id[12:16]}-{hex_id[16:20]}-{hex_id[20:]}"


def as_uuid(hex_id: str) -> UUID:
    """An id as models hold it."""
    return UUID(hex=hex_id)


def as_moment(at_ms: int) -> datetime:
    """Milliseconds since 1970 as aware UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)


def as_ms(moment: datetime) -> int:
    """An aware time in whole milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@lru_cache(maxsize=4096)
def _minute_text(minute_number: int) -> str:
    """Most of what happens within a minute happens together: one guest's taps."""
    day, minute = divmod(minute_number, 1440)
    return f"{_EPOCH + timedelta(days=day)} {minute // 60:02d}:{minute % 60:02d}:"


def stamp(at_ms: int) -> str:
    """A moment as a UTC timestamp without a zone, exactly as SQLite holds it."""
    minute, rest = divmod(at_ms, MINUTE_MS)
    return _minute_text(minute) + _SECONDS[rest // 1000] + _MILLIS[rest % 1000]


def random_hash(rng: Random) -> str:
    """64 hex digits in the shape of a SHA-256 that nothing hashes to."""
    return f"{rng.getrandbits(256):064x}"
