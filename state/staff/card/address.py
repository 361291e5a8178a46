"""Whose card a page shows, and who opened it."""

import re
from uuid import UUID

from services.accounts.types import Actor
from services.base import clock
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.privacy.access import Access, looks
from state.staff.card.head import HeadView

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
