"""Who came when first, who of them came again and what they spent, counted on columns.

By month or quarter of the first visit, and by traits of it. → docs/algorithms/cohorts.md
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from services.analytics.visit_days import Ints, VisitDays, number_of

Period = Literal["month", "quarter"]
_MONTHS: Mapping[Period, int] = {"month": 1, "quarter": 3}
# No heat map holds more; older cohorts are left out, not cut.
MOST_COHORTS = 24
MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cohorts or groups, a row each.

    Attributes:
        names: first day of the period (ISO), or what the trait is.
        sizes: customers.
        asked: [i][k] how many have their k-th period behind them; 0: nobody yet.
        came: [i][k] how many of these had a visit in it.
        value_minor: [i][k] what these have spent until its end, together.
    """

    names: tuple[Hashable, ...]
    sizes: tuple[int, ...]
    asked: tuple[tuple[int, ...], ...]
    came: tuple[tuple[int, ...], ...]
    value_minor: tuple[tuple[int, ...], ...]


def by_period(days: VisitDays, until: date, *, period: Period = "month") -> Triangle:
    """Cohorts by month or quarter of the first visit; cells of a period that runs are empty."""
    length = _MONTHS[period]
    first = _periods(days.first_day, length)
    starts = np.unique(first)[-MOST_COHORTS:]
    group = np.searchsorted(starts, first)
    group = np.where(np.isin(first, starts), group, -1)
    names = [_start(int(one), length).isoformat() for one in starts]
    return _count(days, until, group=group, names=names, length=length)


def by_trait(days: VisitDays, until: date, *, group: Ints, names: Sequence[Hashable]) -> Triangle:
    """Groups of a trait of the first visit, in each customer's own months; the largest first.

    Args:
        days: the columns.
        until: last day of the data.
        group: place in `names` of each customer's trait, -1 without one.
        names: what the traits are.
    """
    sizes = np.bincount(group[group >= 0], minlength=len(names))
    order = [int(one) for one in np.argsort(-sizes, kind="stable") if sizes[one]][:MOST_GROUPS]
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    # -1 finds the last place, which is nobody's.
    return _count(days, until, group=place[group], names=[names[one] for one in order], length=1)


def _count(
    days: VisitDays, until: date, *, group: Ints, names: Sequence[Hashable], length: int
) -> Triangle:
    first = _periods(days.first_day, length)
    # The last period that is over.
    ended = int(_periods(np.array([number_of(until + timedelta(days=1))]), length)[0]) - 1
    used = group >= 0
    width = int(max(0, ended - first[used].min() + 1)) if used.any() else 0
    rows = len(names)
    asked = np.zeros((rows, width), dtype=np.int64)
    came = np.zeros_like(asked)
    value = np.zeros_like(asked)
    # How many periods of each customer are over: cell k counts who has k behind them.
    over = np.clip(ended - first + 1, 0, width)
    for k in range(width):
        has = used & (over > k)
        asked[:, k] = np.bincount(group[has], minlength=rows)
    span = width + 1
    seen = _distinct(
        days.visitor * span + np.minimum(_since(days.visitor, days.day, first, length), width)
    )
    who, k = seen // span, seen % span
    inside = used[who] & (k < over[who])
    np.add.at(came, (group[who[inside]], k[inside]), 1)
    k = np.clip(_since(days.payer, days.paid_day, first, length), 0, width)
    inside = used[days.payer] & (k < over[days.payer])
    who, k, minor = days.payer[inside], k[inside], days.paid_minor[inside]
    # Spent in period k counts in every later one that is over for this customer.
    np.add.at(value, (group[who], k), minor)
    np.cumsum(value, axis=1, out=value)
    ends = np.zeros((rows, width + 1), dtype=np.int64)
    np.add.at(ends, (group[who], over[who]), minor)
    value -= np.cumsum(ends, axis=1)[:, :width]
    return Triangle(
        names=tuple(names),
        sizes=tuple(np.bincount(group[used], minlength=rows).tolist()),
        asked=_rows(asked),
        came=_rows(came),
        value_minor=_rows(value),
    )


def _distinct(values: Ints) -> Ints:
    """Each value once, in order. Sorting a million is faster than numpy's hashing of them."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _since(who: Ints, day: Ints, first: Ints, length: int) -> Ints:
    return _periods(day, length) - first[who]


def _periods(day: Ints, length: int) -> Ints:
    """Months since 1970, or quarters."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // length


def _start(period: int, length: int) -> date:
    year, month = divmod(period * length, 12)
    return date(1970 + year, month + 1, 1)


def _rows(cells: Ints) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in cells.tolist())
