"""Whether a list is asked for somebody by their contact data: such a look is written down."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.customers import listing
from services.customers.listing import Wanted
from services.customers.searching import count_by_contact
from services.segments.keeping import asks_contact
from services.segments.types import Asking


async def count_asked(session: AsyncSession, *, asking: Asking, wanted: Wanted) -> int | None:
    """How many guests are found by name, number or address; None when nobody was looked for so.

    Args:
        session: for reading.
        asking: of which restaurant, when.
        wanted: what the list shows.
    """
    if wanted.criteria is not None and asks_contact(wanted.criteria):
        return await listing.count(session, asking=asking, wanted=wanted)
    return await count_by_contact(session, text=wanted.search, asking=asking)
