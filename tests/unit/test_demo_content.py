"""The demo restaurant's menu and room: complete, truthful and drawable."""

import itertools
import math
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from models.enums import Allergen, Diet, Role

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "services" / "simulation" / "content"
PICTURES = ROOT / "assets" / "dishes"
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ANIMAL = {"crustaceans", "eggs", "fish", "milk", "molluscs"}
NOT_VEGETARIAN = {"crustaceans", "fish", "molluscs"}
# Places at the bar stand 11 cm apart; anything closer would draw as one table.
LEAST_GAP_CM = 10
LEAST_DISTANCE_CM = 100


def read(name: str) -> dict[str, Any]:
    with (CONTENT / name).open("rb") as file:
        return tomllib.load(file)


MENU = read("menu.toml")
ROOM = read("room.toml")
DISHES = {dish["key"]: dish for dish in MENU["dishes"]}
GROUPS = {group["key"]: group for group in MENU["modifier_groups"]}
TABLES = [table for area in ROOM["areas"] for table in area["tables"]]


def allergens_of_answers(dish: dict[str, Any]) -> Iterator[set[str]]:
    """What each question of a dish adds at the least: a plain answer must stay possible."""
    for key in dish["modifier_groups"]:
        group = GROUPS[key]
        if group["min"]:
            yield set.intersection(*(set(answer["allergens"]) for answer in group["modifiers"]))


def box(table: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the table top, turned by its rotation."""
    turn = math.radians(table["rotation"])
    along, across = abs(math.cos(turn)) / 2, abs(math.sin(turn)) / 2
    half_width = table["width"] * along + table["height"] * across
    half_height = table["width"] * across + table["height"] * along
    return (
        table["x"] - half_width,
        table["y"] - half_height,
        table["x"] + half_width,
        table["y"] + half_height,
    )


def test_the_menu_has_sixty_one_dishes_in_ten_categories_and_none_is_empty() -> None:
    in_category = Counter(dish["category"] for dish in MENU["dishes"])
    assert len(MENU["dishes"]) == 61
    assert dict(in_category) == {
        "starters": 8,
        "fire": 7,
        "pasta": 7,
        "pizza": 6,
        "salads": 6,
        "sides": 5,
        "desserts": 7,
        "coffee": 6,
        "drinks": 4,
        "wine": 5,
    }
    assert [category["key"] for category in MENU["categories"]] == list(in_category)


@pytest.mark.parametrize("kind", ["categories", "modifier_groups", "dishes"])
def test_keys_are_unique_within_their_kind(kind: str) -> None:
    counted = Counter(entry["key"] for entry in MENU[kind])
    assert [key for key, count in counted.items() if count > 1] == []


def test_keys_are_unique_within_a_group_and_within_the_variants_of_a_dish() -> None:
    lists = [group["modifiers"] for group in MENU["modifier_groups"]]
    lists += [dish["variants"] for dish in MENU["dishes"] if "variants" in dish]
    for entries in lists:
        keys = [entry["key"] for entry in entries]
        assert len(keys) == len(set(keys))


def test_no_two_dishes_share_a_name_or_a_picture() -> None:
    for language in ("en", "ar"):
        names = Counter(dish["name"][language] for dish in MENU["dishes"])
        assert [name for name, count in names.items() if count > 1] == []
    assert len({dish["picture"] for dish in MENU["dishes"]}) == 61


def test_every_modifier_group_is_asked_and_exists() -> None:
    asked = {key for dish in MENU["dishes"] for key in dish["modifier_groups"]}
    assert asked == set(GROUPS)


def test_every_question_can_be_answered() -> None:
    for group in MENU["modifier_groups"]:
        assert 0 <= group["min"] <= group["max"] <= len(group["modifiers"]), group["key"]
        assert group["max"] >= 1, group["key"]


def test_every_picture_is_a_square_drawing_with_a_name_and_belongs_to_a_dish() -> None:
    assert {path.stem for path in PICTURES.glob("*.svg")} == {d["picture"] for d in DISHES.values()}
    names = Counter[str]()
    for path in PICTURES.glob("*.svg"):
        drawing = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        assert drawing.get("viewBox") == "16 16 288 288", path.name
        names[drawing.get("aria-label", "")] += 1
        # A picture must not fetch or run anything, nor clash with a second one in the same page.
        allowed = {"svg", "g", "rect", "circle", "ellipse", "path"}
        assert {part.tag.rpartition("}")[2] for part in drawing.iter()} <= allowed, path.name
        assert not any(part.get("id") for part in drawing.iter()), path.name
    assert "" not in names
    assert max(names.values()) == 1


def test_all_fourteen_allergens_are_contained_somewhere_and_no_others() -> None:
    contained = {allergen for dish in MENU["dishes"] for allergen in dish["allergens"]}
    named = contained | {allergen for dish in MENU["dishes"] for allergen in dish["traces"]}
    named |= {a for group in GROUPS.values() for m in group["modifiers"] for a in m["allergens"]}
    assert contained == set(Allergen)
    assert named == set(Allergen)
    assert len(contained) == 14


def test_what_a_dish_contains_is_not_also_called_a_trace() -> None:
    for dish in MENU["dishes"]:
        assert len(dish["allergens"]) == len(set(dish["allergens"])), dish["key"]
        assert set(dish["allergens"]) & set(dish["traces"]) == set(), dish["key"]


def test_diets_agree_with_allergens() -> None:
    for dish in MENU["dishes"]:
        contains, diets = set(dish["allergens"]), set(dish["diets"])
        assert diets <= set(Diet), dish["key"]
        if "vegan" in diets:
            assert "vegetarian" in diets, dish["key"]
            assert contains & ANIMAL == set(), dish["key"]
        if "vegetarian" in diets:
            assert contains & NOT_VEGETARIAN == set(), dish["key"]
        if "gluten_free" in diets:
            assert "gluten" not in contains, dish["key"]


def test_a_required_answer_never_breaks_the_diet_of_its_dish() -> None:
    for dish in MENU["dishes"]:
        for forced in allergens_of_answers(dish):
            assert forced <= set(dish["allergens"]), dish["key"]


@pytest.mark.parametrize(
    ("key", "name", "price_minor", "allergens", "diets"),
    [
        ("burrata", "Burrata & vine tomatoes", 1350, {"milk", "gluten"}, {"vegetarian"}),
        ("hummus", "Warm hummus", 850, {"sesame", "gluten"}, {"vegetarian", "vegan"}),
        (
            "halloumi-salad",
            "Halloumi & garden leaves",
            1200,
            {"milk"},
            {"vegetarian", "gluten_free"},
        ),
        ("sea-bass", "Grilled sea bass", 2400, {"fish"}, {"gluten_free"}),
        ("lamb-skewers", "Lamb skewers", 1950, {"milk", "gluten"}, set()),
        ("shakshuka", "Shakshuka from the oven", 1400, {"eggs", "milk"}, {"vegetarian"}),
        ("tagliatelle", "Tagliatelle al ragù", 1650, {"gluten", "eggs", "milk", "celery"}, set()),
        ("risotto", "Mushroom risotto", 1700, {"milk"}, {"vegetarian", "gluten_free"}),
        ("margherita", "Margherita", 1250, {"gluten", "milk"}, {"vegetarian"}),
        ("cheesecake", "Burnt cheesecake", 750, {"milk", "eggs"}, {"vegetarian"}),
        ("lemonade", "Mint lemonade", 480, set(), {"vegetarian", "vegan", "gluten_free"}),
        ("flat-white", "Flat white", 360, {"milk"}, {"vegetarian", "gluten_free"}),
    ],
)
def test_the_twelve_known_dishes_are_what_they_are(
    key: str, name: str, price_minor: int, allergens: set[str], diets: set[str]
) -> None:
    dish = DISHES[key]
    assert dish["name"]["en"] == name
    assert dish["price_minor"] == price_minor
    assert set(dish["allergens"]) == allergens
    assert set(dish["diets"]) == diets


def test_prices_are_whole_positive_and_above_cost() -> None:
    for dish in MENU["dishes"]:
        assert type(dish["price_minor"]) is int
        assert type(dish["cost_minor"]) is int
        assert 0 < dish["cost_minor"] < dish["price_minor"], dish["key"]
        prices = [variant["price_minor"] for variant in dish.get("variants", [])]
        assert prices == sorted(prices)
        assert not prices or prices[0] == dish["price_minor"], dish["key"]
    for group in GROUPS.values():
        for modifier in group["modifiers"]:
            assert type(modifier["price_delta_minor"]) is int
            assert modifier["price_delta_minor"] >= 0


def test_numbers_for_kitchen_and_simulation_are_in_range() -> None:
    for dish in MENU["dishes"]:
        assert dish["spice"] in {0, 1, 2, 3}
        assert 1 <= dish["prep_minutes"] <= 25
        assert 0.2 <= dish["weight"] <= 3
        assert set(dish["dayparts"]) == {"lunch", "afternoon", "dinner", "late"}
        assert all(0 <= share <= 2 for share in dish["dayparts"].values())
        assert max(dish["dayparts"].values()) > 0
    popular = sorted(dish["key"] for dish in MENU["dishes"] if dish["popular"])
    assert popular == [
        "burrata",
        "cheesecake",
        "garlic-prawns",
        "lemonade",
        "margherita",
        "sea-bass",
        "tagliatelle",
    ]


def test_hours_are_times_and_nobody_orders_outside_them() -> None:
    assert [c["key"] for c in MENU["categories"] if "hours" in c] == ["fire"]
    for entry in [*MENU["categories"], *MENU["dishes"]]:
        if "hours" in entry:
            begin, end = (time.fromisoformat(text) for text in entry["hours"])
            assert begin < end
    for dish in MENU["dishes"]:
        if dish["category"] == "fire":  # from 17:00
            assert dish["dayparts"]["lunch"] == 0, dish["key"]
    assert DISHES["paella"]["hours"] == ["12:00", "16:00"]
    assert DISHES["paella"]["dayparts"]["dinner"] == 0


def texts(value: object, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a content file that is given per language, with where it stands."""
    if isinstance(value, dict):
        if "en" in value or "ar" in value:
            yield path, value
        else:
            for key, inner in value.items():
                yield from texts(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{path}[{index}]")


def test_every_name_and_sentence_is_there_in_english_and_in_arabic() -> None:
    found = [*texts(MENU), *texts(ROOM)]
    # Menu: 10 categories x 2, 15 groups, 45 answers, 61 dishes x 2, 34 variants. Room: 3 of the
    # restaurant, 5 areas, 4 tables with a name.
    assert len(found) == 20 + 15 + 45 + 122 + 34 + 3 + 5 + 4
    for path, text in found:
        assert set(text) == {"en", "ar"}, path
        assert all(words == words.strip() and words for words in text.values()), path
        assert any("\u0600" <= letter <= "\u06ff" for letter in text["ar"]), path
        assert not any("\u0600" <= letter <= "\u06ff" for letter in text["en"]), path
    for entry in [*MENU["categories"], *MENU["modifier_groups"], *MENU["dishes"], *ROOM["areas"]]:
        assert set(entry["name"]) == {"en", "ar"}
    for dish in MENU["dishes"]:
        assert len(dish["description"]["en"]) <= 75, dish["key"]
        assert not dish["description"]["en"].endswith("."), dish["key"]


def test_the_room_has_thirty_four_tables_in_five_areas() -> None:
    assert {area["key"]: len(area["tables"]) for area in ROOM["areas"]} == {
        "indoor": 10,
        "terrace": 10,
        "bar": 6,
        "garden": 6,
        "private": 2,
    }
    numbers = [str(number) for number in range(1, 21)]
    numbers += [f"B{number}" for number in range(1, 7)] + [f"G{number}" for number in range(1, 7)]
    assert [table["number"] for table in TABLES] == [*numbers, "P1", "P2"]
    assert sum(table["seats"] for table in ROOM["areas"][1]["tables"]) == 34


def test_tables_are_of_known_kinds_and_seat_somebody() -> None:
    kinds = {"2_top", "4_top", "6_top", "booth", "bar_stool", "large_party"}
    shapes = {"round", "square", "rectangle", "oval", "booth", "bar"}
    assert {table["table_type"] for table in TABLES} == kinds
    assert {table["shape"] for table in TABLES} == shapes
    assert {a["area_type"] for a in ROOM["areas"]} == {
        "indoor",
        "outdoor",
        "bar",
        "garden",
        "private",
    }
    assert {a["service_type"] for a in ROOM["areas"]} == {"full_service", "bar_service"}
    seats = {"2_top": {2}, "4_top": {4}, "6_top": {6}, "bar_stool": {1}, "booth": {4}}
    for table in TABLES:
        assert table["seats"] in seats.get(table["table_type"], {8, 10}), table["number"]


def test_no_two_tables_touch_and_each_stands_inside_its_area() -> None:
    for one, other in itertools.combinations(TABLES, 2):
        pair = f"{one['number']} and {other['number']}"
        assert math.dist((one["x"], one["y"]), (other["x"], other["y"])) >= LEAST_DISTANCE_CM, pair
        left, top, right, bottom = box(one)
        other_left, other_top, other_right, other_bottom = box(other)
        across = max(other_left - right, left - other_right)
        down = max(other_top - bottom, top - other_bottom)
        assert max(across, down) >= LEAST_GAP_CM, pair
    for area in ROOM["areas"]:
        for table in area["tables"]:
            left, top, right, bottom = box(table)
            assert area["x"] <= left <= right <= area["x"] + area["width"], table["number"]
            assert area["y"] <= top <= bottom <= area["y"] + area["height"], table["number"]


def test_areas_lie_inside_the_plan_without_overlap() -> None:
    for area in ROOM["areas"]:
        assert 0 <= area["x"] < area["x"] + area["width"] <= ROOM["plan"]["width"]
        assert 0 <= area["y"] < area["y"] + area["height"] <= ROOM["plan"]["height"]
    for one, other in itertools.combinations(ROOM["areas"], 2):
        apart_across = (
            one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        )
        apart_down = (
            one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
        )
        assert apart_across or apart_down, f"{one['key']} and {other['key']}"


def test_walls_plants_and_words_lie_inside_the_plan() -> None:
    assert {decor["kind"] for decor in ROOM["decor"]} == {"wall", "plant", "text"}
    for decor in ROOM["decor"]:
        across, down = decor["width"] / 2, decor["height"] / 2
        assert across <= decor["x"] <= ROOM["plan"]["width"] - across
        assert down <= decor["y"] <= ROOM["plan"]["height"] - down


def test_the_staff_covers_every_role_and_every_area() -> None:
    roles = Counter(person["role"] for person in ROOM["staff"])
    assert roles == {Role.OWNER: 1, Role.MANAGER: 1, Role.WAITER: 3, Role.KITCHEN: 1}
    assert ROOM["staff"][0]["name"] == "Marta Ruiz"
    emails = {person["email"] for person in ROOM["staff"]}
    assert len(emails) == 6
    assert all(email.endswith("@brasa-olive.example") for email in emails)
    served = Counter(area for person in ROOM["staff"] for area in person["areas"])
    assert served == {"indoor": 1, "terrace": 1, "bar": 1, "garden": 1, "private": 1}


def test_the_restaurant_is_open_every_day_in_madrid() -> None:
    restaurant = ROOM["restaurant"]
    assert restaurant["slug"] == "brasa-olive"
    assert restaurant["name"]["en"] == "Brasa & Olive"
    assert (restaurant["currency"], restaurant["brand_colour"]) == ("EUR", "#B5391F")
    assert restaurant["languages"] == ["en", "ar"]
    assert ZoneInfo(restaurant["time_zone"]).key == "Europe/Madrid"
    closing = ["23:00", "23:00", "23:00", "23:00", "00:30", "00:30", "22:00"]
    assert list(ROOM["opening_hours"]) == DAYS
    assert list(ROOM["opening_hours"].values()) == [["12:00", end] for end in closing]
