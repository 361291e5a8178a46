"""Forecasts made in the past, held against what came: chooses the shape, says how good it is."""

from dataclasses import dataclass

import numpy as np

from services.analytics.columns import Floats
from services.analytics.forecast_level import Flags, Places, Profile, Shape, level, profile

# Every week of the last half year that has four weeks before it.
FOLDS = 26
FIRST_AFTER_DAYS = 28
FOLD_DAYS = 7
AHEAD_DAYS = 28
SHAPES = tuple(
    Shape(half_life, trust) for half_life in (14.0, 7.0, 28.0, 56.0) for trust in (0.0, 0.5)
)
# Another shape must be better by this, or the plain one stays: 28 days, no trend.
BETTER = 0.98


@dataclass(frozen=True, slots=True)
class BackTest:
    """Open days of all folds under the chosen shape.

    Attributes:
        shape: the one with the smallest error seven days ahead.
        fold: which fold each day belongs to.
        ahead: how many days ahead it was forecast, 1 to 28.
        expected: what was forecast.
        actual: what came.
        fold_count: how many folds there were.
        mase: see `Forecast.mase`.
    """

    shape: Shape
    fold: Places
    ahead: Places
    expected: Floats
    actual: Floats
    fold_count: int
    mase: float | None


def back_test(series: Floats, weekdays: Places, special: Flags) -> BackTest:
    """Forecast from the end of every past week with what was known then."""
    ends = _ends(series)
    profiles = [profile(series[:end], weekdays[:end], special[:end]) for end in ends]
    best, best_error = _tried(SHAPES[0], series, weekdays, special, ends, profiles), np.inf
    for shape in SHAPES if ends else ():
        one = _tried(shape, series, weekdays, special, ends, profiles)
        near = one.ahead <= FOLD_DAYS
        error = float(np.abs(one.actual - one.expected)[near].sum())
        if error < best_error * (BETTER if shape != SHAPES[0] else 1.0):
            best, best_error = one, error
    return best


def _ends(series: Floats) -> list[int]:
    last = len(series) - FOLD_DAYS
    ends = range(last, FIRST_AFTER_DAYS - 1, -FOLD_DAYS)
    is_open = ~np.isnan(series)
    return [end for end in list(ends)[:FOLDS] if is_open[:end].any()][::-1]


def _tried(
    shape: Shape,
    series: Floats,
    weekdays: Places,
    special: Flags,
    ends: list[int],
    profiles: list[Profile],
) -> BackTest:
    parts: list[tuple[Places, Places, Floats, Floats]] = []
    ours = naive = 0.0
    for fold, (end, known) in enumerate(zip(ends, profiles, strict=True)):
        here = np.arange(end, min(end + AHEAD_DAYS, len(series)))
        # A weekday that was closed until then has no forecast to be held against.
        here = here[~np.isnan(series[here]) & ~np.array(known.closed)[weekdays[here]]]
        now, rate = level(series[:end], weekdays[:end], special[:end], known, shape)
        ahead = (here - end + 1).astype(np.intp)
        growth = np.array([shape.growth(rate, int(one)) for one in ahead], dtype=np.float64)
        usual = np.array(known.weekdays)[weekdays[here]]
        expected = now * growth * usual * np.where(special[here], known.holiday, 1.0)
        parts.append((np.full(len(here), fold, dtype=np.intp), ahead, expected, series[here]))
        before = here - FOLD_DAYS
        fair = (ahead <= FOLD_DAYS) & ~np.isnan(series[before])
        ours += float(np.abs(series[here] - expected)[fair].sum())
        naive += float(np.abs(series[here] - series[before])[fair].sum())
    none, no_value = np.zeros(0, dtype=np.intp), np.zeros(0)
    return BackTest(
        shape=shape,
        fold=np.concatenate([none, *(part[0] for part in parts)]),
        ahead=np.concatenate([none, *(part[1] for part in parts)]),
        expected=np.concatenate([no_value, *(part[2] for part in parts)]),
        actual=np.concatenate([no_value, *(part[3] for part in parts)]),
        fold_count=len(ends),
        mase=ours / naive if naive > 0 else None,
    )
