"""How long models take to fit, at three sizes, and whether they find what the data were made of."""

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure, Section
from services.analytics.baskets import Recommender
from services.analytics.value import VisitFit, fit_spend, fit_visits
from services.analytics.value.outlook import outlook

SIZES = (10_000, 100_000, 500_000)
# Beyond, only the fit itself: ranges of half a million take minutes that say nothing new.
MOST_TOLD = 100_000
MEMORY_MB = 1500
# As in services/simulation/guests.py; spend in whole units.
TRUTH = {"r": 1.05, "alpha": 1.7, "a": 0.75, "b": 5.5}
P, Q, GAMMA = 6.0, 9.0, 32.0
DAYS = 364
DISHES, ORDERS, ASKED = 120, 100_000, 2_000

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Customers drawn from the model, in the letters of the papers."""

    x: Column
    t_x: Column
    T: Column
    mean: Column


def measure() -> Section:
    """Fit on 10,000, 100,000 and 500,000 customers; recommend on 100,000 orders."""
    section = Section(
        "models",
        "Models",
        "Customers and orders are drawn in memory; one process fits them, as every night.",
        data="drawn in memory",
    )
    for count in SIZES:
        section.figures += _fit(_crowd(count))
    section.figures.append(_recommending())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    section.figures.append(
        Figure(
            "memory at most",
            f"{peak:,.0f} MB",
            target=f"{MEMORY_MB:,} MB",
            is_met=peak <= MEMORY_MB,
        )
    )
    return section


def _fit(crowd: Crowd) -> list[Figure]:
    count = len(crowd.x)
    began = time.perf_counter()
    visits = fit_visits(crowd.x, crowd.t_x, crowd.T)
    spend = fit_spend(crowd.x, crowd.mean)
    fitted = time.perf_counter()
    if count <= MOST_TOLD:
        outlook(
            visits, spend, x=crowd.x, t_x=crowd.t_x, T=crowd.T,
            spend_visits=crowd.x, mean_spend=crowd.mean,
        )  # fmt: skip
    told = time.perf_counter() - fitted
    took = fitted - began
    is_target = count == 100_000
    ranges = Figure(
        f"value and range of {count:,}", f"{told:.1f} s", f"{1e6 * told / count:.0f} µs each"
    )
    return [
        Figure(
            f"fit visits and spend of {count:,}",
            f"{took:.2f} s",
            beside=f"{1e6 * took / count:.1f} µs each",
            target="2 s" if is_target else "",
            is_met=took <= 2 if is_target else None,
        ),
        *([ranges] if count <= MOST_TOLD else []),
        _recovered(visits, count),
    ]


def _recovered(visits: VisitFit, count: int) -> Figure:
    """What was found beside what was drawn: a model of days finds a little fewer visits."""
    found, made = _means(visits.params), _means(TRUTH)
    return Figure(
        f"found in {count:,}: visits a week, chance to stop",
        f"{found[0]:.3f}, {found[1]:.3f}",
        f"{made[0]:.3f}, {made[1]:.3f}",
        target="15 %",
        is_met=all(abs(one / two - 1) < 0.15 for one, two in zip(found, made, strict=True)),
    )


def _means(params: Mapping[str, float]) -> tuple[float, float]:
    stop = params["a"] / (params["a"] + params["b"])
    return params["r"] / params["alpha"], stop


def _crowd(count: int) -> Crowd:
    rng = np.random.default_rng(count)
    rate = rng.gamma(TRUTH["r"], 1 / TRUTH["alpha"], count)
    stop = np.maximum(rng.beta(TRUTH["a"], TRUTH["b"], count), 1e-9)
    whole = rng.integers(1, DAYS + 1, count) / 7
    left = rng.geometric(stop) - 1
    x, t_x, now = np.zeros(count), np.zeros(count), np.zeros(count)
    # When in its day the first visit was.
    hour = rng.random(count)
    going = left > 0
    while going.any():
        now[going] += rng.exponential(1 / rate[going])
        going &= now <= whole
        day = np.minimum(np.floor(hour + now * 7) / 7, whole)
        # Two visits of one day are one visit day.
        fresh = going & (day > t_x)
        x[fresh] += 1
        t_x[fresh] = day[fresh]
        left[going] -= 1
        going &= left > 0
    bills = np.maximum(x, 1)
    worth = P * GAMMA / rng.gamma(Q, 1.0, count)
    mean = rng.gamma(P * bills, worth / (P * bills))
    return Crowd(x, t_x, whole, np.where(x > 0, mean, 0.0))


def _recommending() -> Figure:
    rng = np.random.default_rng(1)
    weights = 1 / np.arange(1, DISHES + 1)
    drawn = rng.choice(DISHES, (ORDERS, 3), p=weights / weights.sum())
    model = Recommender.fit([{f"dish {one}" for one in row} for row in drawn.tolist()])
    times: list[float] = []
    for row in drawn[:ASKED].tolist():
        basket = [f"dish {one}" for one in row]
        began = time.perf_counter()
        model.recommend(basket, 5)
        times.append(time.perf_counter() - began)
    middle = 1000 * median(times)
    return Figure(
        f"a recommendation among {DISHES} dishes",
        f"{middle:.3f} ms",
        target="1 ms",
        is_met=middle <= 1,
    )
