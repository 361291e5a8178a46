"""How often customers come and when they stop: MBG/NBD, and BG/NBD as its oracle.

→ docs/algorithms/value.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from services.analytics.columns import Floats, histories, sizes, table
from services.analytics.errors import UnequalLengthsError, UnknownModelError
from services.analytics.special import logistic
from services.analytics.value import expectation
from services.analytics.value.likelihood import (
    NAMES,
    Histories,
    compress,
    dead_odds_log,
    log_likelihood,
)
from services.analytics.value.optimum import Optimum, climb
from services.analytics.value.spend import SpendFit

VisitModel = Literal["mbg", "bg"]
# Whether somebody may stop after their very first visit already.
FIRST_DROP: Mapping[str, int] = {"mbg": 1, "bg": 0}
# Below these the prior is all there is.
ENOUGH_CUSTOMERS = 50
ENOUGH_REPEATERS = 10
# An assumption, not an estimate: a visit every two weeks, and one visit in six the last. Weeks.
PRIOR: Mapping[str, float] = {"r": 1.0, "alpha": 2.0, "a": 0.8, "b": 4.0}


@dataclass(frozen=True, slots=True)
class VisitFit:
    """A fitted model of visits. Times are in the unit it was fitted in; the product uses weeks.

    Attributes:
        model: "mbg" or "bg".
        params: r, alpha (the rate of visits is Gamma), a, b (the chance to stop is Beta).
        log_likelihood: of the customers it was fitted to, under these parameters.
        standard_errors: of the parameters in the same order, from the observed information; None
            for the prior, and where the likelihood has no peak.
        customer_count: fitted to.
        repeater_count: of these, who came again.
        is_enough: False when there were too few: then `params` are the prior.
        converged: whether a peak was found; True for the prior.
    """

    model: VisitModel
    params: Mapping[str, float]
    log_likelihood: float
    standard_errors: Mapping[str, float] | None
    customer_count: int
    repeater_count: int
    is_enough: bool
    converged: bool

    def probability_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Floats:
        """Chance that a customer with this history has not stopped coming.

        MBG/NBD: 1 / (1 + a / (b + x) · ((alpha + T) / (alpha + t_x))^(r + x)). In BG/NBD exactly 1
        for everybody with one visit, which is why it is not used here.
        """
        return self._alive(*histories(x, t_x, T))

    def expected_visits(
        self,
        t: ArrayLike,
        x: ArrayLike,
        t_x: ArrayLike,
        T: ArrayLike,
    ) -> Floats:
        """Expected days with a visit in the time t that follows the end of the data."""
        time, repeats, last, whole = _together(t, x, t_x, T)
        r, alpha, a, b = self.vector
        if_alive = expectation.visits_if_alive(
            a=a,
            b=(b + repeats + FIRST_DROP[self.model]).ravel(),
            shape=(r + repeats).ravel(),
            share=(time / (alpha + whole + time)).ravel(),
        ).reshape(repeats.shape)
        return (self._alive(repeats, last, whole) * np.maximum(if_alive, 0.0))[()]

    def probability_of_visit(
        self,
        t: ArrayLike,
        x: ArrayLike,
        t_x: ArrayLike,
        T: ArrayLike,
    ) -> Floats:
        """Chance of a visit within t: P(alive) · [1 - ((alpha + T) / (alpha + T + t))^(r + x)].

        Who still comes cannot stop before the next visit, so its time is exponential given a rate.
        """
        time, repeats, last, whole = _together(t, x, t_x, T)
        r, alpha = self.vector[:2]
        comes = -np.expm1(-(r + repeats) * np.log1p(time / (alpha + whole)))
        return (self._alive(repeats, last, whole) * comes)[()]

    def median_wait(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Floats:
        """The time by which the next visit has come with a chance of one half.

        Infinite where a customer is likelier never to come again.
        """
        repeats, last, whole = histories(x, t_x, T)
        r, alpha = self.vector[:2]
        alive = self._alive(repeats, last, whole)
        left = np.where(alive > 0.5, 1 - 0.5 / np.maximum(alive, 0.5), 0.0)
        # A chance just above one half may lie beyond what a number can hold.
        with np.errstate(divide="ignore", over="ignore"):
            return ((alpha + whole) * np.expm1(-np.log(left) / (r + repeats)))[()]

    def expected_value(
        self,
        t: ArrayLike,
        x: ArrayLike,
        t_x: ArrayLike,
        T: ArrayLike,
        *,
        spend: SpendFit,
        mean_spend: ArrayLike,
    ) -> Floats:
        """Expected spend in the time t to come: expected visits times expected spend a visit.

        Args:
            t: time to come.
            x: repeat visits.
            t_x: time of the last visit.
            T: time observed.
            spend: the model of spend per visit, independent of how often somebody comes.
            mean_spend: over the repeat visits; anything where x is 0.
        """
        visits = self.expected_visits(t, x, t_x, T)
        return (visits * spend.expected_spend(x, mean_spend))[()]

    @property
    def vector(self) -> tuple[float, float, float, float]:
        """r, alpha, a, b."""
        return self.params["r"], self.params["alpha"], self.params["a"], self.params["b"]

    def _alive(self, x: Floats, t_x: Floats, whole: Floats) -> Floats:
        params = np.array(self.vector)
        return logistic(-dead_odds_log(params, x, t_x, whole, first_drop=FIRST_DROP[self.model]))[
            ()
        ]


def fit_visits(
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
    model: VisitModel = "mbg",
) -> VisitFit:
    """Fit a model of visits to the histories of one restaurant's customers.

    Maximum likelihood. Below 50 customers, or 10 who came again, the parameters are the prior
    (`PRIOR`, in weeks) and `is_enough` is False.

    Args:
        x: business days with a visit after the first, of each customer.
        t_x: weeks from the first to the last; 0 where x is 0.
        T: weeks from the first to the end of the data.
        model: "mbg" (Batislam, Denizel and Filiztekin 2007) or "bg" (Fader, Hardie and Lee 2005).

    Raises:
        InvalidInputError: something in the columns cannot be (services/analytics/errors.py).
    """
    if model not in FIRST_DROP:
        raise UnknownModelError
    columns = table(np.atleast_1d(x), np.atleast_1d(t_x), np.atleast_1d(T))
    visits, last, whole = columns
    repeaters = int((visits > 0).sum())
    if len(visits) < ENOUGH_CUSTOMERS or repeaters < ENOUGH_REPEATERS:
        return _prior(compress(*columns), model)
    # In units of the longest time, so that days and weeks are searched alike.
    unit = float(whole.max())
    data = compress(visits, last / unit, whole / unit)
    best = climb(
        lambda logs: _by_logs(logs, data, FIRST_DROP[model]), _starts(data), weight=len(visits)
    )
    params = np.exp(best.logs) * np.array([1.0, unit, 1.0, 1.0])
    return VisitFit(
        model=model,
        params=dict(zip(NAMES, map(float, params), strict=True)),
        # A density of the times of all repeat visits: another unit is another density.
        log_likelihood=float(best.value - visits.sum() * np.log(unit)),
        standard_errors=_errors(best, params),
        customer_count=len(visits),
        repeater_count=repeaters,
        is_enough=True,
        converged=best.converged,
    )


def _together(
    t: ArrayLike,
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
) -> tuple[Floats, Floats, Floats, Floats]:
    """One time for all customers, many times for one, or one each."""
    try:
        time, repeats, last, whole = np.broadcast_arrays(sizes(t, "t"), *histories(x, t_x, T))
    except ValueError as error:
        raise UnequalLengthsError("t") from error
    return time, repeats, last, whole


def _prior(data: Histories, model: VisitModel) -> VisitFit:
    vector = np.array([PRIOR[name] for name in NAMES])
    return VisitFit(
        model=model,
        params=dict(PRIOR),
        log_likelihood=log_likelihood(vector, data, first_drop=FIRST_DROP[model])[0],
        standard_errors=None,
        customer_count=int(data.weight.sum()),
        repeater_count=int(data.weight[data.x > 0].sum()),
        is_enough=False,
        converged=True,
    )


def _by_logs(logs: Floats, data: Histories, first_drop: int) -> tuple[float, Floats]:
    params = np.exp(logs)
    value, gradient = log_likelihood(params, data, first_drop=first_drop)
    return value, gradient * params


def _starts(data: Histories) -> list[Floats]:
    """Guesses: visits by the time they were possible in, and who stops how early."""
    visits = float(data.weight @ data.x)
    # Who came last long ago has probably stopped: half of the silence counts.
    time = float(data.weight @ (data.t_x + (data.T - data.t_x) / 2))
    rate = visits / max(time, 1e-9)
    return [
        np.log(np.array([r, r / rate, a, b]))
        for r, a, b in ((0.7, 0.8, 2.5), (2.0, 1.5, 12.0), (0.3, 0.3, 1.0))
    ]


def _errors(best: Optimum, params: Floats) -> Mapping[str, float] | None:
    """Of the parameters, from the covariance of their logs (delta method)."""
    if best.covariance is None:
        return None
    errors = np.sqrt(np.diag(best.covariance)) * params
    return dict(zip(NAMES, map(float, errors), strict=True))
