"""Log-likelihood of visit histories under MBG/NBD and BG/NBD, with its gradient.

Both models are one formula: the dropout after each visit comes also after the first in MBG/NBD
(`first_drop` = 1: Batislam, Denizel and Filiztekin 2007, eq. 5), and only after repeat visits in
BG/NBD (0: Fader, Hardie and Lee 2005, eq. 6). → docs/algorithms/value.md
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from services.analytics.columns import Floats
from services.analytics.special import digamma, log_gamma, logistic

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, slots=True)
class Histories:
    """Customers with equal histories as one row.

    Attributes:
        x: repeat visits.
        t_x: time of the last visit.
        T: time observed.
        weight: customers in the row.
        level: which row of `levels` has the same x, so that gamma functions are computed once a
            number of visits, not once a customer.
        levels: the different numbers of repeat visits.
    """

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats
    level: Any
    levels: Floats


def compress(x: Floats, t_x: Floats, T: Floats) -> Histories:
    """Put equal histories together, in an order that does not depend on that of the customers."""
    order = np.lexsort((T, t_x, x))
    rows = np.column_stack((x[order], t_x[order], T[order]))
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.flatnonzero(fresh)
    weight = np.diff(np.append(starts, len(rows))).astype(np.float64)
    rows = rows[starts]
    levels, level = np.unique(rows[:, 0], return_inverse=True)
    return Histories(rows[:, 0], rows[:, 1], rows[:, 2], weight, level, levels)


def dead_odds_log(
    params: Floats,
    x: Floats,
    t_x: Floats,
    T: Floats,
    *,
    first_drop: int,
) -> Floats:
    """Log of how much likelier it is that a customer has stopped than that they go on.

    log [a / (b + x - 1 + s)] + (r + x) · log [(alpha + T) / (alpha + t_x)], s = `first_drop`;
    minus infinity where nobody can have stopped yet (BG/NBD, x = 0).
    """
    r, alpha, a, b = params
    chances = b + x - 1 + first_drop
    possible = (x > 0) | (first_drop == 1)
    stopped = np.log(a) - np.log(np.where(possible, chances, 1.0))
    # log1p of the gap keeps its digits where alpha is large beside it.
    gap = np.log1p((T - t_x) / (alpha + t_x))
    return np.where(possible, stopped + (r + x) * gap, -np.inf)


def log_likelihood(params: Floats, data: Histories, *, first_drop: int) -> tuple[float, Floats]:
    """Of all customers together, and its derivatives by r, alpha, a and b."""
    r, alpha, a, b = params
    n, s = data.levels, first_drop
    by_level = (
        log_gamma(r + n) - log_gamma(r) + log_gamma(a + b) - log_gamma(b)
        + log_gamma(b + n + s) - log_gamma(a + b + n + s)
    )  # fmt: skip
    odds = dead_odds_log(params, data.x, data.t_x, data.T, first_drop=s)
    shape = r + data.x
    past, last = np.log(alpha + data.T), np.log(alpha + data.t_x)
    rows = by_level[data.level] + r * np.log(alpha) - shape * past + np.logaddexp(0.0, odds)
    w = data.weight
    dead = logistic(odds)
    of_r = (digamma(r + n) - digamma(r))[data.level] + np.log(alpha) - past + dead * (past - last)
    of_alpha = r / alpha - shape * ((1 - dead) / (alpha + data.T) + dead / (alpha + data.t_x))
    both = digamma(a + b) - digamma(a + b + n + s)
    of_a = both[data.level] + dead / a
    chances = np.maximum(b + data.x - 1 + s, np.finfo(float).tiny)
    of_b = (both + digamma(b + n + s) - digamma(b))[data.level] - np.where(
        dead > 0, dead / chances, 0.0
    )
    gradient = np.array([w @ of_r, w @ of_alpha, w @ of_a, w @ of_b])
    return float(w @ rows), gradient
