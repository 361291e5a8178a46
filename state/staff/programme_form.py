"""The rules of a programme as a form holds them, and back.

Rows keep their key while others come and go; rules name rows by their place. `Places` turns the
place of a refusal into the key of the field it is shown at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.enums import Role
from services.base.texts import N_, translate
from services.loyalty.programme_rules import Rules, Tier
from services.menu.amounts import amount_text
from services.menu.forms import parse_price
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.form_rows import Tick, new_key
from state.staff.forms import FormData, needed_number, number

NUMBERS = (
    *("rate_percent", "first_visit_points", "birthday_points", "birthday_days"),
    *("inviter_points", "friend_points"),
    *("most_points_per_order", "most_points_per_day", "most_orders_per_day", "warning_days"),
)
# Empty is never.
DAYS = ("expiry_days", "tier_days")
LIMITED_ROLES = (Role.OWNER, Role.MANAGER, Role.WAITER)
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
Places = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """Points for the nth visit."""

    key: str
    visits: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class HappyHourRow:
    """Hours of some weekdays."""

    key: str
    days: list[Tick]
    starts: str = ""
    ends: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class DishRow:
    """A dish that earns more."""

    key: str
    dish_id: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier; its key is the one that is stored."""

    key: str
    name: str = ""
    threshold: str = ""
    percent: str = "100"
    benefits: str = ""
    has_priority: bool = False


def numbers_of(rules: Rules, restaurant: RestaurantInfo) -> dict[str, str]:
    """The single fields, as texts by name."""
    found = {name: str(getattr(rules, name)) for name in NUMBERS}
    found |= {name: str(getattr(rules, name) or "") for name in DAYS}
    found["hundred_points_minor"] = amount_text(rules.hundred_points_minor, restaurant.currency)
    for role in LIMITED_ROLES:
        found[f"adjustment_limits.{role}"] = str(rules.adjustment_limit(role))
    return found


def milestone_rows(rules: Rules) -> list[MilestoneRow]:
    """The milestones."""
    return [
        MilestoneRow(str(place), str(one.visits), str(one.points))
        for place, one in enumerate(rules.milestones)
    ]


def happy_hour_rows(rules: Rules) -> list[HappyHourRow]:
    """The happy hours."""
    return [
        HappyHourRow(
            str(place),
            weekday_ticks(one.weekdays),
            f"{one.starts:%H:%M}",
            f"{one.ends:%H:%M}",
            str(one.percent),
        )
        for place, one in enumerate(rules.happy_hours)
    ]


def dish_rows(rules: Rules) -> list[DishRow]:
    """The dishes that earn more."""
    return [
        DishRow(str(place), str(one.dish_id), str(one.percent))
        for place, one in enumerate(rules.dishes)
    ]


def tier_rows(rules: Rules) -> list[TierRow]:
    """The tiers."""
    return [_tier_row(one) for one in rules.tiers]


def weekday_ticks(chosen: Iterable[int]) -> list[Tick]:
    """Monday to Sunday."""
    on = set(chosen)
    return [
        Tick(str(day), translate(LANGUAGE, name), day in on) for day, name in enumerate(WEEKDAYS)
    ]


def next_tier_key(rows: Sequence[TierRow]) -> str:
    """A key that no tier has; it never changes once it is stored."""
    numbers = (row.key.removeprefix("tier_") for row in rows)
    return f"tier_{new_key(number for number in numbers if number.isdecimal())}"


def rules_from(
    form: FormData,
    *,
    rows: dict[str, list[str]],
    before: Rules,
    restaurant: RestaurantInfo,
) -> tuple[dict[str, Any], Places]:
    """What was typed as the JSON of rules, and which row stands at which place.

    Args:
        form: as it was sent.
        rows: keys of the rows by list: "milestones", "happy_hours", "dishes", "tiers".
        before: rules the form was opened with; what it does not show is kept.
        restaurant: of the currency.

    Raises:
        InvalidInputError: something that is no number, at its field.
    """
    places = {name: _filled(form, name, keys) for name, keys in rows.items()}
    places["tiers"] = _by_threshold(form, rows["tiers"])
    found: dict[str, Any] = {name: needed_number(form, name) for name in NUMBERS}
    found |= {name: number(form, name) for name in DAYS}
    found["hundred_points_minor"] = parse_price(
        form.get("hundred_points_minor", ""),
        currency=restaurant.currency,
        field="hundred_points_minor",
    )
    found["milestones"] = [
        {part: needed_number(form, f"milestones.{key}.{part}") for part in ("visits", "points")}
        for key in places["milestones"]
    ]
    found["happy_hours"] = [
        _happy_hour(form, f"happy_hours.{key}") for key in places["happy_hours"]
    ]
    found["dishes"] = [
        {
            "dish_id": form.get(f"dishes.{key}.dish_id", ""),
            "percent": needed_number(form, f"dishes.{key}.percent"),
        }
        for key in places["dishes"]
    ]
    found["tiers"] = [_tier(form, key) for key in places["tiers"]]
    limits = {str(role): most for role, most in before.adjustment_limits.items()}
    found["adjustment_limits"] = limits | {
        str(role): needed_number(form, f"adjustment_limits.{role}") for role in LIMITED_ROLES
    }
    return found, places


def field_of(refused: str, places: Places) -> str:
    """The field of the form that a refusal of rules is about."""
    name, _, rest = refused.partition(".")
    place, _, part = rest.partition(".")
    keys = places.get(name, [])
    if not place.isdecimal() or int(place) >= len(keys):
        return refused
    return f"{name}.{keys[int(place)]}.{part}"


def _filled(form: FormData, name: str, keys: Iterable[str]) -> list[str]:
    """Rows in which something was typed; empty ones are none."""
    return [
        key
        for key in keys
        if any(text.strip() for at, text in form.items() if at.startswith(f"{name}.{key}."))
    ]


def _by_threshold(form: FormData, keys: Iterable[str]) -> list[str]:
    """Tiers in the order of their points, wherever on the screen they were added."""

    def place(key: str) -> int:
        text = form.get(f"tiers.{key}.threshold", "").strip()
        return int(text) if text.isdecimal() and len(text) <= 9 else -1

    return sorted(keys, key=place)


def _happy_hour(form: FormData, name: str) -> dict[str, Any]:
    return {
        "weekdays": [day for day in range(7) if f"{name}.day.{day}" in form],
        "starts": form.get(f"{name}.starts", ""),
        "ends": form.get(f"{name}.ends", ""),
        "percent": needed_number(form, f"{name}.percent"),
    }


def _tier(form: FormData, key: str) -> dict[str, Any]:
    name = f"tiers.{key}"
    lines = form.get(f"{name}.benefits", "").splitlines()
    return {
        "key": key,
        "name": form.get(f"{name}.name", ""),
        "threshold": needed_number(form, f"{name}.threshold"),
        "percent": needed_number(form, f"{name}.percent"),
        "benefits": [line.strip() for line in lines if line.strip()],
        "has_priority": f"{name}.has_priority" in form,
    }


def _tier_row(one: Tier) -> TierRow:
    return TierRow(
        one.key,
        one.name,
        str(one.threshold),
        str(one.percent),
        "\n".join(one.benefits),
        one.has_priority,
    )
