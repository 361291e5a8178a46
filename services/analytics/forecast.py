"""How many orders, guests or how much revenue the next days bring, with a range.

Weekday profile × recent level, with closed days left out. → docs/algorithms/forecasting.md
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from services.analytics.columns import Floats, numbers
from services.analytics.errors import NegativeError, NotANumberError
from services.analytics.forecast_level import Profile, Shape, level, profile
from services.analytics.forecast_range import Spread, spread_of
from services.analytics.forecast_trial import BackTest, back_test

__all__ = ["DayForecast", "Forecast", "by_hour", "fit"]

# Less than four weeks, and the screen says that it is too early.
ENOUGH_DAYS = 28
Z_80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class DayForecast:
    """One day to come.

    Attributes:
        day: the business day.
        expected: its mean.
        low: lower end of the range that holds four of five days.
        high: its upper end.
        is_closed: on this weekday the restaurant does not open: all three are 0.
    """

    day: date
    expected: float
    low: float
    high: float
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was learnt of a series of days.

    Attributes:
        first_day: the day that follows the data.
        day_count: open days in the data.
        is_enough: four weeks of open days or more.
        mase: mean absolute error of seven days ahead on rolling folds, by that of "as on the same
            weekday a week before"; below 1 is better. None without enough days to try.
        coverage: share of the days of these folds inside their range.
        shape: how fast the level follows, and how far a trend is trusted.
    """

    first_day: date
    day_count: int
    is_enough: bool
    mase: float | None
    coverage: float | None
    shape: Shape
    _profile: Profile
    _level: tuple[float, float]
    _spread: Spread
    _holidays: frozenset[date]

    def predict(self, days: int, *, closed: Collection[date] = ()) -> list[DayForecast]:
        """The next days, one after the other.

        Args:
            days: how many; 0 gives none.
            closed: days on which the restaurant will not open.

        Raises:
            NegativeError: less than none.
        """
        if days < 0:
            raise NegativeError("days")
        return [self._day(ahead, closed) for ahead in range(1, days + 1)]

    def _day(self, ahead: int, closed: Collection[date]) -> DayForecast:
        day = self.first_day + timedelta(days=ahead - 1)
        if day in closed or self._profile.closed[day.weekday()]:
            return DayForecast(day, 0.0, 0.0, 0.0, is_closed=True)
        now, growth = self._level
        expected = now * self.shape.growth(growth, ahead) * self._profile.weekdays[day.weekday()]
        if day in self._holidays:
            expected *= self._profile.holiday
        low, high = self._spread.around(expected, ahead)
        return DayForecast(day, expected, low, high)


def fit(
    values: Sequence[float | None], first_day: date, *, holidays: Collection[date] = ()
) -> Forecast:
    """Learn from a series of days without gaps.

    Args:
        values: of each day, 0 or more; None on a closed day, 0 on an open one without anybody.
        first_day: the day of the first value.
        holidays: past and coming days that are unlike their weekday.

    Raises:
        NotANumberError: a value is infinite or no number.
        NegativeError: a value is below zero.
    """
    series = _series(values)
    days = [first_day + timedelta(days=place) for place in range(len(series))]
    weekdays = np.array([day.weekday() for day in days], dtype=np.intp)
    special = np.array([day in holidays for day in days], dtype=bool)
    tried = back_test(series, weekdays, special)
    known = profile(series, weekdays, special)
    open_days = series[~np.isnan(series)]
    return Forecast(
        first_day=first_day + timedelta(days=len(series)),
        day_count=len(open_days),
        is_enough=len(open_days) >= ENOUGH_DAYS,
        mase=tried.mase,
        coverage=_coverage(tried),
        shape=tried.shape,
        _profile=known,
        _level=level(series, weekdays, special, known, tried.shape),
        _spread=spread_of(tried.ahead, tried.expected, tried.actual),
        _holidays=frozenset(holidays),
    )


def by_hour(day: DayForecast, shares: Sequence[float]) -> list[DayForecast]:
    """Spread a day over its hours.

    The hour's count given the day's is binomial, so its variance is share² · that of the day, and
    share · (1 - share) · the day's mean on top.

    Args:
        day: from `predict`.
        shares: of each hour in the past, any scale; nothing known: evenly.

    Returns:
        As many as shares; their means add up to the day's.

    Raises:
        InvalidInputError: a share is no number or below zero.
    """
    weights = numbers(list(shares), "shares")
    if (weights < 0).any():
        raise NegativeError("shares")
    if not len(weights):
        return []
    total = float(weights.sum())
    parts = weights / total if total > 0 else np.full(len(weights), 1 / len(weights))
    deviation = (day.high - day.low) / (2 * Z_80)
    hours: list[DayForecast] = []
    for part in parts.tolist():
        mean = day.expected * part
        reach = Z_80 * math.sqrt((part * deviation) ** 2 + mean * (1 - part))
        low = max(0.0, mean - reach)
        hours.append(DayForecast(day.day, mean, low, mean + reach, day.is_closed))
    return hours


def _series(values: Sequence[float | None]) -> Floats:
    for value in values:
        if value is not None and not math.isfinite(value):
            raise NotANumberError("values")
        if value is not None and value < 0:
            raise NegativeError("values")
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _coverage(tried: BackTest) -> float | None:
    """Of each day by a range that was learnt from the other folds."""
    if tried.fold_count < 4:
        return None
    inside: list[float] = []
    for fold in range(tried.fold_count):
        held = tried.fold == fold
        spread = spread_of(tried.ahead[~held], tried.expected[~held], tried.actual[~held])
        for ahead, expected, actual in zip(
            tried.ahead[held].tolist(),
            tried.expected[held].tolist(),
            tried.actual[held].tolist(),
            strict=True,
        ):
            low, high = spread.around(expected, ahead)
            inside.append(float(low <= actual <= high))
    return sum(inside) / len(inside) if inside else None
