"""Formulas of a customer's numbers; no session, clock or I/O. Rulings: "Numbers"."""

from datetime import date

from models.enums import CustomerStatus

LOST_AFTER_DAYS = 183
AT_RISK_AFTER_DAYS = 60
DAYS_FOR_A_RHYTHM = 3


def average_order_minor(*, total_spent_minor: int, total_orders: int) -> int:
    """Net spend by completed orders, rounded half up to a minor unit; 0 without orders."""
    if total_orders <= 0:
        return 0
    return (2 * total_spent_minor + total_orders) // (2 * total_orders)


def rhythm_days(*, first_day: date, last_day: date, visit_days: int) -> float | None:
    """g: days from the first to the last visit day by (visit days - 1); None below 3 visit days."""
    if visit_days < DAYS_FOR_A_RHYTHM:
        return None
    return (last_day - first_day).days / (visit_days - 1)


def status_by_gaps(
    *, first_day: date, last_day: date, visit_days: int, today: date
) -> CustomerStatus:
    """The badge while no model knows better: by the gap since the last visit day.

    Lost after 183 days. At risk after twice the guest's own rhythm, or after 60 days for whom
    no rhythm is known yet. Else new below 3 visit days, active from then on.
    """
    gap = (today - last_day).days
    if gap >= LOST_AFTER_DAYS:
        return CustomerStatus.LOST
    rhythm = rhythm_days(first_day=first_day, last_day=last_day, visit_days=visit_days)
    if gap > (AT_RISK_AFTER_DAYS if rhythm is None else 2 * rhythm):
        return CustomerStatus.AT_RISK
    return CustomerStatus.NEW if rhythm is None else CustomerStatus.ACTIVE
