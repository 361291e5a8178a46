"""What is worth knowing of last night's numbers; no session, clock or I/O.

Each rule names its data, how sure it is and what acting on it is worth beside others.
→ docs/algorithms/insights.md, "Insights of the night"
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import fmean, stdev
from typing import Any
from uuid import UUID

from services.analytics.menu import DishClass
from services.analytics.room_advice import MIX_DIFFERENCE, RoomAdvice

# Below this nothing is said.
SURE_ENOUGH = 0.7
Z_80 = 1.2815515655446004
# A day beside the mean day to come, a month beside the one before.
BUSY, QUIET = 1.25, 0.7
SHIFT = 0.1
SHIFT_DAYS = 28
STRONG_LIFT = 1.5
LEAST_CHANCE = 0.6
TREND_RATIO = 0.2
MOST_WEIGHT_OF_SIZE = 9.0


class Subject(StrEnum):
    """What an insight is about."""

    GUEST = "guest"
    DISH = "dish"
    TABLE = "table"
    TIME = "time"


class NightKind(StrEnum):
    """What an insight of the night says."""

    GUEST_SLIPPING = "guest_slipping"
    DEMAND_SHIFT = "demand_shift"
    DAY_BUSY = "day_busy"
    AREA_FULL = "area_full"
    GUEST_FALLING = "guest_falling"
    DAY_QUIET = "day_quiet"
    DISH_PRICE = "dish_price"
    DISH_PAIR = "dish_pair"
    GUEST_EXPECTED = "guest_expected"
    TABLE_MIX = "table_mix"
    GUEST_RISING = "guest_rising"
    DISH_PUZZLE = "dish_puzzle"
    TABLES_UNDERUSED = "tables_underused"
    DISH_DOG = "dish_dog"
    COST_MISSING = "cost_missing"


# The first needs a hand soonest; how much is at stake decides among those of one kind.
_BASE = {kind: 10.0 * place for place, kind in enumerate(reversed(NightKind))}
# At most so many new ones of a kind in seven days: more is a list, and lists have their pages.
MOST_A_WEEK: Mapping[NightKind, int] = {
    NightKind.GUEST_SLIPPING: 8,
    NightKind.GUEST_FALLING: 4,
    NightKind.GUEST_EXPECTED: 4,
    NightKind.GUEST_RISING: 3,
    NightKind.DISH_PRICE: 3,
    NightKind.DISH_PAIR: 3,
    NightKind.DISH_PUZZLE: 2,
    NightKind.DISH_DOG: 2,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One insight before it is written.

    Attributes:
        kind: what it says.
        subject: what it is about.
        key: of what: the same is not said again within 30 days.
        data: the numbers behind it, which its sentences are filled with.
        confidence: 0 to 1.
        size: 0 to 1, how much is at stake among those of its kind.
        customer_id: of a guest.
    """

    kind: NightKind
    subject: Subject
    key: str
    data: Mapping[str, Any]
    confidence: float
    size: float = 0.0
    customer_id: UUID | None = None

    @property
    def weight(self) -> float:
        """The highest comes first."""
        return _BASE[self.kind] + MOST_WEIGHT_OF_SIZE * min(max(self.size, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """What the night knows of one guest whose expected value is high."""

    customer_id: UUID
    visit_days: int
    last_day: date
    value_minor: int
    within_7: float
    within_30: float
    is_at_risk: bool
    orders: int
    spend_trend_ratio: float | None


@dataclass(frozen=True, slots=True)
class NightFacts:
    """Everything rules look at; what is missing says nothing."""

    today: date
    guests: Sequence[GuestFacts] = ()
    menu: Sequence[Mapping[str, Any]] = ()
    rules: Sequence[Mapping[str, Any]] = ()
    demand: Sequence[Mapping[str, Any]] = ()
    daily_orders: Sequence[float | None] = ()
    room: RoomAdvice | None = None


def insights(facts: NightFacts) -> list[Found]:
    """Everything that can be said surely enough, the weightiest first; once a guest."""
    found = [
        *_guests(facts),
        *_dishes(facts),
        *_pairs(facts),
        *_days(facts),
        *_shift(facts),
        *_room(facts),
    ]
    found.sort(key=lambda one: (-one.weight, one.key))
    seen: set[UUID] = set()
    kept: list[Found] = []
    for one in found:
        if one.confidence < SURE_ENOUGH and one.kind is not NightKind.GUEST_EXPECTED:
            continue
        if one.customer_id is not None:
            if one.customer_id in seen:
                continue
            seen.add(one.customer_id)
        kept.append(one)
    return kept


def _guests(facts: NightFacts) -> Iterator[Found]:
    most = max((one.value_minor for one in facts.guests), default=0) or 1
    for one in facts.guests:
        away = (facts.today - one.last_day).days
        data = {"visit_days": one.visit_days, "away": away, "value_minor": one.value_minor}
        size = one.value_minor / most
        ratio = one.spend_trend_ratio or 0.0
        # A slope over few orders is a few bills.
        sure = one.orders / (one.orders + 2.0)
        if one.is_at_risk and one.visit_days >= 3:
            yield _guest(
                NightKind.GUEST_SLIPPING, one, data | {"percent": round(100 * one.within_30)},
                confidence=1 - one.within_30, size=size,
            )  # fmt: skip
        elif ratio <= -TREND_RATIO:
            change = {"percent": round(-100 * ratio), "orders": one.orders}
            yield _guest(NightKind.GUEST_FALLING, one, data | change, confidence=sure, size=size)
        elif ratio >= TREND_RATIO:
            change = {"percent": round(100 * ratio), "orders": one.orders}
            yield _guest(NightKind.GUEST_RISING, one, data | change, confidence=sure, size=size)
        elif one.within_7 >= LEAST_CHANCE and one.visit_days >= 3:
            yield _guest(
                NightKind.GUEST_EXPECTED, one, data | {"percent": round(100 * one.within_7)},
                confidence=one.within_7, size=size,
            )  # fmt: skip


def _guest(
    kind: NightKind, one: GuestFacts, data: Mapping[str, Any], *, confidence: float, size: float
) -> Found:
    return Found(
        kind=kind,
        subject=Subject.GUEST,
        key=str(one.customer_id),
        data=data,
        confidence=confidence,
        size=size,
        customer_id=one.customer_id,
    )


def _dishes(facts: NightFacts) -> Iterator[Found]:
    missing = [one for one in facts.menu if one["kind"] == DishClass.COST_MISSING and one["sold"]]
    if missing:
        data = {"count": len(missing), "dish": missing[0]["name"]}
        yield Found(NightKind.COST_MISSING, Subject.DISH, "cost", data, 1.0)
    most = max((one["sold"] for one in facts.menu), default=0) or 1
    for one in facts.menu:
        thought = one["idea"]
        data = {"dish": one["name"], "sold": one["sold"], "category": one["category"]}
        if thought is not None:
            known = one["elasticity"]
            yield Found(
                kind=NightKind.DISH_PRICE,
                subject=Subject.DISH,
                key=one["id"],
                data=data | dict(thought),
                # Tried prices say more than a class does.
                confidence=0.9 if known else 0.7,
                size=one["sold"]
                * (thought["suggested_minor"] - thought["price_minor"])
                / most
                / 100,
            )
        elif one["kind"] in {DishClass.PUZZLE, DishClass.DOG} and one["share"]:
            is_puzzle = one["kind"] == DishClass.PUZZLE
            share = {"share": one["share"], "popular_from": one["popular_from"]}
            earned = {"contribution_minor": one["contribution_minor"]}
            yield Found(
                kind=NightKind.DISH_PUZZLE if is_puzzle else NightKind.DISH_DOG,
                subject=Subject.DISH,
                key=one["id"],
                data=data | share | earned,
                confidence=_below(one["share"], one["popular_from"], one["sold"] / one["share"]),
                size=1 - one["share"] / one["popular_from"],
            )


def _pairs(facts: NightFacts) -> Iterator[Found]:
    for one in facts.rules:
        if len(one["antecedent"]) != 1 or one["lift"] < STRONG_LIFT:
            continue
        base = one["confidence"] / one["lift"]
        tried = one["count"] / one["confidence"]
        # Two dishes once, whichever of them leads to the other.
        key = "+".join(sorted((one["antecedent"][0][:36], one["consequent"][:36])))
        yield Found(
            kind=NightKind.DISH_PAIR,
            subject=Subject.DISH,
            key=key,
            data={
                "dish": one["antecedent_names"][0],
                "other": one["consequent_name"],
                "count": one["count"],
                "percent": round(100 * one["confidence"]),
                "usual": round(100 * base),
            },
            confidence=_below(base, one["confidence"], tried),
            size=one["confidence_low"],
        )


def _days(facts: NightFacts) -> Iterator[Found]:
    """The day of the next week that lies furthest from the mean day of the next four."""
    open_days = [one for one in facts.demand if not one["is_closed"]]
    mean = fmean(one["expected"] for one in open_days) if open_days else 0.0
    coming = [one for one in open_days if 0 <= (_day(one) - facts.today).days <= 7]
    if not coming or mean <= 0:
        return
    for kind, one in (
        (NightKind.DAY_BUSY, max(coming, key=lambda day: day["expected"])),
        (NightKind.DAY_QUIET, min(coming, key=lambda day: day["expected"])),
    ):
        ratio = one["expected"] / mean
        is_busy = kind is NightKind.DAY_BUSY
        if ratio < BUSY if is_busy else ratio > QUIET:
            continue
        half = one["expected"] - one["low"] if is_busy else one["high"] - one["expected"]
        away = abs(one["expected"] - mean) / max(half / Z_80, 1e-9)
        yield Found(
            kind=kind,
            subject=Subject.TIME,
            # By weekday: every Saturday is busy, and saying it once a month is enough.
            key=f"{kind}-{_day(one).weekday()}",
            data={
                "day": one["day"],
                "percent": round(100 * abs(ratio - 1)),
                "expected": round(one["expected"]),
                "low": round(one["low"]),
                "high": round(one["high"]),
            },
            confidence=_normal(away),
            size=abs(ratio - 1),
        )


def _shift(facts: NightFacts) -> Iterator[Found]:
    """The last four weeks beside the four before, by open days."""
    series = list(facts.daily_orders)
    now = [value for value in series[-SHIFT_DAYS:] if value is not None]
    before = [value for value in series[-2 * SHIFT_DAYS : -SHIFT_DAYS] if value is not None]
    if len(series) < 2 * SHIFT_DAYS or min(len(now), len(before)) < 14 or not sum(before):
        return
    ratio = fmean(now) / fmean(before)
    if abs(ratio - 1) < SHIFT:
        return
    error = math.hypot(stdev(now) / math.sqrt(len(now)), stdev(before) / math.sqrt(len(before)))
    yield Found(
        kind=NightKind.DEMAND_SHIFT,
        subject=Subject.TIME,
        key="up" if ratio > 1 else "down",
        data={
            "percent": round(100 * abs(ratio - 1)),
            "is_up": ratio > 1,
            "now": round(fmean(now), 1),
            "before": round(fmean(before), 1),
        },
        confidence=_normal(abs(fmean(now) - fmean(before)) / max(error, 1e-9)),
        size=abs(ratio - 1),
    )


def _room(facts: NightFacts) -> Iterator[Found]:
    room = facts.room
    if room is None:
        return
    for full in room.overbooked or ():
        yield Found(
            kind=NightKind.AREA_FULL,
            subject=Subject.TABLE,
            key=f"{full.area}-{full.slot.weekday}-{full.slot.hour}"[:80],
            data={
                "area": full.area,
                "weekday": full.slot.weekday,
                "hour": full.slot.hour,
                "percent": round(100 * full.slot.utilisation),
                "tables": full.table_count,
                "turn": round(full.turn_minutes),
                "wait_percent": None if full.wait_share is None else round(100 * full.wait_share),
            },
            confidence=full.slot.open_days / (full.slot.open_days + 1.0),
            size=full.slot.utilisation,
        )
    if room.underused is not None and room.underused.count:
        tables = room.underused.tables
        yield Found(
            kind=NightKind.TABLES_UNDERUSED,
            subject=Subject.TABLE,
            key=",".join(number for number, _ in tables)[:80],
            data={
                "tables": [number for number, _ in tables],
                "percent": round(100 * tables[0][1]),
                "usual": round(100 * room.underused.middle),
            },
            confidence=0.8,
        )
    if room.mix and any(one.party_count for one in room.mix):
        short = max(room.mix, key=lambda one: one.demand - one.supply)
        if short.demand - short.supply >= MIX_DIFFERENCE:
            yield Found(
                kind=NightKind.TABLE_MIX,
                subject=Subject.TABLE,
                key=f"{short.low}-{short.high}",
                data={
                    "low": short.low,
                    "high": short.high,
                    "demand": round(100 * short.demand),
                    "supply": round(100 * short.supply),
                    "parties": short.party_count,
                },
                confidence=short.party_count / (short.party_count + 10.0),
                size=short.demand - short.supply,
            )


def _day(one: Mapping[str, Any]) -> date:
    return date.fromisoformat(one["day"])


def _below(share: float, bound: float, tried: float) -> float:
    """How sure it is that a share lies below another, from so many tries."""
    error = math.sqrt(max(bound * (1 - bound), 1e-9) / max(tried, 1.0))
    return _normal((bound - share) / error)


def _normal(z: float) -> float:
    """Normal distribution, from below."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))
