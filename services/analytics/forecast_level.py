"""The parts of a day's forecast: its weekday, how things are going lately, and where they go."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.analytics.columns import Floats

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

# Weekdays are learnt from half a year, of which eight weeks ago counts half.
PROFILE_DAYS = 182
PROFILE_HALF_LIFE = 56.0
# What a weekday is like among all counts as so many of these days.
WEEKDAY_PRIOR = 0.5
HOLIDAY_PRIOR = 4.0
# The level a weekday is held against: the mean of so many days before and after.
AROUND_DAYS = 14
ROUNDS = 4
# In these many of the last open weeks a weekday was never open: then it will not be.
CLOSED_WEEKS = 8
# A trend ends after four weeks, and never makes more than this of the level.
TREND_DAYS = 28
MOST_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Shape:
    """How a forecast follows the past.

    Attributes:
        half_life: days after which a day counts half for the level.
        trust: share of the past trend that is believed to go on, 0 to 1.
    """

    half_life: float
    trust: float

    def growth(self, rate: float, ahead: int) -> float:
        """By what the level is multiplied so many days ahead, at a trend of `rate` a day."""
        lag = self.half_life / math.log(2)
        grown = math.exp(self.trust * rate * (lag + min(ahead, TREND_DAYS)))
        return min(max(grown, 1 / MOST_GROWTH), MOST_GROWTH)


@dataclass(frozen=True, slots=True)
class Profile:
    """What days are like beside the level.

    Attributes:
        weekdays: seven factors, Monday first; 1 is a mean open day.
        closed: weekdays without an open day in the last eight weeks that had one.
        holiday: what a holiday is beside its weekday.
    """

    weekdays: tuple[float, ...]
    closed: tuple[bool, ...]
    holiday: float


def profile(series: Floats, weekdays: Places, special: Flags) -> Profile:
    """Weekday and holiday factors.

    Each is what such days brought by what the level around them would have brought, drawn towards
    1, so that three days of data say nothing wild and a season is not taken for a weekday.
    """
    start = max(0, len(series) - PROFILE_DAYS)
    series, weekdays, special = series[start:], weekdays[start:], special[start:]
    is_open = ~np.isnan(series)
    brought = np.where(is_open, series, 0.0)
    weight = 0.5 ** (np.arange(len(series))[::-1] / PROFILE_HALF_LIFE)
    mean = brought.sum() / max(int(is_open.sum()), 1)
    factors, holiday = np.ones(7), 1.0
    for _ in range(ROUNDS if mean > 0 else 0):
        usual = factors[weekdays] * np.where(special, holiday, 1.0) * is_open
        around = _around(brought) / np.maximum(_around(usual), 1e-9)
        plain = is_open & ~special
        prior = WEEKDAY_PRIOR * mean
        had = _by_weekday(weekdays, weight * brought * plain) + prior
        expected = _by_weekday(weekdays, weight * around * plain) + prior
        factors = had / expected
        days_open = _by_weekday(weekdays, is_open.astype(np.float64))
        factors /= (factors @ days_open) / max(days_open.sum(), 1.0)
        on_holidays = is_open & special
        holiday = float(
            (brought[on_holidays].sum() + HOLIDAY_PRIOR * mean)
            / ((around * factors[weekdays])[on_holidays].sum() + HOLIDAY_PRIOR * mean)
        )
    return Profile(tuple(factors.tolist()), _closed(is_open, weekdays), holiday)


def level(
    series: Floats, weekdays: Places, special: Flags, known: Profile, shape: Shape
) -> tuple[float, float]:
    """The present level, and its trend a day as a rate; 0 and 0 of nothing.

    Sums of what came by sums of what such days bring: a run of zeros is a level of zero, and closed
    days neither raise nor lower it.
    """
    is_open = ~np.isnan(series)
    brought = np.where(is_open, series, 0.0)
    usual = np.array(known.weekdays)[weekdays] * np.where(special, known.holiday, 1.0) * is_open
    age = np.arange(len(series))[::-1].astype(np.float64)
    recent, recent_age = _mean(brought, usual, age, shape.half_life)
    long, long_age = _mean(brought, usual, age, 4 * shape.half_life)
    if recent <= 0 or long <= 0 or long_age - recent_age < 1:
        return recent, 0.0
    return recent, math.log(recent / long) / (long_age - recent_age)


def _mean(brought: Floats, usual: Floats, age: Floats, half_life: float) -> tuple[float, float]:
    weight = 0.5 ** (age / half_life)
    whole = float(weight @ usual)
    if whole <= 0:
        return 0.0, 0.0
    return float(weight @ brought) / whole, float((weight * usual) @ age) / whole


def _around(values: Floats) -> Floats:
    """Sums over the days around each day; at the ends over those there are."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    place = np.arange(len(values))
    after = np.minimum(place + AROUND_DAYS + 1, len(values))
    return total[after] - total[np.maximum(place - AROUND_DAYS, 0)]


def _by_weekday(weekdays: Places, values: Floats) -> Floats:
    sums: Any = np.bincount(weekdays, weights=values, minlength=7)
    return sums


def _closed(is_open: Flags, weekdays: Places) -> tuple[bool, ...]:
    """Weeks in which nothing was open (a month of holidays) say nothing about weekdays."""
    weeks = np.arange(len(is_open))[::-1] // 7
    lively = [week for week in np.unique(weeks).tolist() if is_open[weeks == week].any()]
    recent = np.isin(weeks, lively[:CLOSED_WEEKS])
    was = _by_weekday(weekdays, recent.astype(np.float64))
    opened = _by_weekday(weekdays, (recent & is_open).astype(np.float64))
    return tuple(bool(one) for one in (was >= 2) & (opened == 0))
