"""Time: aware UTC everywhere, local time only for people, business days for counting."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def now() -> datetime:
    """The present moment, aware UTC. Edges call it; services take it as an argument."""
    return datetime.now(UTC)


def to_local(moment: datetime, time_zone: str) -> datetime:
    """The same moment on the restaurant's clock."""
    return moment.astimezone(ZoneInfo(time_zone))


def local_moment(day: date, clock: time, time_zone: str) -> datetime:
    """The moment (UTC) at which a clock shows a time; moved where the clocks jump over it."""
    return datetime.combine(day, clock, ZoneInfo(time_zone)).astimezone(UTC)


def day_begin(day: date, *, time_zone: str, cutoff: time) -> datetime:
    """The moment (UTC) at which a business day begins, once, whatever the clocks do in its night.

    Where they show the cut-off for the first time; where they jump over it, the jump.
    """
    begin = local_moment(day, cutoff, time_zone)
    if to_local(begin, time_zone).time() == cutoff:
        return begin
    before = datetime.combine(day, cutoff, ZoneInfo(time_zone)).replace(fold=1).astimezone(UTC)
    offset = to_local(before, time_zone).utcoffset()
    while begin - before > _SECOND:
        middle = before + (begin - before) / 2
        if to_local(middle, time_zone).utcoffset() == offset:
            before = middle
        else:
            begin = middle
    return begin.replace(microsecond=0)


def business_day(moment: datetime, *, time_zone: str, cutoff: time) -> date:
    """The business day a moment belongs to: it goes on until the next one begins.

    Args:
        moment: aware time.
        time_zone: IANA name of the restaurant's zone.
        cutoff: local time at which a new day starts; 00:30 before a 05:00 cut-off is still
            yesterday.
    """
    local = to_local(moment, time_zone)
    day, before = local.date(), local.date() - timedelta(days=1)
    if local.utcoffset() == datetime.combine(day, cutoff, local.tzinfo).utcoffset():
        # No change of the clocks lies between.
        return before if local.time() < cutoff else day
    return before if moment < day_begin(day, time_zone=time_zone, cutoff=cutoff) else day
