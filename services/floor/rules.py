"""How far a party has come, from its orders and calls; no session, clock or I/O."""

from collections.abc import Sequence
from datetime import datetime

from models.enums import OrderStatus
from services.floor.types import Phase


def phase_of(
    statuses: Sequence[OrderStatus],
    *,
    last_order_at: datetime | None = None,
    bill_called_at: datetime | None = None,
    paid_at: datetime | None = None,
) -> Phase:
    """What the table waits for most: food at the pass, food in the kitchen, the bill, or nothing.

    Whoever orders once more after the bill was asked for, or paid, eats again.

    Args:
        statuses: of all orders of the sitting, those that are over included.
        last_order_at: when the last order that was not refused was placed; aware UTC.
        bill_called_at: when a guest or staff last asked for the bill.
        paid_at: when staff noted that it was settled.
    """
    alive = {status for status in statuses if not status.is_refused}
    if OrderStatus.READY in alive:
        return Phase.READY
    if alive & {OrderStatus.PENDING, OrderStatus.PREPARING}:
        return Phase.ORDERED
    if _counts(paid_at, last_order_at):
        return Phase.PAID
    if _counts(bill_called_at, last_order_at):
        return Phase.BILL
    return Phase.EATING if alive else Phase.BROWSING


def _counts(moment: datetime | None, last_order_at: datetime | None) -> bool:
    return moment is not None and (last_order_at is None or moment >= last_order_at)
