"""How long tables could have been used: open seconds of a period, by day and hour; no session."""

from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import accumulate

from services.analytics.room import by_hour, overlap
from services.analytics.room_days import Clock
from services.analytics.room_types import Period


class OpenTime:
    """Open seconds of every business day of a period, up to the present moment."""

    def __init__(self, clock: Clock, period: Period, now: datetime) -> None:
        """Count them.

        Args:
            clock: of the restaurant.
            period: which days.
            now: aware UTC; what lies after it has not been on offer yet.
        """
        self._first = period.first_day
        self._known: dict[tuple[object, ...], dict[int, float]] = {}
        seconds: list[float] = []
        self.by_slot: dict[tuple[int, int], float] = defaultdict(float)
        self.slot_days: dict[tuple[int, int], int] = defaultdict(int)
        for count in range(period.day_count):
            day = period.first_day + timedelta(days=count)
            hours = self._hours(clock, day, now)
            seconds.append(sum(hours.values()))
            for hour, passed in hours.items():
                self.by_slot[day.weekday(), hour] += passed
                self.slot_days[day.weekday(), hour] += 1
        self._until = [0.0, *accumulate(seconds)]
        self.total_seconds = self._until[-1]

    def between(self, first: date, last: date) -> float:
        """Open seconds from one business day to another, both included."""
        low = max(0, (first - self._first).days)
        high = min(len(self._until) - 1, (last - self._first).days + 1)
        return self._until[high] - self._until[low] if high > low else 0.0

    def open_days(self) -> int:
        """Days on which the house was open at all."""
        return sum(1 for a, b in zip(self._until, self._until[1:], strict=False) if b > a)

    def _hours(self, clock: Clock, day: date, now: datetime) -> dict[int, float]:
        start, end = clock.day(day)
        if start >= now:
            return {}
        if end > now:
            hours: dict[int, float] = defaultdict(float)
            for span in clock.open_spans(day):
                for a, b in overlap(span, ((start, now),)):
                    for local, seconds in by_hour(a, b, clock.zone):
                        hours[local.hour] += seconds
            return dict(hours)
        # Days of one weekday are alike unless the clocks change.
        offsets = (start.astimezone(clock.zone).utcoffset(), end.astimezone(clock.zone).utcoffset())
        special = str(clock.special_hours[day]) if day in clock.special_hours else ""
        # The shift of the day before may reach into this one.
        night = str(clock.special_hours.get(day - timedelta(days=1), ""))
        key = (day.weekday(), special, night, *offsets)
        if key not in self._known:
            self._known[key] = clock.open_seconds(day)
        return self._known[key]


def nice_ticks(highest: float, count: int = 4) -> list[float]:
    """Round values from 0 to at least the highest one, for the axis of a chart or a legend."""
    if highest <= 0:
        return [0.0, 1.0]
    steps = [base * 10**power for power in range(-3, 13) for base in (1, 2, 2.5, 5)]
    step = steps[min(bisect_left(steps, highest / count), len(steps) - 1)]
    ticks = [0.0]
    while ticks[-1] < highest - step * 1e-9:
        ticks.append(ticks[-1] + step)
    return ticks
