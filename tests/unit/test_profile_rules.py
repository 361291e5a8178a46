"""Facts by hand: trend, prices, ranks, strengths of preferences."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles import rules
from services.profiles.borders import percent_borders
from services.profiles.items import items
from services.profiles.preferences import preferences
from services.profiles.raw import LocalMinutes, from_moment
from services.profiles.tally import tally
from services.profiles.types import DishTraits, LineFact, OrderFact

NOON = datetime(2026, 5, 13, 10, 0, tzinfo=UTC)
TRAITS = {
    "soup": DishTraits(is_vegetarian=True, is_vegan=False, is_spicy=True, band="budget"),
    "steak": DishTraits(is_vegetarian=False, is_vegan=False, is_spicy=False, band="premium"),
}


def _order(days_ago: int, *dishes: str) -> OrderFact:
    moment = NOON - timedelta(days=days_ago)
    lines = tuple(LineFact(dish, f"of {dish}", 1, 1000) for dish in dishes)
    return OrderFact(moment, moment.date(), 1000 * len(dishes), None, lines)


@pytest.mark.parametrize(
    ("totals", "ratio"),
    [
        ([1000] * 4, None),
        ([1000] * 5, 0.0),
        # Slope 100 an order over four steps, by a median of 1200.
        ([1000, 1100, 1200, 1300, 1400], 0.3333),
        ([1400, 1300, 1200, 1100, 1000], -0.3333),
        # One birthday party among equals is no trend.
        ([1000, 1000, 1000, 1000, 9000], 0.0),
        # Only the last ten count.
        ([9999, *[1000] * 10], 0.0),
    ],
)
def test_the_trend_is_the_median_slope_of_the_last_ten(
    totals: list[int], ratio: float | None
) -> None:
    assert rules.trend_ratio(totals) == ratio


@given(st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_the_first_percents_are_those_before_whom_fewer_stand(values: list[int]) -> None:
    counts = [(value, values.count(value)) for value in sorted(set(values), reverse=True)]
    borders = percent_borders(counts)
    for percent, border in enumerate(borders, start=1):
        among = {value for value in values if value >= border}
        assert among == {
            value
            for value in values
            if sum(other > value for other in values) * 100 < percent * len(values)
        }


def test_prices_between_the_quarters_are_in_the_middle() -> None:
    borders = {"bottom": [300] * 100, "top": [900] * 100}
    assert [rules.price_level(price, borders) for price in (None, 300, 301, 899, 900)] == [
        "",
        "budget",
        "middle",
        "middle",
        "premium",
    ]
    assert rules.price_level(500, {"bottom": [500] * 100, "top": [500] * 100}) == "middle"


def test_one_order_is_half_a_preference_and_age_halves_its_weight() -> None:
    found = {
        (one.kind, one.value): (one.strength, one.observation_count)
        for one in preferences(
            tally([_order(180, "soup"), _order(0, "steak")], traits=TRAITS),
            allergens=["nuts"],
            known_since=NOON,
        )
    }
    # Weights 0.5 and 1, and one for doubt: 0.5 / 2.5 and 1 / 2.5.
    assert found == {
        ("category", "of steak"): (0.4, 1),
        ("category", "of soup"): (0.2, 1),
        ("product", "steak"): (0.4, 1),
        ("product", "soup"): (0.2, 1),
        ("dietary", "vegetarian"): (0.2, 1),
        ("dietary", "spicy"): (0.2, 1),
        ("price_range", "premium"): (0.4, 1),
        ("price_range", "budget"): (0.2, 1),
        ("dietary", "without_nuts"): (1.0, 0),
    }


def test_only_the_ten_strongest_are_kept() -> None:
    orders = [_order(20 - number, f"dish {number}") for number in range(12)]
    found = preferences(tally(orders, traits={}), allergens=[], known_since=NOON)
    products = [one.value for one in found if one.kind == "product"]
    assert products == [f"dish {number}" for number in reversed(range(2, 12))]


def test_the_season_is_that_of_the_business_day() -> None:
    orders = [_order(0, "soup", "steak"), _order(150, "steak")]
    orders.sort(key=lambda order: order.placed_at)
    assert orders[0].business_day == date(2025, 12, 14)
    seasons = rules.taste(tally(orders, traits=TRAITS))["seasons"]
    assert [one["orders"] for one in seasons] == [1, 0, 0, 1]
    assert seasons[3]["category_id"] == "of steak"


def test_a_dish_is_known_by_the_days_of_its_last_orders() -> None:
    orders = [_order(60 - number, "soup", "soup") for number in range(40)] + [_order(1, "steak")]
    found = {one.item_id: one for one in items(tally(orders, traits=TRAITS))}
    assert set(found) == {"soup", "steak", "of soup", "of steak"}
    soup = found["soup"]
    assert (soup.order_count, soup.first_day) == (40, date(2026, 3, 14))
    # Of 40 orders the last 32, newest first: 21 to 52 days before 13 May.
    assert (soup.order_days[:8], soup.order_days[-8:]) == ("20260422", "20260322")
    assert len(soup.order_days) == 32 * 8
    assert found["of steak"].order_days == "20260512"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_local_minutes_are_those_of_the_zone_at_every_change_of_the_clock(zone: str) -> None:
    minutes, info = LocalMinutes(zone), ZoneInfo(zone)
    begin = datetime(2026, 4, 4, 15, 24, 59, tzinfo=UTC)
    for number in range(0, 60 * 24 * 200, 7):
        moment = begin + timedelta(minutes=number)
        local = moment.astimezone(info)
        for one in (moment, from_moment(moment, is_sqlite=True)):
            assert minutes(one) == local.hour * 60 + local.minute
