"""What the numbers of the room suggest, each with the numbers behind it; no session, clock or I/O.

Rules and their limits: docs/algorithms/tables.md, "Suggestions". Nothing is said of what was
measured too little.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from services.analytics.room import erlang_wait
from services.analytics.room_types import AreaFigures, RoomReport, Slot, TableFigures

# Days on which the house was open in an hour before that hour says something.
ENOUGH_DAYS = 4
# A table used less than half as much as the middle one.
UNDERUSED = 0.5
FULL = 0.85
# A size of table is missing or left over from this difference on, in shares of table time.
MIX_DIFFERENCE = 0.10
SHOWN_TABLES = 5
CLASSES = ((1, 2), (3, 4), (5, 6), (7, 99))


class AdviceKind(StrEnum):
    """What a suggestion is about."""

    UNDERUSED = "underused"
    OVERBOOKED = "overbooked"
    MIX = "mix"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class ClassShare:
    """Tables for a size of party, beside the table time parties of that size take.

    `supply` and `demand` are shares of all tables and of all table time, 0 to 1.
    """

    low: int
    high: int
    table_count: int
    party_count: int
    supply: float
    demand: float


@dataclass(frozen=True, slots=True)
class Underused:
    """Tables used less than half as much as the middle one; shares 0 to 1."""

    tables: tuple[tuple[str, float], ...]
    middle: float
    count: int


@dataclass(frozen=True, slots=True)
class Overbooked:
    """The fullest hour of an area, with the wait a party then meets (None: it only grows)."""

    area: str
    slot: Slot
    table_count: int
    turn_minutes: float
    wait_share: float | None
    wait_minutes: float | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """The fullest and the emptiest hour of the whole room."""

    fullest: Slot
    emptiest: Slot


@dataclass(frozen=True, slots=True)
class RoomAdvice:
    """All suggestions; None is "not enough data", an empty tuple "nothing to say"."""

    underused: Underused | None
    overbooked: tuple[Overbooked, ...] | None
    mix: tuple[ClassShare, ...] | None
    capacity: Capacity | None


def advise(report: RoomReport) -> RoomAdvice:
    """Everything that the period suggests."""
    steady = [slot for slot in report.slots if slot.open_days >= ENOUGH_DAYS]
    is_enough = report.whole.is_enough
    return RoomAdvice(
        underused=_underused(report.tables) if is_enough else None,
        overbooked=_overbooked(report.areas) if is_enough and steady else None,
        mix=class_shares(report.tables) if is_enough else None,
        capacity=Capacity(
            max(steady, key=lambda slot: slot.utilisation),
            min(steady, key=lambda slot: slot.utilisation),
        )
        if steady and is_enough
        else None,
    )


def _underused(tables: Sequence[TableFigures]) -> Underused | None:
    used = [
        (table, table.now.utilisation)
        for table in tables
        if table.is_active and table.now.utilisation is not None
    ]
    # A table or two have no middle; a room with fewer than ten sittings a table no verdict.
    sittings = sum(table.now.sitting_count for table, _ in used)
    if len(used) < 3 or sittings < 10 * len(used):
        return None
    middle = median(share for _, share in used)
    if not middle:
        return None
    low = [(table.number, share) for table, share in used if share < UNDERUSED * middle]
    low.sort(key=lambda one: one[1])
    return Underused(tuple(low[:SHOWN_TABLES]), middle, len(low))


def _overbooked(areas: Sequence[AreaFigures]) -> tuple[Overbooked, ...]:
    found: list[Overbooked] = []
    for area in areas:
        full = [
            slot
            for slot in area.slots
            if slot.open_days >= ENOUGH_DAYS and slot.utilisation >= FULL
        ]
        turn = area.now.mean_turn_minutes
        if not full or turn is None or not area.now.is_enough:
            continue
        worst = max(full, key=lambda slot: (slot.utilisation, slot.parties))
        wait = erlang_wait(area.table_count, turn, worst.parties)
        found.append(
            Overbooked(
                area=area.name,
                slot=worst,
                table_count=area.table_count,
                turn_minutes=turn,
                wait_share=wait.probability if wait else None,
                wait_minutes=wait.mean_minutes if wait else None,
            )
        )
    return tuple(sorted(found, key=lambda one: -one.slot.utilisation))


def class_shares(tables: Sequence[TableFigures]) -> tuple[ClassShare, ...]:
    """Tables by size beside the parties they are for.

    A party is for the smallest class of tables that seats it. Demand is counted in parties, each
    as long as sittings at tables of its class last.
    """
    standing = [table for table in tables if table.is_active]
    parties: Counter[int] = Counter()
    for table in tables:
        for size, count in table.parties:
            parties[size] += count
    minutes = {
        limits: _turn([table for table in tables if limits[0] <= table.now.seats <= limits[1]])
        for limits in CLASSES
    }
    known = [one for one in minutes.values() if one is not None]
    usual = (median(known) if known else 0.0) or 1.0
    demand = {
        (low, high): sum(count for size, count in parties.items() if low <= size <= high)
        * (minutes[low, high] or usual)
        for low, high in CLASSES
    }
    whole = sum(demand.values())
    return tuple(
        ClassShare(
            low=low,
            high=high,
            table_count=(count := sum(low <= table.now.seats <= high for table in standing)),
            party_count=sum(n for size, n in parties.items() if low <= size <= high),
            supply=count / len(standing) if standing else 0.0,
            demand=demand[low, high] / whole if whole else 0.0,
        )
        for low, high in CLASSES
    )


def _turn(tables: Sequence[TableFigures]) -> float | None:
    timed = [
        (table.now.mean_turn_minutes, table.now.sitting_count)
        for table in tables
        if table.now.mean_turn_minutes is not None
    ]
    whole = sum(count for _, count in timed)
    return sum(minutes * count for minutes, count in timed) / whole if whole else None
