"""Criteria: what is read, what is refused and where, and how they sound."""

from datetime import date
from uuid import UUID

import pytest

from services.base.texts import sentence
from services.segments import criteria
from services.segments.errors import InvalidCriteriaError
from services.segments.fields import FIELDS
from services.segments.types import AllOf, Is, Leaf

DISH = UUID("01a204c9-4da4-7281-9934-eaaf35776ed1")
SPENT = {"field": "total_spent", "is": "at_least", "value": 5000}
TWICE = {
    "field": "ordered_dish",
    "is": "at_least",
    "value": 2,
    "dish": str(DISH),
    "since": "2026-06-01",
}


def _refused(given: object) -> str:
    with pytest.raises(InvalidCriteriaError) as refused:
        criteria.parse(given)
    return sentence("en", refused.value)


def test_nothing_means_everybody() -> None:
    assert criteria.parse({}) == AllOf(())


def test_a_leaf_has_the_types_of_its_field() -> None:
    assert criteria.parse(TWICE) == Leaf(
        "ordered_dish", Is.AT_LEAST, 2, {"dish": DISH, "since": date(2026, 6, 1)}
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        SPENT,
        TWICE,
        {"all": [SPENT, {"any": [TWICE, {"not": SPENT}]}]},
        {"field": "tag", "is": "any_of", "value": ["window", "birthday"]},
        {"field": "mean_gap", "is": "between", "value": [3, 6.5]},
        {"field": "here_now", "is": "is", "value": True},
        {"field": "last_visit", "is": "between", "value": ["2026-01-01", "2026-02-01"]},
    ],
)
def test_what_is_written_is_read_again(given: dict[str, object]) -> None:
    tree = criteria.parse(given)
    assert criteria.parse(criteria.to_json(tree)) == tree


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "The condition “1” is no condition."),
        ("x", "The condition “1” is no condition."),
        ({"all": SPENT}, "The condition “all” needs a list of conditions."),
        ({"all": [], "any": []}, "The condition “all” needs a list of conditions."),
        (
            {"all": [SPENT, {"not": {"field": "shoe_size", "is": "is", "value": 43}}]},
            "The condition “all 2, not” asks for something that does not exist.",
        ),
        (
            {"any": [SPENT | {"is": "contains"}]},
            "The condition “any 1, total_spent” cannot be compared like this.",
        ),
        (
            SPENT | {"is": "; DROP TABLE"},
            "The condition “total_spent” cannot be compared like this.",
        ),
        (SPENT | {"value": "5000"}, "The condition “total_spent” needs a number."),
        (SPENT | {"value": True}, "The condition “total_spent” needs a number."),
        (SPENT | {"value": -1}, "The condition “total_spent” this number cannot be."),
        (SPENT | {"value": float("nan")}, "The condition “total_spent” this number cannot be."),
        (SPENT | {"value": 10**12}, "The condition “total_spent” this number cannot be."),
        (SPENT | {"value": None}, "The condition “total_spent” needs a number."),
        (SPENT | {"extra": 1}, "The condition “total_spent” says more than it can."),
        (
            SPENT | {"is": "in_top_percent", "value": 100},
            "The condition “total_spent” this number cannot be.",
        ),
        (
            SPENT | {"is": "between", "value": [9, 3]},
            "The condition “total_spent” the first value must not be the larger one.",
        ),
        (
            SPENT | {"is": "between", "value": [9]},
            "The condition “total_spent” needs two values, from and to.",
        ),
        ({**TWICE, "dish": None}, "The condition “ordered_dish” is not complete."),
        (
            {**TWICE, "dish": "Margherita"},
            "The condition “ordered_dish” this choice does not exist.",
        ),
        ({**TWICE, "since": "June"}, "The condition “ordered_dish” needs a date."),
        (
            {**TWICE, "until": "2026-05-01"},
            "The condition “ordered_dish” the first value must not be the larger one.",
        ),
        (
            {"field": "status", "is": "is", "value": "angry"},
            "The condition “status” this choice does not exist.",
        ),
        (
            {"field": "status", "is": "any_of", "value": []},
            "The condition “status” choose at least one.",
        ),
        (
            {"field": "anonymous_id", "is": "is", "value": "zz"},
            "The condition “anonymous_id” needs at least 4 digits of an id.",
        ),
        (
            {"field": "here_now", "is": "is", "value": 1},
            "The condition “here_now” needs yes or no.",
        ),
        ({"field": "tag", "is": "is", "value": "  "}, "The condition “tag” needs a word."),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(given: object, said: str) -> None:
    assert _refused(given) == said


def test_criteria_end_somewhere() -> None:
    deep: dict[str, object] = SPENT
    for _ in range(8):
        deep = {"not": deep}
    assert "is nested too deeply" in _refused(deep)
    assert _refused({"any": [SPENT] * 61}) == "These are too many conditions. 60 are possible."


def test_criteria_sound_like_a_sentence() -> None:
    tree = criteria.parse(
        {
            "all": [
                SPENT,
                {"any": [TWICE, {"field": "mean_gap", "is": "at_most", "value": 7}]},
                {"not": {"field": "segment", "is": "is", "value": "vip"}},
                {"field": "daypart_share", "is": "at_least", "value": 60, "daypart": "lunch"},
            ]
        }
    )
    said = criteria.describe(tree, language="en", currency="EUR", names={DISH: "Margherita"})
    assert said == (
        "Spent in all: at least €50.00"
        " and (Orders with (Margherita, since 1 Jun 2026): at least 2"
        " or Days between visits: at most 7 days)"
        " and not (Segment is VIP)"
        " and Share of visits (at lunch (11–15)): at least 60\N{NARROW NO-BREAK SPACE}%"
    )


def test_everybody_nobody_and_yes_or_no_have_words() -> None:
    def said(given: dict[str, object]) -> str:
        return criteria.describe(criteria.parse(given), language="en", currency="EUR")

    assert said({}) == "everybody"
    assert said({"any": []}) == "nobody"
    assert said({"field": "here_now", "is": "is", "value": False}) == "not: Is here now"
    assert said({"field": "mean_gap", "is": "at_least", "value": 6.5}) == (
        "Days between visits: at least 6.5 days"
    )
    assert said({"field": "total_spent", "is": "in_top_percent", "value": 10}) == (
        "Spent in all: among the highest 10\N{NARROW NO-BREAK SPACE}%"
    )


def test_every_field_has_a_comparison_and_choices_where_it_needs_them() -> None:
    for key, field in FIELDS.items():
        assert field.key == key
        assert field.comparisons
        assert bool(field.choices) == (field.kind.value == "choice"), key
