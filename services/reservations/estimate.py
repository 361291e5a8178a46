"""How long a party without a reservation waits; no session, clock or I/O.

Every function says where its formula comes from. docs/algorithms/waiting.md tells it in prose.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# From this many sittings on a restaurant's own evenings say more than its settings.
ENOUGH_SITTINGS = 10
ROUNDED_TO = 5
# A range that ends later says nothing anybody can plan with.
LONGEST_MINUTES = 120
# Low and high end of what a guest is told: half of all such parties wait less than the first, four
# of five less than the second.
LOW, HIGH = 0.5, 0.8


class Certainty(StrEnum):
    """What an estimate rests on."""

    FREE_NOW = "free_now"
    # Sittings of this restaurant.
    MEASURED = "measured"
    # The lengths in the settings: too few sittings yet.
    ASSUMED = "assumed"
    # Nothing can be said.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a party waits, in minutes, both ends rounded up to five."""

    certainty: Certainty
    low_minutes: int = 0
    high_minutes: int = 0


def estimate_wait(
    *,
    elapsed_minutes: Sequence[float],
    free_tables: int,
    ahead: int,
    turns_minutes: Sequence[float],
    assumed_minutes: float,
) -> Estimate:
    """What a party in the queue is told.

    With k parties ahead it gets the (k + 1)th suitable table. Free ones count at once. Each
    occupied one becomes free within t with probability (F(e + t) − F(e)) / (1 − F(e)), where e is
    how long its party has sat and F the distribution of past turn times; how many of them are free
    at t has a Poisson-binomial distribution (sum of independent trials; computed by its recursion,
    Hong, Comput. Stat. Data Anal. 59, 2013). The answer is the first t at which the wanted number
    is reached with 50 % and with 80 %. A queue longer than the room looks beyond the parties that
    sit there now: departures then follow one another at the room's pace, tables / turn time, and
    the (k + 1)th comes after a time with an Erlang distribution.

    Args:
        elapsed_minutes: how long each party at a suitable, occupied table has sat.
        free_tables: suitable tables that anybody could have now.
        ahead: parties that get such a table first.
        turns_minutes: past sittings of such parties.
        assumed_minutes: length to reckon with while there are too few of those.
    """
    wanted = ahead + 1 - free_tables
    if wanted <= 0:
        return Estimate(Certainty.FREE_NOW)
    count = len(elapsed_minutes)
    if count == 0:
        return Estimate(Certainty.UNKNOWN)
    is_measured = len(turns_minutes) >= ENOUGH_SITTINGS
    turns = sorted(turns_minutes) if is_measured else _spread(assumed_minutes)
    if wanted <= count:
        low = _first_minute(elapsed_minutes, turns, wanted, LOW)
        high = _first_minute(elapsed_minutes, turns, wanted, HIGH)
    else:
        mean = sum(turns) / len(turns)
        low = _erlang_quantile(wanted, count / mean, LOW)
        high = _erlang_quantile(wanted, count / mean, HIGH)
    low_minutes, high_minutes = _rounded(low), _rounded(high)
    if low_minutes > LONGEST_MINUTES:
        return Estimate(Certainty.UNKNOWN)
    certainty = Certainty.MEASURED if is_measured else Certainty.ASSUMED
    return Estimate(certainty, low_minutes, max(high_minutes, low_minutes))


def leaves_within(elapsed: float, minutes: float, turns: Sequence[float]) -> float:
    """P(T ≤ e + t | T > e) from past turn times, sorted.

    A party that has sat longer than all before leaves like those that just reached that age: at
    the pace of the longest tenth, so that it never counts as certain nor as impossible.
    """
    longer = [turn for turn in turns if turn > elapsed]
    if not longer:
        tail = max(5.0, turns[-1] / 10)
        return 1 - math.exp(-minutes / tail)
    return sum(turn <= elapsed + minutes for turn in longer) / len(longer)


def at_least(probabilities: Sequence[float], wanted: int) -> float:
    """P(at least `wanted` of independent events happen): Poisson-binomial, exactly."""
    exactly = [1.0] + [0.0] * len(probabilities)
    for done, chance in enumerate(probabilities):
        for happened in range(done + 1, 0, -1):
            exactly[happened] = exactly[happened] * (1 - chance) + exactly[happened - 1] * chance
        exactly[0] *= 1 - chance
    return sum(exactly[wanted:])


def _first_minute(
    elapsed: Sequence[float], turns: Sequence[float], wanted: int, share: float
) -> float:
    for minutes in range(1, LONGEST_MINUTES + ROUNDED_TO + 1):
        chances = [leaves_within(sat, minutes, turns) for sat in elapsed]
        if at_least(chances, wanted) >= share:
            return minutes
    return LONGEST_MINUTES + ROUNDED_TO


def _erlang_quantile(shape: int, rate: float, share: float) -> float:
    """Minutes within which `shape` departures have happened, by bisection of the Erlang CDF."""
    low, high = 0.0, shape / rate
    while _erlang_cdf(shape, rate * high) < share:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        if _erlang_cdf(shape, rate * middle) < share:
            low = middle
        else:
            high = middle
    return high


def _erlang_cdf(shape: int, events: float) -> float:
    """1 − Σ_{n<k} e^(−x) xⁿ / n!: at least k events of a Poisson process with mean x."""
    term, below = math.exp(-events), 0.0
    for number in range(shape):
        below += term
        term *= events / (number + 1)
    return 1 - below


def _spread(mean: float) -> list[float]:
    """Turn times around an assumed length: from three fifths of it to seven fifths."""
    return [mean * (0.6 + 0.8 * step / 20) for step in range(21)]


def _rounded(minutes: float) -> int:
    return max(ROUNDED_TO, math.ceil(round(minutes, 6) / ROUNDED_TO) * ROUNDED_TO)
