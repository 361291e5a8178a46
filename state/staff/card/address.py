"""Whose card a page shows, who opened it, and when it reads itself again."""

import re
from datetime import datetime
from uuid import UUID

from services.accounts.types import Actor
from services.base import clock
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.privacy.access import Access, looks
from state.staff.card.head import HeadView

# An open card reads itself that often at most, however much happens in the house.
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


def still_to_wait(read_at: datetime, now: datetime) -> float:
    """Seconds until an open card may read itself again after the last time.

    A clock that was set back makes nobody wait longer than that.
    """
    return min(max(PAUSE_SECONDS - (now - read_at).total_seconds(), 0), PAUSE_SECONDS)


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
