"""What a menu means at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from models.enums import Allergen, Diet
from services.menu import rules
from services.menu.types import (
    Hours,
    OrderableDish,
    OrderableGroup,
    OrderableModifier,
    OrderableVariant,
)
from tests.builders import NOW

BERLIN = "Europe/Berlin"  # NOW is 20:30 there.


@dataclass(frozen=True)
class Served:
    is_sold_out: bool = False
    sold_out_until_at: datetime | None = None
    hours: Hours = ()
    category_hours: Hours = ()


def test_a_dish_without_hours_is_available_at_any_time() -> None:
    assert rules.is_available(Served(), now=NOW, time_zone=BERLIN) is True


def test_sold_out_without_a_time_lasts_until_somebody_says_so() -> None:
    dish = Served(is_sold_out=True)
    assert rules.is_sold_out(dish, now=NOW + timedelta(days=400)) is True
    assert rules.is_available(dish, now=NOW, time_zone=BERLIN) is False


def test_a_sold_out_dish_returns_at_its_very_minute() -> None:
    dish = Served(is_sold_out=True, sold_out_until_at=NOW)
    assert rules.is_sold_out(dish, now=NOW - timedelta(seconds=1)) is True
    assert rules.is_sold_out(dish, now=NOW) is False


def test_a_time_of_return_in_the_future_means_sold_out_even_without_the_switch() -> None:
    assert rules.is_sold_out(Served(sold_out_until_at=NOW + timedelta(hours=1)), now=NOW) is True


@pytest.mark.parametrize(
    ("dish_hours", "category_hours", "available"),
    [
        ((("17:00", "23:00"),), (), True),
        ((), (("17:00", "20:30"),), False),
        ((("20:30", "21:00"),), (), True),
        ((("17:00", "23:00"),), (("08:00", "11:00"),), False),
        ((("08:00", "11:00"), ("20:00", "02:00")), (), True),
    ],
)
def test_both_the_dish_and_its_category_must_be_served(
    dish_hours: Hours, category_hours: Hours, available: bool
) -> None:
    dish = Served(hours=dish_hours, category_hours=category_hours)
    assert rules.is_available(dish, now=NOW, time_zone=BERLIN) is available


def test_hours_are_read_on_the_restaurants_clock() -> None:
    dish = Served(hours=(("17:00", "19:00"),))
    assert rules.is_in_hours(dish, now=NOW, time_zone="Europe/London") is False  # 19:30
    assert rules.is_in_hours(dish, now=NOW, time_zone="Atlantic/Azores") is True  # 18:30


def test_allergens_come_in_the_order_of_the_regulation_each_once() -> None:
    assert rules.in_eu_order(["molluscs", "milk", "gluten", "milk"]) == (
        Allergen.GLUTEN,
        Allergen.MILK,
        Allergen.MOLLUSCS,
    )


def test_diets_come_in_one_order() -> None:
    assert rules.in_diet_order(["gluten_free", "vegan"]) == (Diet.VEGAN, Diet.GLUTEN_FREE)


def test_a_missing_or_empty_translation_falls_back_to_the_source() -> None:
    texts = {"ar": {"name": "بوراتا", "description": ""}}
    assert rules.translated(texts, "ar", "name", "Burrata") == "بوراتا"
    assert rules.translated(texts, "ar", "description", "Creamy") == "Creamy"
    assert rules.translated(texts, "de", "name", "Burrata") == "Burrata"


def _group(least: int, most: int, *deltas: int) -> OrderableGroup:
    modifiers = tuple(
        OrderableModifier(uuid4(), "", delta, (), is_sold_out=False, is_active=True)
        for delta in deltas
    )
    return OrderableGroup(uuid4(), "", least, most, modifiers)


@pytest.mark.parametrize(
    ("groups", "lowest"),
    [
        ((), 900),
        ((_group(0, 2, 100, 200),), 900),
        ((_group(1, 1, 300, 100, 200),), 1000),
        ((_group(2, 3, 100, 200, 300),), 1200),
        ((_group(0, 1, -50, -150),), 750),
        ((_group(0, 3, -50, -150, 20),), 700),
        ((_group(2, 3, -50, 30, 40),), 880),
        ((_group(0, 1, -50), _group(1, 1, 70)), 920),
    ],
)
def test_the_lowest_price_takes_every_reduction_and_what_must_be_chosen(
    groups: tuple[OrderableGroup, ...], lowest: int
) -> None:
    dish = OrderableDish(
        id=uuid4(),
        restaurant_id=uuid4(),
        category_id=uuid4(),
        name="Pizza",
        price_minor=1400,
        cost_minor=None,
        allergens=(),
        is_sold_out=False,
        sold_out_until_at=None,
        hours=(),
        category_hours=(),
        is_active=True,
        variants=(
            OrderableVariant(uuid4(), "Large", 1400, is_active=True),
            OrderableVariant(uuid4(), "Small", 900, is_active=True),
            OrderableVariant(uuid4(), "Old", 100, is_active=False),
        ),
        groups=groups,
    )
    assert rules.lowest_total_minor(dish) == lowest
