"""How far a party has come, from its orders; no session, clock or I/O."""

from collections.abc import Sequence

from models.enums import OrderStatus
from services.floor.types import Phase


def phase_of(statuses: Sequence[OrderStatus]) -> Phase:
    """What the table waits for most: food at the pass, then food in the kitchen, then nothing.

    Args:
        statuses: of all orders of the sitting, those that are over included.
    """
    alive = {status for status in statuses if not status.is_refused}
    if OrderStatus.READY in alive:
        return Phase.READY
    if alive & {OrderStatus.PENDING, OrderStatus.PREPARING}:
        return Phase.ORDERED
    return Phase.EATING if alive else Phase.BROWSING
