"""The likeliest parameters, all above zero, and how sure they are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analytics.columns import Floats
from services.analytics.special import lowest

Flags = NDArray[np.bool_]
# Logs of parameters stay inside: beyond, customers no longer differ and the likelihood is flat.
BOUND = 7.0
STEP = 1e-4
# The derivatives of one customer's mean log-likelihood count as zero below this.
FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where a likelihood is highest.

    Attributes:
        logs: of the parameters.
        value: the log-likelihood there.
        covariance: of the logs, the inverse of the observed information; None where the likelihood
            has no peak.
        converged: whether all derivatives vanish there.
        at_bound: which parameters went as far as they may.
    """

    logs: Floats
    value: float
    covariance: Floats | None
    converged: bool
    at_bound: tuple[bool, ...]


def climb(
    function: Callable[[Floats], tuple[float, Floats]], starts: list[Floats], *, weight: float
) -> Optimum:
    """Find the highest point: L-BFGS-B, then Newton's steps.

    Args:
        function: log-likelihood of the logs of the parameters, with its gradient.
        starts: where to begin, the best guess first; the next one only if it leads nowhere.
        weight: how many customers; the search sees their mean, so that twice the same customers
            lead to the same point.
    """

    def downhill(logs: Floats) -> tuple[float, Floats]:
        value, gradient = function(logs)
        return -value / weight, -gradient / weight

    best: Optimum | None = None
    for start in starts:
        found = lowest(downhill, np.clip(start, -BOUND, BOUND), bound=BOUND)
        here = _polish(function, found, weight)
        if best is None or here.value > best.value + 1e-9 * weight:
            best = here
        if best.converged and not any(best.at_bound):
            break
    assert best is not None, "there is always a start"  # noqa: S101
    return best


def _polish(
    function: Callable[[Floats], tuple[float, Floats]], logs: Floats, weight: float
) -> Optimum:
    """A few of Newton's steps with the observed information, as long as they lead up."""
    value, gradient = function(logs)
    at_bound = np.abs(logs) >= BOUND - 1e-6
    free = ~at_bound
    covariance: Floats | None = None
    for _ in range(4):
        information = _information(function, logs, free)
        try:
            np.linalg.cholesky(information)
        except np.linalg.LinAlgError:
            covariance = None
            break
        covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
        step = covariance @ gradient[free]
        if np.abs(step).max(initial=0.0) > 0.5:
            break
        there = logs.copy()
        there[free] += step
        new_value, new_gradient = function(there)
        if not new_value >= value - 1e-10 * abs(value):
            break
        logs, value, gradient = there, new_value, new_gradient
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    flat = bool(np.abs(gradient[free] / weight).max(initial=0.0) < FLAT)
    known = covariance if free.all() else None
    return Optimum(logs, value, known, flat, tuple(bool(one) for one in at_bound))


def _information(
    function: Callable[[Floats], tuple[float, Floats]], logs: Floats, free: Flags
) -> Floats:
    rows: list[Floats] = []
    for place in np.flatnonzero(free):
        step = np.zeros(len(logs))
        step[place] = STEP
        rows.append(-(function(logs + step)[1] - function(logs - step)[1])[free] / (2 * STEP))
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2
