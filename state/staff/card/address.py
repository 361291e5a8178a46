"""Whose card a page shows, who opened it, and when it reads itself again."""

import asyncio
import re
from datetime import datetime
from uuid import UUID

from services.accounts.types import Actor
from services.base import clock
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.privacy.access import Access, looks
from state.staff.card.head import HeadView

PAUSE_SECONDS = 5.0
_PATH = re.compile(r"^/staff/customers/([0-9a-f-]{36})/?$")


def customer_of(path: str | None) -> UUID:
    """The guest of an address; services look only among the acting restaurant's own.

    Raises:
        NotFoundError: the address names nobody.
    """
    match = _PATH.match(path or "")
    try:
        return UUID(match[1] if match else "")
    except ValueError as error:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg) from error


class Pace:
    """How often an open card reads itself: on a full evening somebody orders every second.

    What comes while it waits is read along.
    """

    def __init__(self, read_at: datetime) -> None:
        """Begin with the first time it was read."""
        self._read_at = read_at

    def still(self, now: datetime) -> float:
        """Seconds to wait; never longer than the pause, though the clock was set back."""
        gone = (now - self._read_at).total_seconds()
        return min(max(PAUSE_SECONDS - gone, 0.0), PAUSE_SECONDS)

    async def wait(self) -> None:
        """Until it may be read again."""
        await asyncio.sleep(self.still(clock.now()))
        self._read_at = clock.now()


def note_look(actor: Actor, head: HeadView | None) -> None:
    """Write down that somebody opened this card; nothing for a card that nobody was shown."""
    if head is not None:
        looks.note(
            by=actor,
            what=Access.CARD,
            screen="customer",
            customer_id=UUID(head.id),
            now=clock.now(),
        )
