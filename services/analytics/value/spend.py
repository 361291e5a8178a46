"""What customers spend a visit: the Gamma-Gamma model (Fader and Hardie 2013, note 025).

→ docs/algorithms/value.md, "Spend"
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from services.analytics.columns import Floats, counts, numbers, same_length
from services.analytics.special import digamma, log_gamma
from services.analytics.value.optimum import climb

NAMES = ("p", "q", "gamma")
# Below this many customers with spend on repeat visits only the mean is theirs.
ENOUGH_SPENDERS = 10
# An assumption, not an estimate: how visits of one customer, and customers, differ in spend.
PRIOR_P, PRIOR_Q = 6.0, 4.0


@dataclass(frozen=True, slots=True)
class SpendFit:
    """A fitted model of spend per visit, in the unit of money it was fitted in.

    Attributes:
        params: p, q, gamma. q is above 1: the mean of all customers exists.
        log_likelihood: of the customers it was fitted to.
        standard_errors: of the parameters; None for the prior, and without a peak.
        customer_count: with spend on repeat visits.
        is_enough: False when there were too few: then only the mean is theirs.
        converged: whether a peak was found; True for the prior.
    """

    params: Mapping[str, float]
    log_likelihood: float
    standard_errors: Mapping[str, float] | None
    customer_count: int
    is_enough: bool
    converged: bool

    @property
    def vector(self) -> tuple[float, float, float]:
        """p, q, gamma."""
        return self.params["p"], self.params["q"], self.params["gamma"]

    def expected_spend(self, x: ArrayLike, mean_spend: ArrayLike) -> Floats:
        """Expected spend a visit of a customer: p · (gamma + x · m) / (p · x + q - 1).

        Args:
            x: repeat visits with spend; at 0 the mean of all customers comes out.
            mean_spend: their mean; a negative one (refunds) counts as nothing spent.
        """
        import numpy as np  # noqa: PLC0415 - the web process starts without it

        visits = counts(x, "x")
        mean = np.maximum(numbers(mean_spend, "mean_spend"), 0.0)
        p, q, gamma = self.vector
        return (p * (gamma + visits * mean) / (p * visits + q - 1))[()]

    def expected_value(
        self, x: ArrayLike, mean_spend: ArrayLike, *, visits: ArrayLike = 1.0
    ) -> Floats:
        """Expected spend of a customer in so many visits to come, one unless said otherwise."""
        return (self.expected_spend(x, mean_spend) * numbers(visits, "visits"))[()]


def fit_spend(x: ArrayLike, mean_spend: ArrayLike) -> SpendFit:
    """Fit the Gamma-Gamma model to one restaurant's customers by maximum likelihood.

    Customers without a repeat visit and those whose mean is not above zero (free orders, refunds)
    say nothing and are left out. Below 10 others p and q are assumed and gamma follows from the
    mean, 0 without any.

    Args:
        x: repeat visits (days) of each customer.
        mean_spend: mean net spend of these visits.

    Raises:
        InvalidInputError: something in the columns cannot be.
    """
    visits, mean = np.atleast_1d(counts(x, "x")), np.atleast_1d(numbers(mean_spend, "mean_spend"))
    same_length(("x", visits), ("mean_spend", mean))
    used = (visits > 0) & (mean > 0)
    order = np.lexsort((mean[used], visits[used]))
    visits, mean = visits[used][order], mean[used][order]
    if len(visits) < ENOUGH_SPENDERS:
        return _prior(visits, mean)
    # In units of the mean, so that cents and euros are searched alike.
    unit = float(visits @ mean / visits.sum())
    data = _rows(visits, mean / unit)
    best = climb(
        lambda logs: _by_logs(logs, data),
        [np.log([6.0, 3.0, 0.5]), np.log([1.0, 1.0, 1.0]), np.log([20.0, 20.0, 1.0])],
        weight=float(len(visits)),
    )
    scale = np.array([1.0, 1.0, unit])
    params = np.exp(best.logs) * scale + np.array([0.0, 1.0, 0.0])
    errors: dict[str, float] | None = None
    if best.covariance is not None:
        spread = np.sqrt(np.diag(best.covariance)) * np.exp(best.logs) * scale
        errors = dict(zip(NAMES, map(float, spread), strict=True))
    return SpendFit(
        params=dict(zip(NAMES, map(float, params), strict=True)),
        log_likelihood=float(best.value - len(visits) * np.log(unit)),
        standard_errors=errors,
        customer_count=len(visits),
        is_enough=True,
        converged=best.converged,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Customers; gamma functions are computed once a number of visits."""

    x: Floats
    mean: Floats
    level: Any
    levels: Floats
    count: Floats


def _rows(visits: Floats, mean: Floats) -> _Rows:
    levels, level, count = np.unique(visits, return_inverse=True, return_counts=True)
    return _Rows(visits, mean, level, levels, count.astype(np.float64))


def _prior(visits: Floats, mean: Floats) -> SpendFit:
    overall = float(visits @ mean / visits.sum()) if len(visits) else 0.0
    gamma = overall * (PRIOR_Q - 1) / PRIOR_P
    vector = np.array([PRIOR_P, PRIOR_Q, gamma])
    value = _log_likelihood(vector, _rows(visits, mean))[0] if len(visits) else 0.0
    return SpendFit(
        params={"p": PRIOR_P, "q": PRIOR_Q, "gamma": gamma},
        log_likelihood=value,
        standard_errors=None,
        customer_count=len(visits),
        is_enough=False,
        converged=True,
    )


def _by_logs(logs: Floats, data: _Rows) -> tuple[float, Floats]:
    """Q - 1 is searched instead of q: the mean of all customers must be finite."""
    params = np.exp(logs)
    value, gradient = _log_likelihood(params + np.array([0.0, 1.0, 0.0]), data)
    return value, gradient * params


def _log_likelihood(params: Floats, data: _Rows) -> tuple[float, Floats]:
    """Equation 1a of the note, of all customers together, and its derivatives."""
    p, q, gamma = params
    n = data.levels
    total = data.x * data.mean
    shape = p * data.x + q
    past = np.log(gamma + total)
    by_level = log_gamma(p * n + q) - log_gamma(p * n) - log_gamma(q)
    rows = q * np.log(gamma) - np.log(data.mean) + p * data.x * np.log(total) - shape * past
    value = float(data.count @ by_level + rows.sum())
    among = data.count @ (n * (digamma(p * n + q) - digamma(p * n)))
    of_p = among + (data.x * (np.log(total) - past)).sum()
    of_q = data.count @ (digamma(p * n + q) - digamma(q)) + (np.log(gamma) - past).sum()
    of_gamma = (q / gamma - shape / (gamma + total)).sum()
    return value, np.array([of_p, of_q, of_gamma])
