"""When the demo restaurant is open, and how busy its days are. No clock: days and zone come in."""

import math
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.restaurants.rules import WEEKDAYS
from services.simulation.material import DAYPARTS
from services.simulation.rows import MINUTE_MS, as_ms

# Monday to Sunday; the mean is 1, so that a year has as many visits as guests' rates say.
WEEKDAY_FACTORS = (0.76, 0.82, 0.9, 0.98, 1.24, 1.36, 0.94)
CLOSED_ON = ((1, 1), (12, 25))
LAST_SEATING_MINUTES = 50

# Minutes after local midnight: mean, spread, earliest, latest start of a visit.
_STARTS = {
    "lunch": (825, 42, 721, 899),
    "afternoon": (955, 30, 901, 1018),
    "dinner": (1222, 62, 1021, 1318),
    "late": (1340, 22, 1321, 1410),
}


class Calendar:
    """Opening hours and the season over a span of days, day 0 being the first.

    `load_by_day[d]` is the operational time that has passed before day d: a customer's Poisson
    process runs in it, so that seasons and weekdays shift visits without changing anybody's rate.
    """

    def __init__(
        self, *, first_day: date, last_day: date, time_zone: str, hours: dict[str, list[list[str]]]
    ) -> None:
        """Lay out the days from `first_day` to `last_day`, both included."""
        self.first_day = first_day
        self.zone = ZoneInfo(time_zone)
        self.day_count = (last_day - first_day).days + 1
        self._close_minutes = [_close_minute(hours[name]) for name in WEEKDAYS]
        self.days = [first_day + timedelta(days=number) for number in range(self.day_count)]
        weights = [_weight(day) for day in self.days]
        scale = self.day_count / (sum(weights) or 1.0)
        self.load_by_day = [0.0]
        for weight in weights:
            self.load_by_day.append(self.load_by_day[-1] + weight * scale)
        # Wall clock 12:00 minus twelve hours: right while open, also when clocks change.
        self.midnights_ms = [
            as_ms(datetime.combine(day, time(12), self.zone).astimezone(UTC)) - 720 * MINUTE_MS
            for day in self.days
        ]

    def is_open(self, day_number: int) -> bool:
        """Whether anybody is served on that day."""
        day = self.days[day_number]
        return (day.month, day.day) not in CLOSED_ON

    def day_at(self, load: float) -> int | None:
        """The day on which so much operational time has passed, or None after the span."""
        if load >= self.load_by_day[-1]:
            return None
        return bisect_right(self.load_by_day, load) - 1

    def close_minute(self, day_number: int) -> int:
        """Minutes from local midnight to closing; beyond 1440 after midnight."""
        return self._close_minutes[self.days[day_number].weekday()]

    def start_minute(self, day_number: int, daypart: int, gauss: float) -> int:
        """The local minute a visit starts at.

        Args:
            day_number: day of the span.
            daypart: index into DAYPARTS.
            gauss: a standard normal number.
        """
        mean, spread, earliest, latest = _STARTS[DAYPARTS[daypart]]
        last = self.close_minute(day_number) - LAST_SEATING_MINUTES
        return min(max(int(mean + spread * gauss), earliest), latest, last)


def _close_minute(shifts: list[list[str]]) -> int:
    start, end = (time.fromisoformat(text) for text in shifts[-1])
    minutes = end.hour * 60 + end.minute
    return minutes + 1440 if end <= start else minutes


def _weight(day: date) -> float:
    if (day.month, day.day) in CLOSED_ON:
        return 0.0
    # Full terraces in June and a quiet February; a little more before Christmas.
    turn = 2 * math.pi * (day.timetuple().tm_yday - 170) / 365.25
    season = 1 + 0.16 * math.cos(turn)
    if day.month == 12 and day.day < 24:
        season += 0.15
    return WEEKDAY_FACTORS[day.weekday()] * season


def outdoor_share(day: date) -> float:
    """How many of those who like it outside sit there: all in July, a quarter in January."""
    turn = 2 * math.pi * (day.timetuple().tm_yday - 196) / 365.25
    return 0.625 + 0.375 * math.cos(turn)
