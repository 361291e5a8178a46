"""Opening hours and other arithmetic on settings; no session, clock or I/O."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_until(hours: dict[str, list[list[str]]], local: datetime) -> datetime | None:
    """When the shift that is running now ends, or None while closed.

    Args:
        hours: {"mon": [["12:00", "23:00"]]}; an end at or before its start is on the next day.
        local: the present moment on the restaurant's clock.
    """
    for days_back in (0, 1):
        day = local.date() - timedelta(days=days_back)
        for start_text, end_text in hours.get(WEEKDAYS[day.weekday()], []):
            start = datetime.combine(day, time.fromisoformat(start_text), local.tzinfo)
            end = datetime.combine(day, time.fromisoformat(end_text), local.tzinfo)
            if end <= start:
                end += timedelta(days=1)
            if start <= local < end:
                return end
    return None


def next_opening(hours: dict[str, list[list[str]]], local: datetime) -> datetime | None:
    """When the next shift starts within a week, or None when no hours are set."""
    starts = [
        datetime.combine(day, time.fromisoformat(start), local.tzinfo)
        for days_ahead in range(8)
        for day in (local.date() + timedelta(days=days_ahead),)
        for start, _ in hours.get(WEEKDAYS[day.weekday()], [])
    ]
    return min((start for start in starts if start > local), default=None)


def is_served_now(hours: Sequence[Sequence[str]], local: time) -> bool:
    """Whether something with hours of its own is served at a local time; no hours mean always."""
    if not hours:
        return True
    for start_text, end_text in hours:
        start, end = time.fromisoformat(start_text), time.fromisoformat(end_text)
        inside = start <= local < end if start < end else local >= start or local < end
        if inside:
            return True
    return False


def contained_tax_minor(total_minor: int, rate_basis_points: int) -> int:
    """The tax inside a gross amount, rounded half up to a minor unit.

    total x rate / (1 + rate), with the rate in basis points of the net price.
    """
    divisor = 10_000 + rate_basis_points
    return (2 * total_minor * rate_basis_points + divisor) // (2 * divisor)
