"""Who looked for a guest by their contact data: written down, never what was typed."""

from typing import Any

from services.accounts.types import Actor
from services.customers.contact_asked import count_asked
from services.customers.listing import Wanted
from services.privacy.access import Access, looks
from services.segments.types import Asking


async def note_search(session: Any, *, by: Actor, asking: Asking, wanted: Wanted) -> None:  # noqa: ANN401
    """Note a search by name, number or address, with how many it found.

    The same search in ten minutes is one line; what tells two searches apart stays in the process.
    """
    found = await count_asked(session, asking=asking, wanted=wanted)
    if found is not None:
        looks.note(
            by=by,
            what=Access.SEARCH,
            screen="customers",
            customer_id=None,
            guest_count=found,
            apart=hash((wanted.search, str(wanted.criteria))),
            now=asking.now,
        )
