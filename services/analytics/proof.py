"""What the model of visits would have said a quarter ago, held against what came.

→ docs/algorithms/value.md, "Held against what came"
"""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from services.analytics.columns import Floats
from services.analytics.results import Kind, Result
from services.analytics.value import VisitFit, fit_visits
from services.analytics.value.outlook import DAYS_A_WEEK
from services.analytics.visit_days import Ints, VisitDays, number_of

HELD_DAYS = 91
DECILES = 10
# Fewer customers with a past before the quarter prove nothing.
ENOUGH = 100


def fit_proof(days: VisitDays, *, until: date, now: datetime) -> Result:
    """Fit on everything but the last 13 weeks, and compare expected with actual visit days.

    By tenths of customers in the order of what was expected of them. Beside the model two simple
    rules: "as in the 13 weeks before", and "everybody as the mean of all in the 13 weeks before".
    """
    split = until - timedelta(days=HELD_DAYS)
    end = number_of(split)
    first = days.first_day
    known = np.flatnonzero(first <= end)
    proof: dict[str, Any] = {"held_from": (split + timedelta(days=1)).isoformat()}
    is_enough = len(known) >= ENOUGH
    if is_enough:
        proof |= _held(days, known=known, first=first, end=end)
    return Result(
        kind=Kind.PROOF,
        result=proof,
        learnt_from={"customers": len(known)},
        data_until=until,
        is_enough=is_enough and proof["model"] is not None,
        calculated_at=now,
    )


def _held(days: VisitDays, *, known: Ints, first: Ints, end: int) -> dict[str, Any]:
    count = len(first)
    is_past = days.day <= end
    past = np.bincount(days.visitor[is_past], minlength=count)[known]
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, days.visitor[is_past], days.day[is_past])
    actual = np.bincount(days.visitor[~is_past], minlength=count)[known].astype(np.float64)
    lately = is_past & (days.day > end - HELD_DAYS)
    before = np.bincount(days.visitor[lately], minlength=count)[known].astype(np.float64)
    x = past.astype(np.float64) - 1
    t_x = (last[known] - first[known]) / DAYS_A_WEEK
    whole = (end - first[known]) / DAYS_A_WEEK
    fit = fit_visits(x, t_x, whole)
    if not fit.is_enough:
        return {"model": None}
    expected = _expected(fit, x, t_x, whole)
    mean = np.full(len(known), float(before.mean()))
    return {
        "model": fit.model,
        "params": dict(fit.params),
        "tenths": _tenths(expected, actual),
        # Guests who came at all, beside how many were expected to.
        "returned_expected": float(
            fit.probability_of_visit(HELD_DAYS / DAYS_A_WEEK, x, t_x, whole).sum()
        ),
        "returned": int((actual > 0).sum()),
        "expected": float(expected.sum()),
        "actual": float(actual.sum()),
        "error": _error(expected, actual),
        "error_last": _error(before, actual),
        "error_mean": _error(mean, actual),
    }


def _expected(fit: VisitFit, x: Floats, t_x: Floats, whole: Floats) -> Floats:
    return np.asarray(fit.expected_visits(HELD_DAYS / DAYS_A_WEEK, x, t_x, whole))


def _error(guess: Floats, actual: Floats) -> float:
    """Root mean square error a customer: a mean absolute one is won by guessing nobody comes."""
    return float(np.sqrt(np.mean((guess - actual) ** 2)))


def _tenths(expected: Floats, actual: Floats) -> list[dict[str, float]]:
    order = np.argsort(expected, kind="stable")
    return [
        {
            "customers": len(part),
            "expected": float(expected[part].mean()),
            "actual": float(actual[part].mean()),
        }
        for part in np.array_split(order, DECILES)
    ]
