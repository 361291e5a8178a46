"""The segments every restaurant begins with; owners can change them."""

from dataclasses import dataclass
from typing import Any

LOST_DAYS = 183


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A segment as it is before anybody changes it."""

    key: str
    family: str
    criteria: dict[str, Any]


def _leaf(field: str, comparison: str, value: object, **more: object) -> dict[str, Any]:
    return {"field": field, "is": comparison, "value": value, **more}


def _all(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


def _not(part: dict[str, Any]) -> dict[str, Any]:
    return {"not": part}


_NOT_LOST = _leaf("days_since_visit", "less_than", LOST_DAYS)
_KNOWN_RHYTHM = _leaf("visit_days", "at_least", 3)
_SPENDS = _leaf("total_spent", "more_than", 0)


def _rhythm(*gaps: dict[str, Any]) -> dict[str, Any]:
    return _all(_KNOWN_RHYTHM, *gaps, _NOT_LOST)


def _top(percent: int) -> dict[str, Any]:
    return _leaf("total_spent", "in_top_percent", percent)


def _when(daypart: str) -> dict[str, Any]:
    return _all(
        _leaf("daypart_share", "at_least", 60, daypart=daypart),
        _leaf("total_visits", "at_least", 3),
    )


def _on(share: str) -> dict[str, Any]:
    return _all(_leaf(share, "at_least", 70), _leaf("total_visits", "at_least", 3))


def _diet(diet: str) -> dict[str, Any]:
    return _leaf("diet_share", "at_least", 60, diet=diet)


def _price(wanted: str, other: str) -> dict[str, Any]:
    # Who stands in both quarters, because most pay the same, stands in neither segment.
    return _all(_leaf("mean_item_price", wanted, 25), _not(_leaf("mean_item_price", other, 25)))


BUILT_IN: tuple[BuiltIn, ...] = (
    BuiltIn("champion", "frequency", _rhythm(_leaf("mean_gap", "at_most", 7))),
    BuiltIn(
        "regular",
        "frequency",
        _rhythm(_leaf("mean_gap", "more_than", 7), _leaf("mean_gap", "at_most", 31)),
    ),
    BuiltIn(
        "occasional",
        "frequency",
        _rhythm(_leaf("mean_gap", "more_than", 31), _leaf("mean_gap", "at_most", 92)),
    ),
    BuiltIn("rare", "frequency", _rhythm(_leaf("mean_gap", "more_than", 92))),
    BuiltIn("new", "frequency", _all(_leaf("visit_days", "less_than", 3), _NOT_LOST)),
    BuiltIn("lost_frequency", "frequency", _leaf("days_since_visit", "at_least", LOST_DAYS)),
    BuiltIn("vip", "spending", _top(10)),
    BuiltIn("high_value", "spending", _all(_top(25), _not(_top(10)))),
    BuiltIn("medium_value", "spending", _all(_top(75), _not(_top(25)))),
    BuiltIn("low_value", "spending", _all(_SPENDS, _not(_top(75)))),
    BuiltIn("early_bird", "behaviour", _when("early")),
    BuiltIn("lunch_regular", "behaviour", _when("lunch")),
    BuiltIn("afternoon", "behaviour", _when("afternoon")),
    BuiltIn("dinner_crowd", "behaviour", _when("dinner")),
    BuiltIn("late_night", "behaviour", _when("late")),
    BuiltIn("weekend_warrior", "behaviour", _on("weekend_share")),
    BuiltIn("weekday_worker", "behaviour", _on("workday_share")),
    BuiltIn("vegetarian", "preference", _diet("vegetarian")),
    BuiltIn("vegan", "preference", _diet("vegan")),
    BuiltIn("spicy_lover", "preference", _diet("spicy")),
    BuiltIn("budget_conscious", "preference", _price("in_bottom_percent", "in_top_percent")),
    BuiltIn("premium_seeker", "preference", _price("in_top_percent", "in_bottom_percent")),
    BuiltIn("family_group", "preference", _leaf("party", "at_least", 4)),
    BuiltIn("solo_diner", "preference", _leaf("party", "is", 1)),
    BuiltIn("high_engagement", "engagement", _leaf("engagement", "is", "high")),
    BuiltIn("medium_engagement", "engagement", _leaf("engagement", "is", "medium")),
    BuiltIn("low_engagement", "engagement", _leaf("engagement", "is", "low")),
)
BY_KEY = {one.key: one for one in BUILT_IN}
