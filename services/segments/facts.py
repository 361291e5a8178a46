"""Which facts of a profile criteria look at, so that a membership can say why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.segments.criteria import leaves
from services.segments.types import Criteria, Leaf

# Fields of criteria whose fact stands in one column of the profile under another name.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "days_since_visit": ("last_visit_day",),
    "days_since_first_visit": ("first_visit_day",),
    "first_visit": ("first_visit_day",),
    "last_visit": ("last_visit_day",),
    "mean_gap": ("mean_gap_days",),
    "total_spent": ("total_spent_minor",),
    "average_order": ("average_order_minor",),
    "highest_order": ("highest_order_minor",),
    "mean_item_price": ("mean_item_price_minor",),
    "preferred_category": ("preferred_category_id",),
    "favourite_dish": ("favourite_dish_id",),
    "preferred_area": ("preferred_area_id",),
    "preferred_table": ("preferred_table_id",),
    "party": ("party_median",),
    "consent": ("consent_level",),
    "abandonment": ("carts_abandoned", "carts"),
    "weekend_share": ("visits_saturday", "visits_sunday", "total_visits"),
    "workday_share": (
        "visits_monday",
        "visits_tuesday",
        "visits_wednesday",
        "visits_thursday",
        "visits_friday",
        "total_visits",
    ),
}


def facts_behind(criteria: Criteria, profile: Mapping[str, Any]) -> dict[str, Any]:
    """The values that decided, by the profile's names, as JSON holds them."""
    found: dict[str, Any] = {}
    for leaf in leaves(criteria):
        for name in _names(leaf):
            if name in profile:
                found[name] = _plain(profile[name])
    return found


def _names(leaf: Leaf) -> tuple[str, ...]:
    match leaf.field:
        case "daypart_share":
            return (f"visits_{leaf.parameters['daypart']}", "total_visits")
        case "weekday_share":
            return (f"visits_{leaf.parameters['weekday']}", "total_visits")
        case "diet_share":
            return (f"{leaf.parameters['diet']}_orders", "total_orders")
        case _:
            return _COLUMNS.get(leaf.field, (leaf.field,))


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
