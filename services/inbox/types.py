"""What came in, and who works on it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to keep: its id is the sender's, and the same when it is sent again."""

    source: str
    external_id: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """One webhook as it came in, byte for byte. `attempt_number` begins with 1."""

    id: UUID
    source: str
    body: bytes
    received_at: datetime
    attempt_number: int


# Does what the message asks for, in the transaction it is handed: its writes are committed together
# with the note that the message is done, or not at all. What it wants done outside it puts into
# the outbox. It may return what is to be done after the commit, as telling open screens.
AfterCommit = Callable[[], Awaitable[None]]
Work = Callable[[AsyncSession, Arrived, datetime], Awaitable[AfterCommit | None]]
Workers = Mapping[str, Work]
