"""What follows from a guest's numbers; no session, clock or I/O. docs/algorithms/insights.md."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.totals.rules import DAYS_FOR_A_RHYTHM, LOST_AFTER_DAYS

# A guest is late after twice their own rhythm, as the badge says.
LATE_AFTER_GAPS = 2
ORDERS_FOR_A_TASTE = 3
VISITS_FOR_A_HABIT = 3
HABIT_RATIO = 0.6
TASTE_RATIO = 0.5
# As the profile has them: a fifth over the last ten orders, from five on.
TREND_RATIO = 0.2
ORDERS_FOR_A_TREND = 5
CARTS_FOR_A_VERDICT = 3
LOOKS_FOR_A_WISH = 3
PARTY_OF_MANY = 4


class InsightKind(StrEnum):
    """What an insight says."""

    LOST = "lost"
    LATE = "late"
    SECOND_VISIT = "second_visit"
    RHYTHM = "rhythm"
    SPEND_FALLING = "spend_falling"
    SPEND_RISING = "spend_rising"
    LEAVES_CARTS = "leaves_carts"
    LOOKED_NOT_ORDERED = "looked_not_ordered"
    FAVOURITE = "favourite"
    PLACE = "place"
    TIME = "time"
    PARTY = "party"


# What needs a hand comes first; a habit is worth knowing, not worth an alarm.
_WEIGHTS = {kind: weight for weight, kind in enumerate(reversed(InsightKind))}


class Missing(StrEnum):
    """What cannot be told yet."""

    RHYTHM = "rhythm"
    TREND = "trend"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing and how often: a dish in orders, a table in visits."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class GuestNumbers:
    """What insights are made from. `when_counts` are visits by weekday and part of the day."""

    total_visits: int
    visit_days: int
    first_day: date | None
    last_day: date | None
    today: date
    mean_gap_days: float | None
    completed_orders: int
    spend_trend_ratio: float | None
    favourite: Counted | None
    looked_at: Counted | None
    table: Counted | None
    when_counts: tuple[tuple[int, ...], ...]
    party_median: float | None
    carts: int
    carts_abandoned: int
    has_forecast: bool


@dataclass(frozen=True, slots=True)
class Insight:
    """One insight with the numbers its sentences are filled with."""

    kind: InsightKind
    facts: dict[str, int | str] = field(default_factory=dict[str, int | str])

    @property
    def weight(self) -> int:
        """How soon somebody should read it; the highest comes first."""
        return _WEIGHTS[self.kind]


def insights(numbers: GuestNumbers) -> tuple[Insight, ...]:
    """Everything that can be said, what needs a hand first."""
    found = [
        *_coming(numbers),
        *_spending(numbers),
        *_menu(numbers),
        *_habits(numbers),
    ]
    return tuple(sorted(found, key=lambda one: -one.weight))


def missing(numbers: GuestNumbers) -> tuple[tuple[Missing, int], ...]:
    """What cannot be told yet, with how many days or orders it still needs; 0: another reason."""
    gaps: list[tuple[Missing, int]] = []
    if numbers.mean_gap_days is None:
        gaps.append((Missing.RHYTHM, max(1, DAYS_FOR_A_RHYTHM - numbers.visit_days)))
    if numbers.completed_orders < ORDERS_FOR_A_TREND:
        gaps.append((Missing.TREND, ORDERS_FOR_A_TREND - numbers.completed_orders))
    if not numbers.has_forecast:
        gaps.append((Missing.EXPECTED, 0))
    return tuple(gaps)


def _coming(n: GuestNumbers) -> Iterator[Insight]:
    if n.last_day is None:
        return
    away = max(0, (n.today - n.last_day).days)
    if away >= LOST_AFTER_DAYS:
        yield Insight(InsightKind.LOST, {"away": away, "days": n.visit_days})
    elif n.mean_gap_days is not None:
        gap = max(1, round(n.mean_gap_days))
        facts: dict[str, int | str] = {"gap": gap, "away": away, "days": n.visit_days}
        is_late = away > LATE_AFTER_GAPS * n.mean_gap_days
        yield Insight(InsightKind.LATE if is_late else InsightKind.RHYTHM, facts)
    elif n.visit_days == DAYS_FOR_A_RHYTHM - 1:
        yield Insight(InsightKind.SECOND_VISIT, {"away": away})


def _spending(n: GuestNumbers) -> Iterator[Insight]:
    ratio = n.spend_trend_ratio
    if ratio is None or abs(ratio) < TREND_RATIO:
        return
    facts: dict[str, int | str] = {"percent": round(abs(ratio) * 100), "orders": n.completed_orders}
    yield Insight(InsightKind.SPEND_RISING if ratio > 0 else InsightKind.SPEND_FALLING, facts)


def _menu(n: GuestNumbers) -> Iterator[Insight]:
    if n.carts >= CARTS_FOR_A_VERDICT and 2 * n.carts_abandoned >= n.carts:
        yield Insight(InsightKind.LEAVES_CARTS, {"left": n.carts_abandoned, "carts": n.carts})
    if n.looked_at is not None and n.looked_at.count >= LOOKS_FOR_A_WISH:
        yield Insight(
            InsightKind.LOOKED_NOT_ORDERED,
            {"dish": n.looked_at.name, "looks": n.looked_at.count},
        )
    if (
        n.favourite is not None
        and n.completed_orders >= ORDERS_FOR_A_TASTE
        and n.favourite.count >= TASTE_RATIO * n.completed_orders
    ):
        yield Insight(
            InsightKind.FAVOURITE,
            {"dish": n.favourite.name, "count": n.favourite.count, "orders": n.completed_orders},
        )


def _habits(n: GuestNumbers) -> Iterator[Insight]:
    if n.total_visits < VISITS_FOR_A_HABIT:
        return
    if n.table is not None and n.table.count >= HABIT_RATIO * n.total_visits:
        yield Insight(
            InsightKind.PLACE,
            {"table": n.table.name, "count": n.table.count, "visits": n.total_visits},
        )
    cells = [
        (count, -weekday, -part)
        for weekday, day in enumerate(n.when_counts)
        for part, count in enumerate(day)
    ]
    count, weekday, part = max(cells, default=(0, 0, 0))
    if count and count >= HABIT_RATIO * n.total_visits:
        yield Insight(
            InsightKind.TIME,
            {"weekday": -weekday, "part": -part, "count": count, "visits": n.total_visits},
        )
    if n.party_median is not None and n.party_median >= PARTY_OF_MANY:
        yield Insight(
            InsightKind.PARTY, {"people": round(n.party_median), "visits": n.total_visits}
        )
