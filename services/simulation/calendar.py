"""When the demo restaurant is open, and how busy its days are. No clock: days and zone come in."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.restaurants.hours import WEEKDAYS
from services.simulation.material import DAYPARTS
from services.simulation.rows import MINUTE_MS, as_ms
from services.simulation.weather import Weather

# Monday to Sunday; the mean is 1, so that a year has as many visits as guests' rates say.
WEEKDAY_FACTORS = (0.76, 0.82, 0.9, 0.98, 1.24, 1.36, 0.94)
CLOSED_ON = ((1, 1), (12, 25))
COUNTRY, REGION = "ES", "MD"
# Full terraces in June and a quiet February; a little more before Christmas.
SEASON_SWING, SEASON_PEAK_DAY, ADVENT_EXTRA = 0.16, 170, 0.15
# A holiday is like a busy Saturday, the evening before one nearly so.
HOLIDAY_FACTOR, EVE_FACTOR = 1.3, 1.15
# Rain keeps people at home; a warm evening brings them out.
WET_FACTOR, WARM_FACTOR, WARM_CELSIUS = 0.86, 1.06, 24.0
LAST_SEATING_MINUTES = 50

# Minutes after local midnight: mean, spread, earliest, latest start of a visit.
_STARTS = {
    "lunch": (825, 42, 721, 899),
    "afternoon": (955, 30, 901, 1018),
    "dinner": (1222, 62, 1021, 1318),
    "late": (1340, 22, 1321, 1410),
}


class Calendar:
    """Opening hours, season, holidays and weather over a span of days, day 0 being the first.

    `load_by_day[d]` is the operational time that has passed before day d: a customer's Poisson
    process runs in it, so that seasons, weekdays and weather shift visits without changing
    anybody's rate.
    """

    def __init__(
        self,
        *,
        days: Sequence[date],
        time_zone: str,
        hours: dict[str, list[list[str]]],
        weather: Sequence[Weather],
    ) -> None:
        """Lay out consecutive days.

        Args:
            days: without a gap.
            time_zone: of the restaurant.
            hours: shifts by weekday.
            weather: of every day.
        """
        # Half a second of import, and only a simulation needs it.
        from holidays import country_holidays  # noqa: PLC0415

        self.days, self.weather = list(days), list(weather)
        self.zone = ZoneInfo(time_zone)
        self.day_count = len(self.days)
        self._close_minutes = [_close_minute(hours[name]) for name in WEEKDAYS]
        years = range(self.days[0].year, self.days[-1].year + 2)
        self.holidays: dict[date, str] = dict(
            country_holidays(COUNTRY, subdiv=REGION, years=years, language="en_US")
        )
        weights = [
            _weight(
                day,
                wet=sky.is_wet,
                warm=sky.highest_celsius >= WARM_CELSIUS,
                holiday=day in self.holidays,
                eve=day + timedelta(days=1) in self.holidays,
            )
            for day, sky in zip(self.days, self.weather, strict=True)
        ]
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

    def outdoor_share(self, day_number: int) -> float:
        """How many of those who like it outside sit there: all when warm, hardly anybody in rain.

        A logistic curve: half at 15 °C, nine in ten at 24 °C.
        """
        sky = self.weather[day_number]
        share = 1 / (1 + math.exp(-(sky.highest_celsius - 15) / 4))
        return share * 0.1 if sky.is_wet else share

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


def _weight(day: date, *, wet: bool, warm: bool, holiday: bool, eve: bool) -> float:
    if (day.month, day.day) in CLOSED_ON:
        return 0.0
    turn = 2 * math.pi * (day.timetuple().tm_yday - SEASON_PEAK_DAY) / 365.25
    season = 1 + SEASON_SWING * math.cos(turn)
    if day.month == 12 and day.day < 24:
        season += ADVENT_EXTRA
    weekday = WEEKDAY_FACTORS[day.weekday()]
    if holiday:
        weekday = max(weekday, HOLIDAY_FACTOR)
    elif eve:
        weekday = max(weekday, EVE_FACTOR)
    return weekday * season * (WET_FACTOR if wet else WARM_FACTOR if warm else 1.0)
