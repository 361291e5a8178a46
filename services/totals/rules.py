"""Formulas of a customer's numbers; no session, clock or I/O."""

from datetime import date, datetime, time

from models.enums import CustomerStatus

LOST_AFTER_DAYS = 183
AT_RISK_AFTER_DAYS = 60
DAYS_FOR_A_RHYTHM = 3


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


def status_by_model(
    *, visit_days: int, today: date, at_risk_on: date, lost_on: date
) -> CustomerStatus:
    """The badge by the guest's own rhythm, from the days on which silence changes it.

    Both days come from the models of the last night (services/analytics/predicting.py): at risk
    when the expected visits of 90 days fall below half of what they were at the last visit, lost
    when a visit within 183 days has a chance below 10 %.
    """
    if today >= lost_on:
        return CustomerStatus.LOST
    if today >= at_risk_on:
        return CustomerStatus.AT_RISK
    return CustomerStatus.NEW if visit_days < DAYS_FOR_A_RHYTHM else CustomerStatus.ACTIVE


def months_up_to(today: date, *, count: int = 12) -> tuple[tuple[int, int], ...]:
    """(year, month) of the last months, the one that runs now last."""
    running = today.year * 12 + today.month - 1
    return tuple(
        (number // 12, number % 12 + 1) for number in range(running - count + 1, running + 1)
    )


def daypart(local: datetime, *, cutoff: time) -> int:
    """The part of the day a visit starts in, as an index of `types.DAYPARTS`.

    Early before 11, lunch to 15, afternoon to 17, dinner to 22, then late, until the business day
    ends: 00:30 is late, not early.
    """
    if local.time() < cutoff:
        return 4
    return sum(local.hour >= start for start in (11, 15, 17, 22))


# The mean length of a month in the Gregorian calendar.
DAYS_OF_A_MONTH = 30.436875


def plan_value_minor(*, total_spent_minor: int, total_orders: int, days_known: int) -> int:
    """Plan 4.2.1: average order x orders a month x lifespan in months, the lifespan at least one.

    Orders a month are those of the lifespan by its months. With the lifespan of the past it comes
    to what was spent; it differs once a forecast says how long the guest will stay.

    Args:
        total_spent_minor: net spend of completed orders.
        total_orders: completed orders.
        days_known: from the first to the last visit day.
    """
    if total_orders <= 0:
        return 0
    months = max(1.0, days_known / DAYS_OF_A_MONTH)
    return round(total_spent_minor / total_orders * (total_orders / months) * months)
