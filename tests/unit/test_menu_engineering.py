"""Which dishes sell and earn, and what another price takes; by hand."""

from dataclasses import replace

import pytest

from services.analytics import prices
from services.analytics.errors import NegativeError
from services.analytics.menu import DishClass, Engineered, MenuItem, engineer
from services.analytics.prices import Elasticity, PricePeriod

# 1,000 portions of four: popular from 0.7 / 4 = 17.5 %, so from 175 portions.
# Mean contribution: (420 · 700 + 175 · 300 + 174 · 900 + 231 · 200) / 1000 = 549.3.
STEAK = MenuItem("steak", 420, 1500, 800, "mains")
PASTA = MenuItem("pasta", 175, 900, 600, "mains")
FISH = MenuItem("fish", 174, 1800, 900, "mains")
STEW = MenuItem("stew", 231, 700, 500, "mains")
MAINS = [STEAK, PASTA, FISH, STEW]


def kinds(items: list[MenuItem]) -> dict[str, DishClass]:
    return {one.item.key: one.kind for one in engineer(items)}


def test_no_menu_has_no_dishes() -> None:
    assert engineer([]) == []


def test_the_four_kinds_by_hand() -> None:
    assert kinds(MAINS) == {
        "steak": DishClass.STAR,
        "pasta": DishClass.PLOWHORSE,
        "fish": DishClass.PUZZLE,
        "stew": DishClass.PLOWHORSE,
    }
    steak = engineer(MAINS)[0]
    assert steak.share == 0.42
    assert steak.popular_from == 0.175
    assert steak.contribution_minor == 700
    assert steak.profitable_from_minor == pytest.approx(549.3)


def test_exactly_at_the_bounds_is_popular_and_profitable() -> None:
    """0.7 / 7 is 0.09999999999999999 as a double: whole numbers know that 10 of 100 is enough."""
    seven = [MenuItem(f"d{n}", 10 if n else 40, 1000, 400) for n in range(7)]
    assert sum(one.sold for one in seven) == 100
    assert set(kinds(seven).values()) == {DishClass.STAR}


def test_a_dish_without_cost_is_not_a_dish_without_costs() -> None:
    seen = {
        one.item.key: one for one in engineer([STEAK, replace(PASTA, cost_minor=None), FISH, STEW])
    }
    assert seen["pasta"].kind is DishClass.COST_MISSING
    assert seen["pasta"].contribution_minor is None
    assert seen["pasta"].is_popular is True
    # The mean is that of the others: (294000 + 156600 + 46200) / 825 = 602.2.
    assert seen["steak"].profitable_from_minor == pytest.approx(602.18, abs=0.01)


def test_new_dishes_and_dishes_off_the_menu_are_left_out() -> None:
    new = MenuItem("new", 5, 1000, 100, "mains", days_on_menu=13)
    gone = MenuItem("gone", 900, 1000, 100, "mains", is_on_menu=False)
    seen = kinds([*MAINS, new, gone])
    assert (seen["new"], seen["gone"]) == (DishClass.TOO_NEW, DishClass.OFF_MENU)
    assert {key: kind for key, kind in seen.items() if key not in {"new", "gone"}} == kinds(MAINS)
    assert kinds([replace(new, days_on_menu=14)])["new"] is DishClass.STAR


def test_dishes_are_compared_inside_their_category() -> None:
    drinks = [MenuItem("water", 5000, 300, 20, "drinks"), MenuItem("wine", 100, 900, 300, "drinks")]
    both = kinds([*MAINS, *drinks])
    assert both == kinds(MAINS) | kinds(drinks)
    assert both["wine"] is DishClass.PUZZLE


def test_nothing_sold_says_nothing() -> None:
    assert kinds([replace(STEAK, sold=0), replace(FISH, sold=0)]) == {
        "steak": DishClass.NOTHING_SOLD,
        "fish": DishClass.NOTHING_SOLD,
    }


def test_only_dishes_without_cost_sold() -> None:
    seen = kinds([replace(STEAK, cost_minor=None), replace(FISH, sold=0)])
    assert seen == {"steak": DishClass.COST_MISSING, "fish": DishClass.PUZZLE}


@pytest.mark.parametrize("bad", [{"sold": -1}, {"price_minor": -5}, {"cost_minor": -1}])
def test_portions_and_prices_below_zero_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(NegativeError) as refused:
        engineer([replace(STEAK, **bad)])  # type: ignore[arg-type]
    assert refused.value.field in bad


def test_a_free_dish_has_a_contribution_below_zero() -> None:
    free = engineer([replace(STEW, price_minor=0), STEAK])[0]
    assert free.contribution_minor == -500
    assert free.kind is DishClass.PLOWHORSE


def test_break_even_is_what_the_formula_says() -> None:
    """-dp / (CM + dp): price 10, cost 6, one up: -1 / 5; one down: 1 / 3."""
    assert prices.break_even_change(1000, 600, 1100) == -0.2
    assert prices.break_even_change(1000, 600, 900) == pytest.approx(1 / 3)
    assert prices.break_even_change(1000, 600, 1000) == 0
    assert prices.break_even_change(1000, 600, 600) is None
    assert prices.break_even_change(1000, 600, 500) is None
    with pytest.raises(NegativeError):
        prices.break_even_change(-1, 0, 5)


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [PricePeriod(1000, 52, 900)],
        # Two prices, one of them for seven weeks only.
        [PricePeriod(1000, 20, 900), PricePeriod(1100, 7, 200)],
        # Less than one per cent apart; nothing sold; free.
        [PricePeriod(1000, 20, 900), PricePeriod(1005, 20, 900)],
        [PricePeriod(1000, 20, 900), PricePeriod(1100, 20, 0)],
        [PricePeriod(0, 20, 900), PricePeriod(1100, 20, 10)],
    ],
)
def test_too_little_history_has_no_elasticity(periods: list[PricePeriod]) -> None:
    assert prices.elasticity(periods) is None


def test_elasticity_by_hand() -> None:
    """ln(40 / 50) / ln(11 / 10) = -2.341; the two stays at 10.00 add up to eight weeks."""
    history = [PricePeriod(1000, 4, 220), PricePeriod(1000, 4, 180), PricePeriod(1100, 10, 400)]
    known = prices.elasticity(history)
    assert known is not None
    assert known.value == pytest.approx(-2.341, abs=0.001)
    assert known.low < known.value < known.high
    with pytest.raises(NegativeError):
        prices.elasticity([PricePeriod(1000, -1, 5)])


def dish(kind: DishClass, **more: int | None) -> Engineered:
    return Engineered(replace(PASTA, **more), kind)  # type: ignore[arg-type]


def test_a_price_idea_is_a_small_step_for_what_people_want_anyway() -> None:
    idea = prices.idea(dish(DishClass.PLOWHORSE), rounded_to_minor=50)
    assert idea is not None
    assert (idea.price_minor, idea.suggested_minor) == (900, 950)
    # Half a euro of the three euros fifty it would then earn.
    assert idea.break_even_change == pytest.approx(-1 / 7)
    assert idea.expected_change is None
    for kind in (DishClass.PUZZLE, DishClass.DOG, DishClass.STAR, DishClass.COST_MISSING):
        assert prices.idea(dish(kind), rounded_to_minor=50) is None
    assert prices.idea(dish(DishClass.PLOWHORSE, cost_minor=None), rounded_to_minor=50) is None


def test_a_step_that_may_lose_is_no_idea() -> None:
    sure, unsure = Elasticity(-0.5, -0.8, -0.2), Elasticity(-2.0, -4.0, 0.0)
    known = prices.idea(dish(DishClass.STAR), rounded_to_minor=50, known=sure)
    assert known is not None
    assert known.expected_change == pytest.approx((950 / 900) ** -0.5 - 1)
    assert prices.idea(dish(DishClass.STAR), rounded_to_minor=50, known=unsure) is None
