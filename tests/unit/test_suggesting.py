"""What is offered beside a dish: never what a guest cannot have, or has already."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from models.enums import Allergen, Diet
from services.menu.types import MenuDish
from services.ordering.suggesting import filters_on, offered

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


def _dish(number: int, **changes: object) -> MenuDish:
    known: dict[str, object] = {
        "id": UUID(int=number), "category_id": UUID(int=99), "name": f"Dish {number}",
        "description": "", "price_minor": 500, "from_price_minor": 500, "is_from_price": False,
        "allergens": (), "traces": (), "diets": (), "spice": 0, "prep_minutes": None,
        "picture_file": None, "is_popular": False, "is_sold_out": False,
        "sold_out_until_at": None, "hours": (), "category_hours": (), "variants": (), "groups": (),
    }  # fmt: skip
    return MenuDish(**(known | changes))  # type: ignore[arg-type]


def _names(candidates: list[MenuDish], **changes: object) -> list[str]:
    asked: dict[str, object] = {
        "in_cart": (), "allergens": (), "filters": (), "time_zone": "UTC", "now": NOON,
    }  # fmt: skip
    return [one.name for one in offered(candidates, **(asked | changes))]  # type: ignore[arg-type]


def test_the_best_two_are_offered_in_their_order() -> None:
    assert _names([_dish(3), _dish(1), _dish(2)]) == ["Dish 3", "Dish 1"]
    assert _names([]) == []


@pytest.mark.parametrize(
    ("dish", "guest"),
    [
        ({"is_sold_out": True}, {}),
        ({"hours": (("17:00", "23:00"),)}, {}),
        ({}, {"in_cart": {UUID(int=1)}}),
        ({"allergens": (Allergen.MILK,)}, {"allergens": ["milk"]}),
        ({"traces": (Allergen.MILK,)}, {"filters": {"without:milk"}}),
        ({"diets": (Diet.VEGETARIAN,)}, {"filters": {"diet:vegan"}}),
    ],
)
def test_what_this_guest_cannot_have_now_is_not_offered(
    dish: dict[str, object], guest: dict[str, object]
) -> None:
    fine = _dish(2, diets=(Diet.VEGETARIAN, Diet.VEGAN))
    assert _names([_dish(1, **dish), fine], **guest) == ["Dish 2"]


def test_filters_are_those_left_on_after_all_steps() -> None:
    steps = [
        {"filter": "diet:vegan", "is_on": True},
        {"filter": "without:milk", "is_on": True},
        {"filter": "diet:vegan", "is_on": False},
        {},
    ]
    assert filters_on(steps) == {"without:milk"}
