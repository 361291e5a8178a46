"""What rewards take off a bill."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from models.enums import RewardType
from services.base.errors import InvalidInputError
from services.loyalty.redeeming import code_of, normal_code
from services.loyalty.reward_rules import (
    BillLine,
    discount_minor,
    is_for_cart,
    is_now,
    value_json,
    value_of,
)

PIZZA = UUID("01920000-0000-7000-8000-000000000001")
WINE = UUID("01920000-0000-7000-8000-000000000002")
# 2 × 9.50 and 4.00, together 23.00.
BILL = [BillLine(PIZZA, 950, 2), BillLine(WINE, 400, 1)]
HOURS = {"weekdays": [0, 1], "starts": "15:00", "ends": "17:00"}


@pytest.mark.parametrize(
    ("value", "off"),
    [
        ({"kind": "amount", "amount_minor": 500}, 500),
        ({"kind": "amount", "amount_minor": 5000}, 2300),
        ({"kind": "percent", "percent": 15}, 345),
        # 7 % of 23.00 is 1.61; capped at 1.00.
        ({"kind": "percent", "percent": 7}, 161),
        ({"kind": "percent", "percent": 7, "most_minor": 100}, 100),
        ({"kind": "percent", "percent": 100}, 2300),
        ({"kind": "cheapest"}, 400),
        ({"kind": "dish", "dish_id": str(PIZZA)}, 950),
        ({"kind": "favourite"}, 400),
    ],
)
def test_a_discount_is_never_more_than_the_bill(value: dict[str, Any], off: int) -> None:
    given = value_of(value, reward_type=RewardType.DISCOUNT)
    assert discount_minor(given, BILL, favourite_id=WINE) == off
    assert value_of(value_json(given), reward_type=RewardType.DISCOUNT) == given
    assert discount_minor(given, []) == 0


def test_what_is_not_in_the_cart_takes_nothing_off() -> None:
    dish = value_of({"kind": "dish", "dish_id": str(WINE)}, reward_type=RewardType.FREE_ITEM)
    assert discount_minor(dish, BILL[:1]) == 0
    favourite = value_of({"kind": "favourite"}, reward_type=RewardType.DISCOUNT)
    assert discount_minor(favourite, BILL, favourite_id=None) == 0
    words = value_of({"kind": "words"}, reward_type=RewardType.FREE_ITEM)
    assert (discount_minor(words, BILL), is_for_cart(words), is_for_cart(dish)) == (0, False, True)


def test_off_peak_is_by_the_restaurants_clock() -> None:
    value = value_of({"kind": "cheapest", "hours": HOURS}, reward_type=RewardType.DISCOUNT)
    monday = datetime(2026, 5, 11, 15, 0)  # noqa: DTZ001 - a clock on the wall
    assert is_now(value, monday)
    assert not is_now(value, monday.replace(hour=17))
    assert not is_now(value, monday.replace(day=13))


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("discount", {}, "kind"),
        ("discount", {"kind": "words"}, "kind"),
        ("discount", {"kind": "amount"}, "amount_minor"),
        ("discount", {"kind": "amount", "amount_minor": -5}, "amount_minor"),
        ("discount", {"kind": "percent", "percent": 101}, "percent"),
        ("discount", {"kind": "dish", "dish_id": "x"}, "dish_id"),
        ("tier_upgrade", {"kind": "tier", "tier_key": "gold"}, "days"),
        ("tier_upgrade", {"kind": "tier", "tier_key": "", "days": 3}, "tier_key"),
        ("discount", {"kind": "cheapest", "hours": {"weekdays": []}}, "hours"),
        ("discount", {"kind": "cheapest", "hours": HOURS | {"starts": "x"}}, "hours"),
    ],
)
def test_values_that_cannot_be_are_refused(kind: str, data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        value_of(data, reward_type=RewardType(kind))
    assert refused.value.field == field


@pytest.mark.usefixtures("sqlite_database")
def test_codes_are_read_however_they_are_typed() -> None:
    code = code_of(PIZZA)
    assert (len(code), code_of(PIZZA) == code, code_of(WINE) == code) == (8, True, False)
    spaced = f" {code[:4].lower()} - {code[4:]} "
    assert normal_code(spaced) == code
    assert normal_code(f"https://example.org/staff/loyalty/verify?code={code}") == code
    assert normal_code("") == ""
