"""The badge of a customer by the gap since the last visit day (rulings, Numbers)."""

from datetime import date

from models.enums import CustomerStatus


def status_by_gaps(
    *, first_day: date, last_day: date, visit_days: int, today: date
) -> CustomerStatus:
    """Lost after 183 days; at risk after twice the guest's rhythm, or 60 days without one."""
    gap = (today - last_day).days
    if gap >= 183:
        return CustomerStatus.LOST
    rhythm = (last_day - first_day).days / (visit_days - 1) if visit_days >= 3 else None
    if gap > (60 if rhythm is None else 2 * rhythm):
        return CustomerStatus.AT_RISK
    return CustomerStatus.NEW if rhythm is None else CustomerStatus.ACTIVE
