"""How far days fall from their forecast: a range that holds four of five, from past errors."""

from dataclasses import dataclass

import numpy as np

from services.analytics.columns import Floats
from services.analytics.forecast_level import Places

Z_80 = 1.2815515655446004
# Days ahead that err alike: within the week, the next, the two after it.
BUCKETS = (7, 14, 28)
# Errors count beside so many of a normal distribution.
PRIOR_ERRORS = 10.0
# Without past errors: half of the forecast either way, as the standard deviation.
BLIND_RATIO = 0.5
# A weekday that brings less than this share of the mean says nothing about the others.
TELLING_RATIO = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of a day's error, by its mean m: linear · m + square · m².

    Attributes:
        linear: of a count's own chance; 1 for a Poisson count, more in minor units of money.
        square: of days that are better or worse as a whole.
        below: for each bucket, how many deviations down the range goes, below 0.
        above: how many up.
    """

    linear: float
    square: float
    below: tuple[float, ...]
    above: tuple[float, ...]

    def around(self, expected: float, ahead: int) -> tuple[float, float]:
        """The range of one day, so many days ahead; never below 0, and never without its mean."""
        deviation = float(np.sqrt(self.linear * expected + self.square * expected**2))
        bucket = sum(ahead > last for last in BUCKETS[:-1])
        # Beyond four weeks nothing was tried: a random walk's growth from there.
        wider = float(np.sqrt(max(1.0, ahead / BUCKETS[-1])))
        low = expected + self.below[bucket] * deviation * wider
        high = expected + self.above[bucket] * deviation * wider
        return min(max(0.0, low), expected), max(high, expected)


def spread_of(ahead: Places, expected: Floats, actual: Floats) -> Spread:
    """Learn the range from forecasts that were held against what came."""
    used = expected > TELLING_RATIO * (expected.mean() if len(expected) else 0.0)
    ahead, expected, actual = ahead[used], expected[used], actual[used]
    if not len(expected):
        return Spread(0.0, BLIND_RATIO**2, (-Z_80,) * 3, (Z_80,) * 3)
    linear, square = _variance(expected, actual)
    deviation = np.sqrt(linear * expected + square * expected**2)
    errors = np.divide(
        actual - expected, deviation, out=np.zeros_like(expected), where=deviation > 0
    )
    below: list[float] = []
    above: list[float] = []
    for place, last in enumerate(BUCKETS):
        first = BUCKETS[place - 1] if place else 0
        inside = np.sort(errors[(ahead > first) & (ahead <= last)])
        low, high = _ends(inside)
        # What lies further ahead is never surer.
        below.append(min(low, below[-1]) if below else low)
        above.append(max(high, above[-1]) if above else high)
    return Spread(linear, square, tuple(below), tuple(above))


def _ends(errors: Floats) -> tuple[float, float]:
    """The 10 % and 90 % points of past errors as one more would meet them, drawn to the normal's.

    Of n errors the next one lies below the k-th smallest with chance k / (n + 1).
    """
    n = len(errors)
    if not n:
        return -Z_80, Z_80
    place = min(max(0.1 * (n + 1) - 1, 0.0), n - 1.0)
    at = np.arange(n, dtype=np.float64)
    low = float(np.interp(place, at, errors))
    high = float(np.interp(n - 1 - place, at, errors))
    share = n / (n + PRIOR_ERRORS)
    return (
        min(0.0, share * low - (1 - share) * Z_80),
        max(0.0, share * high + (1 - share) * Z_80),
    )


def _variance(expected: Floats, actual: Floats) -> tuple[float, float]:
    """Least squares of the squared errors on m and m², both not below zero."""
    squared = (actual - expected) ** 2
    # By m, so that busy days do not decide alone.
    a, b, y = np.sqrt(expected), expected**1.5, squared / np.sqrt(expected)
    aa, ab, bb = float(a @ a), float(a @ b), float(b @ b)
    ay, by = float(a @ y), float(b @ y)
    determinant = aa * bb - ab * ab
    if determinant > 1e-9 * aa * bb:
        linear, square = (ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant
        if linear >= 0 and square >= 0:
            return linear, square
    alone_linear, alone_square = max(ay / aa, 0.0), max(by / bb, 0.0)
    off_linear = float(((alone_linear * a - y) ** 2).sum())
    off_square = float(((alone_square * b - y) ** 2).sum())
    return (alone_linear, 0.0) if off_linear <= off_square else (0.0, alone_square)
