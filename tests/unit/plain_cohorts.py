"""Cohorts as they are defined, a customer at a time: what those on columns are held against."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.analytics.cohort_columns import Period

_MONTHS: Mapping[Period, int] = {"month": 1, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Customers by the period of their first visit.

    Attributes:
        cohorts: the first day of each period in which somebody came for the first time.
        sizes: how many did.
        customers: [i][k] how many of cohort i had a visit k periods later; None where that period
            is not over.
    """

    cohorts: tuple[date, ...]
    sizes: tuple[int, ...]
    customers: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class GroupRetention:
    """Customers of one trait of their first visit.

    Attributes:
        group: the dish, table, campaign.
        size: customers.
        asked: [k] how many of them have their k-th month behind them.
        came: [k] how many of these had a visit in it.
    """

    group: Hashable
    size: int
    asked: tuple[int, ...]
    came: tuple[int, ...]


def table(
    visits: Iterable[tuple[Hashable, date]], until: date, *, period: Period = "month"
) -> Cohorts:
    """Count the cohorts of a restaurant.

    Args:
        visits: customer and business day, in any order; more than one a day count once. A merged
            customer's visits all carry the one who stays, so the earliest first visit counts.
        until: the last day the data cover, included; later visits are left out.
        period: what a cohort and a column are.
    """
    length = _MONTHS[period]
    seen = _periods_of(visits, until, length)
    last = _index(until, length)
    ended = _ended(until, length)
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for periods in seen.values():
        first = min(periods)
        for one in periods:
            counts[first][one - first] += 1
    starts = sorted(counts)
    width = last - starts[0] + 1 if starts else 0
    return Cohorts(
        cohorts=tuple(_start(one, length) for one in starts),
        sizes=tuple(counts[one][0] for one in starts),
        customers=tuple(
            tuple(counts[one][k] if one + k <= ended else None for k in range(width))
            for one in starts
        ),
    )


def by_group(
    visits: Iterable[tuple[Hashable, date]], until: date, *, groups: Mapping[Hashable, Hashable]
) -> tuple[GroupRetention, ...]:
    """Retention by a trait of the first visit: dish, table, area, campaign, value.

    Months are each customer's own, from that of the first visit, so that customers who came first
    in different months can be in one group.

    Args:
        visits: customer and business day.
        until: the last day the data cover, included.
        groups: the trait of each customer; who has none is left out.

    Returns:
        The largest group first.
    """
    ended = _ended(until, 1)
    members: dict[Hashable, list[set[int]]] = defaultdict(list)
    for customer, months in _periods_of(visits, until, 1).items():
        if customer in groups:
            members[groups[customer]].append(months)
    rows: list[GroupRetention] = []
    for group, histories in members.items():
        width = max(0, ended - min(min(months) for months in histories) + 1)
        rows.append(_group(group, histories, ended=ended, width=width))
    return tuple(sorted(rows, key=lambda row: (-row.size, str(row.group))))


def _group(
    group: Hashable, histories: Sequence[set[int]], *, ended: int, width: int
) -> GroupRetention:
    asked, came = [0] * width, [0] * width
    for months in histories:
        first = min(months)
        for k in range(ended - first + 1):
            asked[k] += 1
            came[k] += first + k in months
    return GroupRetention(group, len(histories), tuple(asked), tuple(came))


def _periods_of(
    visits: Iterable[tuple[Hashable, date]], until: date, length: int
) -> dict[Hashable, set[int]]:
    seen: dict[Hashable, set[int]] = defaultdict(set)
    for customer, day in visits:
        if day <= until:
            seen[customer].add(_index(day, length))
    return seen


def _index(day: date, length: int) -> int:
    return (day.year * 12 + day.month - 1) // length


def _start(index: int, length: int) -> date:
    year, month = divmod(index * length, 12)
    return date(year, month + 1, 1)


def _ended(until: date, length: int) -> int:
    """The last period that is over at the end of a day."""
    # Nobody counts beyond the calendar's last day.
    following = _index(until + timedelta(days=1), length) if until < date.max else 10**9
    return following - 1
