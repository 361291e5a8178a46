"""Recency, frequency, money: a score of 1 to 5 each, by thresholds (Hughes 1994).

→ docs/algorithms/rfm.md
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.analytics.errors import FutureVisitError, NegativeError, UnequalLengthsError

SCORES = 5


class RfmGroup(StrEnum):
    """What the scores of recency and frequency together say."""

    BEST = "best"
    LOYAL = "loyal"
    PROMISING = "promising"
    NEWCOMER = "newcomer"
    SLIPPING = "slipping"
    SLEEPING = "sleeping"


@dataclass(frozen=True, slots=True)
class Rfm:
    """One customer's scores, 5 is best.

    Attributes:
        recency: how lately they came.
        frequency: on how many days.
        money: net spend.
        group: of recency and frequency.
    """

    recency: int
    frequency: int
    money: int
    group: RfmGroup


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Four values each that divide a restaurant's customers; equal customers score equally.

    Attributes:
        recency_days: who came at most this many days ago scores 5, 4, 3, 2.
        frequency: who has at least this many visit days scores 2, 3, 4, 5.
        money_minor: who has spent at least this much scores 2, 3, 4, 5.
    """

    recency_days: tuple[int, ...]
    frequency: tuple[int, ...]
    money_minor: tuple[int, ...]


def thresholds(
    last_days: Sequence[date], frequency: Sequence[int], money_minor: Sequence[int], *, today: date
) -> Thresholds:
    """Thresholds at the fifths of a restaurant's own customers.

    A threshold is the value of a customer, so whoever has the same value is on the same side; with
    few different values some scores are given to nobody. Ranks (0-20 %, ...) would tear customers
    with one visit each apart into five scores.

    Raises:
        InvalidInputError: columns differ in length, or something lies in the future or below zero.
    """
    if not len(last_days) == len(frequency) == len(money_minor):
        raise UnequalLengthsError("frequency")
    days = sorted((today - day).days for day in last_days)
    if days and days[0] < 0:
        raise FutureVisitError("last_days")
    if any(count < 0 for count in frequency):
        raise NegativeError("frequency")
    return Thresholds(
        recency_days=tuple(_at(days, fifth) for fifth in range(1, SCORES)),
        frequency=tuple(_at(sorted(frequency), fifth) for fifth in range(1, SCORES)),
        money_minor=tuple(_at(sorted(money_minor), fifth) for fifth in range(1, SCORES)),
    )


def score(*, last_day: date, frequency: int, money_minor: int, today: date, by: Thresholds) -> Rfm:
    """Score one customer. Refunds beyond what was spent score 1 for money.

    Raises:
        FutureVisitError: the last visit is after today.
    """
    ago = (today - last_day).days
    if ago < 0:
        raise FutureVisitError("last_day")
    recency = SCORES - bisect_left(by.recency_days, ago)
    often = 1 + bisect_right(by.frequency, frequency)
    money = 1 + bisect_right(by.money_minor, money_minor) if money_minor > 0 else 1
    return Rfm(recency, often, money, _group(recency, often))


def _at(ordered: Sequence[int], fifth: int) -> int:
    """The value at so many fifths of the customers; 0 without customers."""
    if not ordered:
        return 0
    return ordered[min(len(ordered) - 1, fifth * len(ordered) // SCORES)]


def _group(recency: int, often: int) -> RfmGroup:
    if recency >= 4:
        if often >= 4:
            return RfmGroup.BEST
        return RfmGroup.PROMISING if often >= 2 else RfmGroup.NEWCOMER
    if recency == 3:
        return RfmGroup.LOYAL if often >= 3 else RfmGroup.PROMISING
    return RfmGroup.SLIPPING if often >= 3 else RfmGroup.SLEEPING
