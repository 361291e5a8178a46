"""A filter that nobody fits: which part of it is to blame."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.customers import listing
from services.customers.listing import Wanted
from services.segments.types import AllOf, Asking, Criteria

# Each part is left out once, and everybody counted.
MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Narrowest:
    """A part of a filter, and how many there would be without it."""

    part: Criteria
    count: int


async def find_narrowest(
    session: AsyncSession, *, asking: Asking, wanted: Wanted
) -> Narrowest | None:
    """The part without which most would fit; None where no part alone leaves nobody."""
    tree = wanted.criteria
    if not isinstance(tree, AllOf) or not 1 < len(tree.parts) <= MOST_TRIED:
        return None
    best: Narrowest | None = None
    for index, part in enumerate(tree.parts):
        others = AllOf((*tree.parts[:index], *tree.parts[index + 1 :]))
        count = await listing.count(session, asking=asking, wanted=replace(wanted, criteria=others))
        if count > (best.count if best else 0):
            best = Narrowest(part, count)
    return best
