"""What is ordered together: exact rules and recommendations, nasty baskets first."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.analytics import baskets
from services.analytics.baskets import Recommender, rules
from services.analytics.errors import NegativeError, NotANumberError, OutOfRangeError

# Five orders; counts below are by hand.
EVENING = [
    {"bread", "milk"},
    {"bread", "diapers", "beer", "eggs"},
    {"milk", "diapers", "beer", "cola"},
    {"bread", "milk", "diapers", "beer"},
    {"bread", "milk", "diapers", "cola"},
]


@pytest.mark.parametrize("nothing", [[], [set()], [set(), set()]])
def test_nothing_ordered_makes_no_rule(nothing: list[set[str]]) -> None:
    assert rules(nothing, 0, 0) == []


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_of_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(OutOfRangeError):
        rules(EVENING, share, 0.5)
    with pytest.raises(OutOfRangeError):
        rules(EVENING, 0.5, share)
    with pytest.raises(NotANumberError):
        rules(EVENING, float("nan"), 0.5)


def test_counts_are_those_of_the_textbook() -> None:
    """Tan, Steinbach and Kumar (2005), table 6.1: {milk, diapers} -> beer, .4 and .67."""
    found = {(one.antecedent, one.consequent): one for one in rules(EVENING, 0.4, 0.6)}
    rule = found[frozenset({"milk", "diapers"}), "beer"]
    assert (rule.count, rule.support) == (2, 0.4)
    assert rule.confidence == pytest.approx(2 / 3)
    # Beer is in three of five: 2/3 by 3/5.
    assert rule.lift == pytest.approx(10 / 9)


def test_four_of_five_is_not_lost_to_rounding() -> None:
    """0.8 as a double is a little more than 4/5, and 0.1 + 0.2 a little more than 3/10."""
    day = [{"a", "b"}] * 4 + [{"a"}]
    assert [(one.antecedent, one.consequent) for one in rules(day, 0.8, 0.8)] == [
        (frozenset("b"), "a"),
        (frozenset("a"), "b"),
    ]
    many = [{"a", "b"}] * 3 + [{"c"}] * 7
    assert len(rules(many, 0.1 + 0.2, 1)) == 2


def test_two_of_two_is_less_sure_than_eighty_of_a_hundred() -> None:
    """Wilson's lower bounds, by hand: 2/2 gives .342, 80/100 gives .711."""
    day = [{"a", "b"}] * 2 + [{"c", "d"}] * 80 + [{"c"}] * 20
    low = {(min(one.antecedent), one.consequent): one.confidence_low for one in rules(day, 0, 0)}
    assert low["a", "b"] == pytest.approx(0.342, abs=0.001)
    assert low["c", "d"] == pytest.approx(0.711, abs=0.001)


def test_the_order_of_a_party_of_sixty_ends() -> None:
    party = [{f"dish {number}" for number in range(60)}, {"dish 1", "dish 2"}]
    found = rules(party, 0, 0)
    assert max(len(one.antecedent) for one in found) == 2
    assert found[0].confidence == 1


@settings(max_examples=60, deadline=None)
@given(
    day=st.lists(st.sets(st.sampled_from("abcdef")), max_size=12),
    support=st.sampled_from([0, 0.1, 0.25, 1 / 3, 0.5, 0.8, 1]),
    confidence=st.sampled_from([0, 0.2, 0.5, 2 / 3, 0.8, 1]),
)
def test_rules_are_those_of_counting_everything(
    day: list[set[str]], support: float, confidence: float
) -> None:
    from fractions import Fraction

    want = {}
    least = [Fraction(one).limit_denominator(1000) for one in (support, confidence)]
    for size in range(2, 7):
        for items in combinations("abcdef", size):
            count = sum(set(items) <= basket for basket in day)
            if not count or count < least[0] * len(day):
                continue
            for item in items:
                rest = frozenset(items) - {item}
                base = sum(rest <= basket for basket in day)
                if count >= least[1] * base:
                    want[rest, item] = (count, count / len(day), count / base)
    found = {
        (one.antecedent, one.consequent): (one.count, one.support, one.confidence)
        for one in rules([tuple(basket) * 2 for basket in day], support, confidence)
    }
    assert found == want


def test_the_size_limit_leaves_whole_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baskets, "MOST_SETS", 12)
    found = rules([set("abcd")] * 3, 0.5, 0.5)
    # Four dishes and six pairs fit, four triples do not.
    assert len(found) == 12
    assert {len(one.antecedent) for one in found} == {1}


def _orders(count: int, seed: int = 4) -> list[set[str]]:
    """Dishes with few favourites (Zipf), some of which go together."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 61)
    weights /= weights.sum()
    found = []
    for _ in range(count):
        basket = {f"d{one}" for one in rng.choice(60, size=rng.integers(1, 4), p=weights)}
        for one in tuple(basket):
            # Each dish has a companion that three in ten take.
            if rng.random() < 0.3:
                basket.add(f"d{(int(one[1:]) * 7 + 13) % 60}")
        found.append(basket)
    return found


@pytest.mark.parametrize("nothing", [[], [set()], [set()] * 500])
def test_a_recommender_without_orders_recommends_nothing(nothing: list[set[str]]) -> None:
    model = Recommender.fit(nothing)
    assert model.recommend({"pizza"}, 5) == []


@pytest.mark.parametrize(("value", "error"), [(0, NegativeError), (-1, NegativeError)])
def test_a_ridge_is_above_zero(value: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        Recommender.fit(EVENING, regularisation=value)
    with pytest.raises(NotANumberError):
        Recommender.fit(EVENING, regularisation=float("nan"))


def test_weights_are_those_of_the_paper() -> None:
    """Steck (2019), eq. 8, on two dishes by hand.

    300 orders: 100 with both, 100 with a, 100 with b; G = [[200, 100], [100, 200]], lambda 50:
    G + 50 I = [[250, 100], [100, 250]], its inverse is [[250, -100], [-100, 250]] / 52500, so
    B = 100 / 250 = 0.4 off the diagonal.
    """
    model = Recommender.fit([{"a", "b"}] * 100 + [{"a"}] * 100 + [{"b"}] * 100, regularisation=50)
    assert model.method == "ease"
    assert model.weights == pytest.approx(np.array([[0, 0.4], [0.4, 0]]))
    assert model.recommend({"a"}, 5) == [("b", pytest.approx(0.4))]


@pytest.mark.parametrize(
    ("count", "method"), [(49, "popularity"), (50, "pairs"), (299, "pairs"), (300, "ease")]
)
def test_few_orders_take_simpler_ways(count: int, method: str) -> None:
    model = Recommender.fit([{"a", "b"}] * count)
    assert model.method == method
    assert model.recommend({"a"}, 3)[0][0] == "b"


def test_what_is_in_the_basket_or_sold_out_is_not_offered() -> None:
    model = Recommender.fit(_orders(400))
    taken, without = {"d0", "d1", "unknown"}, {"d2", "d3"}
    offered = {item for item, _ in model.recommend(taken, 100, without=without)}
    assert offered == set(model.items) - taken - without
    assert model.recommend(taken, 0) == []
    assert len(model.recommend(taken, 4)) == 4


def test_an_empty_basket_gets_what_is_popular() -> None:
    model = Recommender.fit([{"a"}] * 200 + [{"b"}] * 150 + [{"c"}] * 10)
    assert [item for item, _ in model.recommend([], 2)] == ["a", "b"]
    assert [item for item, _ in model.recommend(["unknown"], 2)] == ["a", "b"]


def test_a_guest_who_orders_again_is_offered_it() -> None:
    model = Recommender.fit(_orders(600))
    last = model.recommend({"d0"}, 100)[-1][0]
    assert model.recommend({"d0"}, 1, usual={last: 9, "d0": 1})[0][0] == last


def test_the_order_of_orders_changes_nothing() -> None:
    day = _orders(500)
    assert Recommender.fit(day).recommend({"d3"}, 10) == Recommender.fit(day[::-1]).recommend(
        ["d3"], 10
    )


def test_it_beats_popularity_by_a_fifth_on_later_orders() -> None:
    """Leave one out: hit rate among five, and mean reciprocal rank."""
    day = _orders(6000)
    model = Recommender.fit(day[:5000])
    popular = [item for item, _ in model.recommend([], 60)]
    ours, theirs = [], []
    for basket in day[5000:]:
        if len(basket) < 2:
            continue
        for held in sorted(basket):
            rest = basket - {held}
            ours.append([item for item, _ in model.recommend(rest, 60)].index(held))
            theirs.append([item for item in popular if item not in rest].index(held))
    for measure in (
        lambda ranks: np.mean(np.array(ranks) < 5),
        lambda r: np.mean(1 / (np.array(r) + 1)),
    ):
        assert measure(ours) > 1.2 * measure(theirs)
