"""The moment tests happen at."""

from datetime import UTC, datetime
from itertools import count

# Wednesday, 13 May 2026, 20:30 in Berlin: dinner, an ordinary week, summer time.
NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)

_numbers = count(1)


def next_number() -> int:
    """A number no other row of this run has, for columns that must be unique."""
    return next(_numbers)
