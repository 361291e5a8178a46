"""Time: aware UTC everywhere, local time only for people, business days for counting."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware UTC. Edges call it; services take it as an argument."""
    return datetime.now(UTC)


def to_local(moment: datetime, time_zone: str) -> datetime:
    """The same moment on the restaurant's clock."""
    return moment.astimezone(ZoneInfo(time_zone))


def business_day(moment: datetime, *, time_zone: str, cutoff: time) -> date:
    """The business day a moment belongs to.

    Args:
        moment: aware time.
        time_zone: IANA name of the restaurant's zone.
        cutoff: local time at which a new day starts; 00:30 before a 05:00 cut-off is still
            yesterday.
    """
    local = to_local(moment, time_zone)
    return local.date() - timedelta(days=1) if local.time() < cutoff else local.date()
