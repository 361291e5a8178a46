"""Formulas about tables: what a seat earns, how long a party waits. No session, clock or I/O.

Definitions and their sources: docs/algorithms/tables.md.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Wait:
    """What a party that comes without a booking may expect.

    Attributes:
        probability: that all tables are taken when it comes, 0 to 1.
        mean_minutes: of all parties, those that wait not at all included.
    """

    probability: float
    mean_minutes: float


def revpash(revenue_minor: int, seats: int, hours: float) -> float | None:
    """Revenue per available seat hour (Kimes 1998), in minor units.

    None where there was no seat or no open hour: nothing was on offer.
    """
    offered = seats * hours
    return revenue_minor / offered if offered > 0 else None


def erlang_wait(tables: int, minutes: float, parties_per_hour: float) -> Wait | None:
    """How long a party waits when they come at random (M/M/c, Erlang C; Cooper 1981, ch. 3).

    Args:
        tables: that suit the party.
        minutes: mean length of a sitting.
        parties_per_hour: that come for such a table.

    Returns:
        None when more come than the tables can take: the queue only grows, no estimate.
    """
    if parties_per_hour <= 0 or minutes <= 0:
        return Wait(0.0, 0.0) if tables > 0 else None
    load = parties_per_hour * minutes / 60
    if tables <= 0 or load >= tables:
        return None
    # Erlang B by its recursion, which stays finite where factorials do not; then C from B.
    blocked = 1.0
    for count in range(1, tables + 1):
        blocked = load * blocked / (count + load * blocked)
    probability = blocked / (1 - load / tables * (1 - blocked))
    return Wait(probability, probability * minutes / (tables - load))


def middle_of(counts: Mapping[int, int]) -> float | None:
    """The median of values that came so often each; None of nothing.

    A year has hundreds of thousands of sittings and a few hundred lengths: nothing is sorted but
    those.
    """
    total = sum(counts.values())
    if not total:
        return None
    low, high = (total - 1) // 2, total // 2
    passed, first = 0, None
    for value in sorted(counts):
        passed += counts[value]
        if first is None and passed > low:
            first = value
        if first is not None and passed > high:
            return (first + value) / 2
    raise AssertionError


def mean_of(counts: Mapping[int, int]) -> float | None:
    """The mean of values that came so often each; None of nothing."""
    total = sum(counts.values())
    return sum(value * count for value, count in counts.items()) / total if total else None


def by_hour(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, float]]:
    """Cut a span of time at the full hours of a clock.

    On the day clocks go back one hour comes twice, on the day they go forward one is missing:
    seconds are those that really passed.

    Returns:
        The local moment each part begins at, and its seconds.
    """
    now, end = start.astimezone(UTC), end.astimezone(UTC)
    while now < end:
        local = now.astimezone(zone)
        gone = local.minute * 60 + local.second + local.microsecond / 1e6
        then = min(end, now + timedelta(seconds=HOUR_SECONDS - gone))
        yield local, (then - now).total_seconds()
        now = then


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Cut a whole number into parts by weight so that the parts add up to it (largest remainder).

    Without any weight everything goes to the first part.
    """
    whole = math.fsum(weights)
    if whole <= 0:
        return [total, *(0 for _ in weights[1:])] if weights else []
    exact = [total * weight / whole for weight in weights]
    parts = [math.floor(value) for value in exact]
    left = total - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[:left]:
        parts[index] += 1
    return parts


def union(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same time without overlaps, in order; empty spans fall out."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlap(
    span: tuple[datetime, datetime], others: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """The parts of a span that lie in any of the others, which do not overlap each other."""
    start, end = span
    return [(max(start, a), min(end, b)) for a, b in others if a < end and b > start]
