"""Rules of a programme to and from the JSON that is stored; every wrong value has its sentence."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, cast
from uuid import UUID

from models.enums import Role
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.loyalty.programme_rules import (
    LIMITS,
    MOST_POINTS,
    DishBonus,
    HappyHour,
    Milestone,
    Rules,
    Tier,
)

MOST_ROWS, MOST_TIERS, MOST_BENEFITS = 20, 8, 5
_KEY = re.compile(r"[a-z0-9_]{1,20}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DEFAULTS = Rules()
# Field, least, most.
_NUMBERS: tuple[tuple[str, int, int], ...] = (
    ("rate_percent", 0, 100_000),
    ("first_visit_points", 0, MOST_POINTS),
    ("birthday_points", 0, MOST_POINTS),
    ("birthday_days", 0, 30),
    ("inviter_points", 0, MOST_POINTS),
    ("friend_points", 0, MOST_POINTS),
    ("most_points_per_order", 1, MOST_POINTS),
    ("most_points_per_day", 1, MOST_POINTS),
    ("most_orders_per_day", 1, 100),
    ("warning_days", 1, 90),
    ("hundred_points_minor", 0, 10**9),
)
_DAYS: tuple[tuple[str, int, int], ...] = (("expiry_days", 30, 3650), ("tier_days", 30, 3650))


def rules_of(data: Mapping[str, Any]) -> Rules:
    """The rules that JSON holds; what it does not name is as in the plan.

    Raises:
        InvalidInputError: something cannot be; `field` names it ("tiers.1.threshold").
    """
    if unknown := set(data) - set(to_json(_DEFAULTS)):
        msg = N_("There is no such rule.")
        raise InvalidInputError(msg, field=min(unknown))
    numbers = {
        name: fields.whole_number(
            data.get(name, getattr(_DEFAULTS, name)), field=name, least=least, most=most
        )
        for name, least, most in _NUMBERS
    }
    days: dict[str, Any] = {
        name: None
        if (value := data.get(name, getattr(_DEFAULTS, name))) is None
        else fields.whole_number(value, field=name, least=least, most=most)
        for name, least, most in _DAYS
    }
    rules = Rules(
        **numbers,
        **days,
        milestones=_milestones(_rows(data, "milestones", MOST_ROWS)),
        happy_hours=_happy_hours(_rows(data, "happy_hours", MOST_ROWS)),
        dishes=_dishes(_rows(data, "dishes", MOST_ROWS)),
        tiers=_tiers(_rows(data, "tiers", MOST_TIERS)) if "tiers" in data else _DEFAULTS.tiers,
        adjustment_limits=_limits(data.get("adjustment_limits", LIMITS)),
    )
    if rules.most_points_per_day < rules.most_points_per_order:
        msg = N_("A day must allow at least as many points as one order.")
        raise InvalidInputError(msg, field="most_points_per_day")
    if rules.expiry_days is not None and rules.warning_days >= rules.expiry_days:
        msg = N_("Guests must be warned before their points expire.")
        raise InvalidInputError(msg, field="warning_days")
    return rules


def to_json(rules: Rules) -> dict[str, Any]:
    """The rules as JSON; `rules_of` makes the same of it."""
    numbers = {name: getattr(rules, name) for name, _, _ in (*_NUMBERS, *_DAYS)}
    return numbers | {
        "milestones": [{"visits": one.visits, "points": one.points} for one in rules.milestones],
        "happy_hours": [
            {
                "weekdays": list(one.weekdays),
                "starts": f"{one.starts:%H:%M}",
                "ends": f"{one.ends:%H:%M}",
                "percent": one.percent,
            }
            for one in rules.happy_hours
        ],
        "dishes": [{"dish_id": str(one.dish_id), "percent": one.percent} for one in rules.dishes],
        "tiers": [
            {
                "key": one.key,
                "name": one.name,
                "threshold": one.threshold,
                "percent": one.percent,
                "benefits": list(one.benefits),
                "has_priority": one.has_priority,
            }
            for one in rules.tiers
        ],
        "adjustment_limits": {str(role): most for role, most in rules.adjustment_limits.items()},
    }


def _rows(data: Mapping[str, Any], name: str, most: int) -> Sequence[Mapping[str, Any]]:
    value = data.get(name, ())
    if not isinstance(value, list | tuple):
        msg = N_("This must be a list.")
        raise InvalidInputError(msg, field=name)
    rows = cast("Sequence[Any]", value)
    if len(rows) > most:
        msg = N_("There can be at most {most} of these.")
        raise InvalidInputError(msg, field=name, most=most)
    if not all(isinstance(row, Mapping) for row in rows):
        msg = N_("This must be a list.")
        raise InvalidInputError(msg, field=name)
    return rows


def _number(row: Mapping[str, Any], place: str, name: str, least: int, most: int) -> int:
    return fields.whole_number(row.get(name), field=f"{place}.{name}", least=least, most=most)


def _milestones(rows: Sequence[Mapping[str, Any]]) -> tuple[Milestone, ...]:
    found = [
        Milestone(
            _number(row, f"milestones.{place}", "visits", 2, 10_000),
            _number(row, f"milestones.{place}", "points", 1, MOST_POINTS),
        )
        for place, row in enumerate(rows)
    ]
    if len({one.visits for one in found}) != len(found):
        msg = N_("Two milestones are at the same visit.")
        raise InvalidInputError(msg, field="milestones")
    return tuple(sorted(found, key=lambda one: one.visits))


def _happy_hours(rows: Sequence[Mapping[str, Any]]) -> tuple[HappyHour, ...]:
    found: list[HappyHour] = []
    for place, row in enumerate(rows):
        name = f"happy_hours.{place}"
        days = row.get("weekdays")
        if not isinstance(days, list | tuple) or not days:
            msg = N_("Choose at least one day.")
            raise InvalidInputError(msg, field=f"{name}.weekdays")
        weekdays = {
            fields.whole_number(day, field=f"{name}.weekdays", least=0, most=6)
            for day in cast("Sequence[Any]", days)
        }
        found.append(
            HappyHour(
                tuple(sorted(weekdays)),
                _clock(row, f"{name}.starts", "starts"),
                _clock(row, f"{name}.ends", "ends"),
                _number(row, name, "percent", 101, 1_000),
            )
        )
    return tuple(found)


def _clock(row: Mapping[str, Any], place: str, name: str) -> time:
    text = row.get(name)
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        msg = N_("Write times as hours and minutes, like 17:00.")
        raise InvalidInputError(msg, field=place)
    return time.fromisoformat(text)


def _dishes(rows: Sequence[Mapping[str, Any]]) -> tuple[DishBonus, ...]:
    found: dict[UUID, DishBonus] = {}
    for place, row in enumerate(rows):
        try:
            dish_id = UUID(str(row.get("dish_id")))
        except ValueError:
            msg = N_("Choose a dish.")
            raise InvalidInputError(msg, field=f"dishes.{place}.dish_id") from None
        if dish_id in found:
            msg = N_("A dish can stand here only once.")
            raise InvalidInputError(msg, field=f"dishes.{place}.dish_id")
        found[dish_id] = DishBonus(dish_id, _number(row, f"dishes.{place}", "percent", 101, 1_000))
    return tuple(found.values())


def _tiers(rows: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    tiers = [_tier(row, place) for place, row in enumerate(rows)]
    if not tiers or tiers[0].threshold != 0:
        msg = N_("The first tier begins at 0 points.")
        raise InvalidInputError(msg, field="tiers.0.threshold")
    keys: set[str] = set()
    for place, tier in enumerate(tiers):
        if place and tier.threshold <= tiers[place - 1].threshold:
            msg = N_("Each tier needs more points than the one before.")
            raise InvalidInputError(msg, field=f"tiers.{place}.threshold")
        if tier.key in keys:
            msg = N_("Two tiers have the same key.")
            raise InvalidInputError(msg, field=f"tiers.{place}.key")
        keys.add(tier.key)
    return tuple(tiers)


def _tier(row: Mapping[str, Any], place: int) -> Tier:
    name = f"tiers.{place}"
    key = row.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        msg = N_("A tier needs a key of small letters.")
        raise InvalidInputError(msg, field=f"{name}.key")
    benefits = row.get("benefits", ())
    if not isinstance(benefits, list | tuple) or len(cast("list[Any]", benefits)) > MOST_BENEFITS:
        msg = N_("There can be at most {most} of these.")
        raise InvalidInputError(msg, field=f"{name}.benefits", most=MOST_BENEFITS)
    lines = (
        fields.line(one, field=f"{name}.benefits", most=120)
        for one in cast("Sequence[Any]", benefits)
    )
    return Tier(
        key=key,
        name=fields.line(row.get("name"), field=f"{name}.name", most=30, required=True),
        threshold=_number(row, name, "threshold", 0, 10**8),
        percent=_number({"percent": 100} | dict(row), name, "percent", 100, 1_000),
        benefits=tuple(line for line in lines if line),
        has_priority=row.get("has_priority") is True,
    )


def _limits(value: object) -> dict[str, int]:
    known = {str(role) for role in Role}
    if not isinstance(value, Mapping) or not set(cast("Mapping[str, Any]", value)) <= known:
        msg = N_("There is no such role.")
        raise InvalidInputError(msg, field="adjustment_limits")
    given = cast("Mapping[str, Any]", value)
    return {
        role: fields.whole_number(
            given.get(role, LIMITS[Role(role)]),
            field=f"adjustment_limits.{role}",
            least=0,
            most=MOST_POINTS,
        )
        for role in sorted(known)
    }
