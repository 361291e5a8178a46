"""Did it change anything? Two shares compared, checked and planned.

→ docs/algorithms/experiments.md
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from services.analytics.errors import (
    NegativeError,
    NotANumberError,
    OutOfRangeError,
    UnequalLengthsError,
)

NORMAL = NormalDist()
# With fewer events or misses in a cell than this the exact test speaks.
FEW = 10
# A split this unlikely means that something assigns or counts wrongly; no verdict then.
SPLIT_ALARM = 0.001
# Two tables count as equally likely when they differ by rounding only.
SAME = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class Comparison:
    """Share b beside share a.

    Attributes:
        z: difference b - a by its pooled standard error; 0 where both shares are 0 or both 1.
        p: chance of a difference as large as this if there is none, both directions.
        low: lower end of the interval of the difference b - a (Newcombe 1998, method 10).
        high: its upper end.
        difference: b - a.
        test: "z", or "fisher" (exact) with fewer than 10 events or misses in an arm.
    """

    z: float
    p: float
    low: float
    high: float
    difference: float
    test: Literal["z", "fisher"]


def two_proportions(
    a_events: int, a_n: int, b_events: int, b_n: int, *, level: float = 0.95
) -> Comparison:
    """Compare two independent shares, planned beforehand and looked at once.

    Args:
        a_events: of the first arm (the hold-out).
        a_n: how many could have had one; at least 1.
        b_events: of the second arm.
        b_n: how many could have had one.
        level: of the interval.

    Raises:
        InvalidInputError: a count is below zero, above its n, or nobody was in an arm.
    """
    for events, n, name in ((a_events, a_n, "a"), (b_events, b_n, "b")):
        _counted(events, n, name)
    if not 0 < level < 1:
        raise OutOfRangeError("level")
    a, b = a_events / a_n, b_events / b_n
    both = (a_events + b_events) / (a_n + b_n)
    error = math.sqrt(both * (1 - both) * (1 / a_n + 1 / b_n))
    z = (b - a) / error if error > 0 else 0.0
    width = NORMAL.inv_cdf((1 + level) / 2)
    a_low, a_high = wilson(a_events, a_n, z=width)
    b_low, b_high = wilson(b_events, b_n, z=width)
    is_few = min(a_events, a_n - a_events, b_events, b_n - b_events) < FEW
    return Comparison(
        z=z,
        p=fisher(a_events, a_n, b_events, b_n) if is_few else math.erfc(abs(z) / math.sqrt(2)),
        low=b - a - math.hypot(b - b_low, a_high - a),
        high=b - a + math.hypot(b_high - b, a - a_low),
        difference=b - a,
        test="fisher" if is_few else "z",
    )


def wilson(events: int, n: int, *, z: float) -> tuple[float, float]:
    """Wilson's interval of a share (1927); it never leaves 0 to 1. Nothing known: all of it."""
    if not n:
        return 0.0, 1.0
    share = events / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    # Exactly at the ends rounding would leave a hair.
    low = 0.0 if not events else (middle - spread) / whole
    return low, 1.0 if events == n else (middle + spread) / whole


def fisher(a_events: int, a_n: int, b_events: int, b_n: int) -> float:
    """Fisher's exact test, both directions: all tables no likelier than the one that was seen."""
    events = a_events + b_events
    logs = [
        _log_choose(a_n, k) + _log_choose(b_n, events - k)
        for k in range(max(0, events - b_n), min(a_n, events) + 1)
    ]
    whole = _log_choose(a_n + b_n, events)
    seen = math.exp(_log_choose(a_n, a_events) + _log_choose(b_n, b_events) - whole)
    chances = [math.exp(one - whole) for one in logs]
    return min(1.0, math.fsum(one for one in chances if one <= seen * SAME))


def always_valid(
    a_events: int, a_n: int, b_events: int, b_n: int, *, expected_lift: float
) -> float:
    """A p-value that may be looked at as often as one likes (mixture SPRT).

    Johari, Pekelis and Walsh 2015; the lifts thought of beforehand are normal around 0. Keep the
    smallest value seen so far.

    Args:
        a_events: of the first arm.
        a_n: how many could have had one.
        b_events: of the second arm.
        b_n: how many could have had one.
        expected_lift: standard deviation of the lifts thought of, as a difference of shares.
    """
    for events, n, name in ((a_events, a_n, "a"), (b_events, b_n, "b")):
        _counted(events, n, name)
    if not 0 < expected_lift < 1:
        raise OutOfRangeError("expected_lift")
    a, b = a_events / a_n, b_events / b_n
    variance = a * (1 - a) / a_n + b * (1 - b) / b_n
    if variance <= 0:
        return 1.0
    prior = expected_lift * expected_lift
    evidence = (b - a) ** 2 * prior / (2 * variance * (variance + prior))
    return min(1.0, math.sqrt((variance + prior) / variance) * math.exp(-min(evidence, 700.0)))


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Chance of a split as uneven as this if arms are filled by their shares (chi-squared).

    Below .001 assignment or counting is broken, and no result of the experiment counts.

    Args:
        counts: customers in each arm.
        shares: planned, above zero; only their proportions matter.

    Raises:
        InvalidInputError: fewer than two arms, or something that is no count or no share.
    """
    if len(counts) != len(shares):
        raise UnequalLengthsError("shares")
    if len(counts) < 2:
        raise OutOfRangeError("counts")
    for count in counts:
        if count < 0:
            raise NegativeError("counts")
    for share in shares:
        if not math.isfinite(share):
            raise NotANumberError("shares")
        if share <= 0:
            raise OutOfRangeError("shares")
    total, whole = sum(counts), math.fsum(shares)
    if not total:
        return 1.0
    planned = [total * share / whole for share in shares]
    statistic = math.fsum(
        (count - plan) ** 2 / plan for count, plan in zip(counts, planned, strict=True)
    )
    return _chi_squared_above(statistic, len(counts) - 1)


def sample_size(base: float, lift_to: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """Customers an arm needs so that a change from one share to another is seen.

    Two-sided z test of two shares, pooled error under no difference (Fleiss, Levin and Paik 2003,
    eq. 4.14, without continuity correction).

    Args:
        base: share without the change, between 0 and 1.
        lift_to: share with it, another one.
        alpha: how often nothing is taken for something.
        power: how often the change is seen.

    Raises:
        OutOfRangeError: something is not strictly between 0 and 1, or nothing changes.
    """
    for value, name in ((base, "base"), (lift_to, "lift_to"), (alpha, "alpha"), (power, "power")):
        if not 0 < value < 1:
            raise OutOfRangeError(name)
    if base == lift_to:
        raise OutOfRangeError("lift_to")
    middle = (base + lift_to) / 2
    under_none = NORMAL.inv_cdf(1 - alpha / 2) * math.sqrt(2 * middle * (1 - middle))
    under_change = NORMAL.inv_cdf(power) * math.sqrt(base * (1 - base) + lift_to * (1 - lift_to))
    return max(1, math.ceil(((under_none + under_change) / (lift_to - base)) ** 2))


def _counted(events: int, n: int, name: str) -> None:
    if events < 0:
        raise NegativeError(f"{name}_events")
    if n < 1:
        raise OutOfRangeError(f"{name}_n")
    if events > n:
        raise OutOfRangeError(f"{name}_events")


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _chi_squared_above(statistic: float, freedom: int) -> float:
    """Upper tail, by the recursion Q(s + 1, x) = Q(s, x) + x^s exp(-x) / Gamma(s + 1)."""
    x = statistic / 2
    if x <= 0:
        return 1.0
    tail, s = (math.erfc(math.sqrt(x)), 0.5) if freedom % 2 else (math.exp(-x), 1.0)
    while s < freedom / 2:
        tail += math.exp(s * math.log(x) - x - math.lgamma(s + 1))
        s += 1
    return min(1.0, tail)
