"""Rows as drivers give them: a recompute reads millions and looks into few of their values.

SQLite gives ids as bytes and moments as text; PostgreSQL gives moments as they are, and ids as text
because that is what its driver reads fastest. Both sort as ids and moments do.
"""

import marshal
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from services.profiles.types import RawId, RawMoment

_TEN_MINUTES, _DAY_MINUTES = 600, 1440
_FINGERPRINT_BYTES = 16
# Without references between equal values, which depend on where a value came from.
_PLAIN_MARSHAL = 2
_CODE = blake2b(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))),
    digest_size=_FINGERPRINT_BYTES,
).digest()


def raw_id(column: Any, *, is_sqlite: bool) -> Any:  # noqa: ANN401 - any column
    """An id without the conversion of its type."""
    return raw(column) if is_sqlite else sa.cast(column, sa.Text)


def raw(column: Any) -> Any:  # noqa: ANN401 - any column
    """A column without the conversion of its type."""
    return sa.type_coerce(column, sa.types.NullType())


def as_id(value: RawId) -> UUID:
    """An id of a driver as models hold it."""
    return UUID(bytes=value) if isinstance(value, bytes) else UUID(value)


def from_id(value: UUID, *, is_sqlite: bool) -> RawId:
    """An id as the driver holds it."""
    return value.bytes if is_sqlite else str(value)


def from_moment(value: datetime, *, is_sqlite: bool) -> RawMoment:
    """An aware moment as the driver holds it."""
    if not is_sqlite:
        return value
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=20_000)
def day_of(value: str | date) -> date:
    """A day of a driver; there are few of them, and millions of rows have one."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class LocalMinutes:
    """Local minutes after midnight of raw moments.

    Clocks change at full ten minutes in every zone, so that one look-up answers for ten minutes.
    """

    def __init__(self, time_zone: str) -> None:
        """Of one zone."""
        self._zone = ZoneInfo(time_zone)
        self._known: dict[str | int, int] = {}

    def __call__(self, moment: RawMoment) -> int:
        """Minutes after midnight on the restaurant's clock."""
        if isinstance(moment, str):
            # 2026-05-13 18:30:00.000000: fifteen characters are ten minutes.
            key, last = moment[:15], int(moment[15])
        else:
            seconds = int(moment.timestamp())
            key, last = seconds // _TEN_MINUTES, seconds % _TEN_MINUTES // 60
        begin = self._known.get(key)
        if begin is None:
            begin = self._known[key] = self._begin(key)
        # Where clocks go by quarters of an hour, ten minutes may hold a midnight.
        return (begin + last) % _DAY_MINUTES

    def _begin(self, key: str | int) -> int:
        if isinstance(key, str):
            moment = datetime.fromisoformat(f"{key}0").replace(tzinfo=UTC)
        else:
            moment = datetime.fromtimestamp(key * _TEN_MINUTES, UTC)
        local = moment.astimezone(self._zone)
        return local.hour * 60 + local.minute


def fingerprint(*parts: Any) -> str:  # noqa: ANN401 - of any driver
    """What tells rows that have changed from those that have not; other code is a change, too."""
    try:
        text = marshal.dumps(parts, _PLAIN_MARSHAL)
    except ValueError:
        # Moments of PostgreSQL.
        text = orjson.dumps(parts, default=str)
    return blake2b(text, digest_size=_FINGERPRINT_BYTES, key=_CODE).hexdigest()
