"""What is to be expected of each customer: visits, value with its range, next visit, badge.

→ docs/algorithms/value.md, "Visits", "Value and its range", "At risk, lost"
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.analytics.columns import Floats, sizes, table
from services.analytics.value.spend import SpendFit
from services.analytics.value.visits import FIRST_DROP, VisitFit

WEEKS_A_YEAR = 365.25 / 7
DAYS_A_WEEK = 7.0
# The badge, by own rhythm.
RISK_DAYS, RISK_RATIO = 90.0, 0.5
LOST_DAYS, LOST_CHANCE = 183.0, 0.1
# Beyond this many days without a visit no badge is waited for.
NEVER = 3653
# Possible years of one customer: from seed to seed the ends of the range move by a few per cent.
DRAWS = 300
# So many customers are drawn at once: memory stays flat however many there are.
CHUNK = 20_000
# Nobody comes on more days of a year.
MOST_VISITS = 366
LOW, HIGH = 0.1, 0.9

Places = NDArray[np.intp]
# Its result has no type that checkers know.
_numpy: Any = np


@dataclass(frozen=True, slots=True)
class Outlook:
    """One row a customer, in the order given. Money in the unit of the spend model.

    Attributes:
        visits: expected days with a visit in the next 12 months.
        alive: P(alive); shown, not used for ranking.
        within_7: chance of a visit within 7 days.
        within_14: within 14.
        within_30: within 30.
        median_days: the next visit has come by then with a chance of one half; infinite where it
            rather never comes.
        value: expected spend of the next 12 months.
        value_low: below this lie one in ten of such customers.
        value_high: above it one in ten.
        is_at_risk: expected visits of 90 days have fallen below half of what they were at the last
            visit.
        is_lost: P(visit within 183 days) is below 10 %; then `is_at_risk` is False.
    """

    visits: Floats
    alive: Floats
    within_7: Floats
    within_14: Floats
    within_30: Floats
    median_days: Floats
    value: Floats
    value_low: Floats
    value_high: Floats
    is_at_risk: NDArray[np.bool_]
    is_lost: NDArray[np.bool_]


def outlook(
    visits: VisitFit,
    spend: SpendFit,
    *,
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
    spend_visits: ArrayLike,
    mean_spend: ArrayLike,
    seed: int = 0,
) -> Outlook:
    """Predict every customer of a restaurant.

    Args:
        visits: model of visits, in weeks.
        spend: model of spend a visit.
        x: repeat visit days.
        t_x: weeks from the first to the last.
        T: weeks from the first to the end of the data.
        spend_visits: repeat visit days with spend.
        mean_spend: mean net spend of these.
        seed: of the draws behind the range: the same seed gives the same range.
    """
    repeats, last, whole = table(np.atleast_1d(x), np.atleast_1d(t_x), np.atleast_1d(T))
    paid = sizes(np.atleast_1d(spend_visits), "spend_visits")
    mean = np.maximum(np.atleast_1d(np.asarray(mean_spend, dtype=np.float64)), 0.0)
    history = (repeats, last, whole)
    expected = visits.expected_visits(WEEKS_A_YEAR, *history)
    low, high = _value_range(visits, spend, history, paid, mean, seed)
    is_lost = visits.probability_of_visit(LOST_DAYS / DAYS_A_WEEK, *history) < LOST_CHANCE
    return Outlook(
        visits=expected,
        alive=visits.probability_alive(*history),
        within_7=visits.probability_of_visit(1.0, *history),
        within_14=visits.probability_of_visit(2.0, *history),
        within_30=visits.probability_of_visit(30 / DAYS_A_WEEK, *history),
        median_days=visits.median_wait(*history) * DAYS_A_WEEK,
        value=expected * spend.expected_spend(paid, mean),
        value_low=low,
        value_high=high,
        is_at_risk=at_risk(visits, *history) & ~is_lost,
        is_lost=is_lost,
    )


def at_risk(visits: VisitFit, x: Floats, t_x: Floats, T: Floats) -> NDArray[np.bool_]:
    """Whether the expected visits of 90 days are below half of what they were at the last visit."""
    weeks = RISK_DAYS / DAYS_A_WEEK
    now = visits.expected_visits(weeks, x, t_x, T)
    then = visits.expected_visits(weeks, x, t_x, t_x)
    return now < RISK_RATIO * then


def _value_range(
    visits: VisitFit,
    spend: SpendFit,
    history: tuple[Floats, Floats, Floats],
    paid: Floats,
    mean: Floats,
    seed: int,
) -> tuple[Floats, Floats]:
    """10 % and 90 % points of what such customers spend in 12 months, by drawing their years.

    The draws are the model's own: who is alive has a Gamma rate and a Beta chance to stop; visits
    are the smaller of a Poisson and a geometric number; spend a visit has a Gamma scale. One draw
    is common to all customers, each of whom it fits exactly: that costs a twentieth.
    """
    x, t_x, whole = history
    alive = visits.probability_alive(x, t_x, whole)
    chance = _Chance(np.random.default_rng(seed), visits, spend, x, paid)
    scale = WEEKS_A_YEAR / (visits.params["alpha"] + whole)
    worth = spend.params["gamma"] + paid * mean
    low, high = np.zeros(len(x)), np.zeros(len(x))
    for start in range(0, len(x), CHUNK):
        part = slice(start, start + CHUNK)
        years = [
            chance.year(draw, alive[part], scale[part], worth[part], part) for draw in range(DRAWS)
        ]
        low[part], high[part] = np.quantile(np.array(years), (LOW, HIGH), axis=0)
    return low, high


class _Chance:
    """What chance decides in each draw, for every number of visits there is."""

    def __init__(
        self,
        rng: np.random.Generator,
        visits: VisitFit,
        spend: SpendFit,
        x: Floats,
        paid: Floats,
    ) -> None:
        r, _, a, b = visits.vector
        p, q, _ = spend.vector
        levels, level = np.unique(x, return_inverse=True)
        paid_levels, paid_level = np.unique(paid, return_inverse=True)
        self._level: Places = level
        self._paid_level: Places = paid_level
        # Evenly over 0 to 1, in any order: the share of years alive is right to one draw.
        self._alive = (rng.permutation(DRAWS) + 0.5) / DRAWS
        self._rate = rng.gamma(r + levels, 1.0, (DRAWS, len(levels)))
        # P(alive) has counted the chance to have stopped after the last visit.
        survived = levels + FIRST_DROP[visits.model]
        stop = np.maximum(rng.beta(a, b + survived, (DRAWS, len(levels))), 1e-12)
        self._stop: Places = np.minimum(rng.geometric(stop), MOST_VISITS)
        self._arrivals: Floats = np.cumsum(rng.exponential(1.0, (DRAWS, MOST_VISITS)), axis=1)
        bills = np.cumsum(rng.gamma(p, 1.0, (DRAWS, MOST_VISITS)), axis=1)
        self._bills = np.concatenate((np.zeros((DRAWS, 1)), bills), axis=1)
        self._worth = 1 / np.maximum(
            rng.gamma(p * paid_levels + q, 1.0, (DRAWS, len(paid_levels))), 1e-12
        )

    def year(self, draw: int, alive: Floats, scale: Floats, worth: Floats, part: slice) -> Floats:
        """What each customer spends in one of their possible years."""
        level = self._level[part]
        limit = self._rate[draw][level] * scale
        came = _numpy.searchsorted(self._arrivals[draw], limit)
        total: Places = np.minimum(came, self._stop[draw][level])
        total[self._alive[draw] >= alive] = 0
        return self._bills[draw][total] * self._worth[draw][self._paid_level[part]] * worth


@dataclass(frozen=True, slots=True)
class BadgeDays:
    """In how many days after the last visit a badge changes if nobody comes; `NEVER` or less.

    Attributes:
        at_risk: whole days after the last visit day.
        lost: the same.
    """

    at_risk: Places
    lost: Places


def badge_days(visits: VisitFit, *, x: ArrayLike, t_x: ArrayLike) -> BadgeDays:
    """The days on which customers become at risk and lost, by bisection.

    Silence makes both likelier every day, so one day each says it all: screens and hourly jobs then
    compare dates and need no model.

    Args:
        visits: model of visits, in weeks.
        x: repeat visit days.
        t_x: weeks from the first to the last.
    """
    columns = table(np.atleast_1d(x), np.atleast_1d(t_x), np.atleast_1d(t_x))[:2]
    # Whoever came as often over as long has the same days: there are few such histories.
    known, place = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    repeats, last = known.T
    risk_weeks, lost_weeks = RISK_DAYS / DAYS_A_WEEK, LOST_DAYS / DAYS_A_WEEK
    half = RISK_RATIO * visits.expected_visits(risk_weeks, repeats, last, last)

    def is_risky(days: Floats) -> NDArray[np.bool_]:
        now = last + days / DAYS_A_WEEK
        return visits.expected_visits(risk_weeks, repeats, last, now) < half

    def is_gone(days: Floats) -> NDArray[np.bool_]:
        now = last + days / DAYS_A_WEEK
        return visits.probability_of_visit(lost_weeks, repeats, last, now) < LOST_CHANCE

    return BadgeDays(
        _first_day(is_risky, len(repeats))[place], _first_day(is_gone, len(repeats))[place]
    )


def _first_day(is_so: Callable[[Floats], NDArray[np.bool_]], count: int) -> Places:
    """The first day from 0 to `NEVER` on which something is so that stays so."""
    low, high = np.full(count, -1), np.full(count, NEVER)
    while (high - low > 1).any():
        middle = (low + high) // 2
        yes = is_so(middle.astype(np.float64).clip(0))
        high = np.where(yes, middle, high)
        low = np.where(yes, low, middle)
    return high.astype(np.intp)
