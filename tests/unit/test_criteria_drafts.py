"""Criteria under construction: places, groups, and the way to criteria and back."""

from typing import Any

import pytest

from services.base.errors import InvalidInputError
from services.segments import drafts
from services.segments.drafts import Group

SPENT = {"field": "total_spent", "is": "at_least", "value": 5000}
DAYS = {"field": "visit_days", "is": "at_least", "value": 3}
LOST = {"field": "status", "is": "one_of", "value": ["lost"]}


@pytest.mark.parametrize(
    "criteria",
    [
        {"all": [SPENT]},
        {"any": [SPENT, {"all": [DAYS, LOST]}]},
        {"all": [SPENT, {"not": {"any": [DAYS, LOST]}}]},
        {"not": {"any": [LOST]}},
    ],
)
def test_criteria_become_a_draft_and_the_same_criteria_again(criteria: dict[str, Any]) -> None:
    assert drafts.to_criteria(drafts.from_criteria(criteria)) == criteria


def test_a_single_condition_and_its_denial_become_groups_that_mean_the_same() -> None:
    assert drafts.to_criteria(drafts.from_criteria(SPENT)) == {"all": [SPENT]}
    assert drafts.to_criteria(drafts.from_criteria({"not": SPENT})) == {"not": {"any": [SPENT]}}
    both = {"not": {"all": [SPENT, DAYS]}}
    assert drafts.to_criteria(drafts.from_criteria(both)) == {
        "not": {"any": [{"all": [SPENT, DAYS]}]}
    }


def test_nothing_chosen_is_no_criteria() -> None:
    assert drafts.to_criteria(drafts.from_criteria(None)) is None
    assert drafts.to_criteria(Group("all", [Group("any", [])])) is None


def test_a_draft_is_built_step_by_step() -> None:
    draft = Group()
    assert drafts.add_condition(draft, place="", values=SPENT) == "0"
    assert drafts.add_group(draft, place="", values=DAYS) == "1.0"
    assert drafts.add_condition(draft, place="1", values=LOST) == "1.1"
    assert drafts.to_criteria(draft) == {"all": [SPENT, {"any": [DAYS, LOST]}]}
    drafts.set_join(draft, place="1", join="none")
    drafts.change(draft, place="1.0", values=SPENT)
    assert drafts.to_criteria(draft) == {"all": [SPENT, {"not": {"any": [SPENT, LOST]}}]}
    assert [(line.place, line.depth, line.kind) for line in drafts.lines(draft)] == [
        ("0", 0, "condition"),
        ("1", 0, "group"),
        ("1.0", 1, "condition"),
        ("1.1", 1, "condition"),
        ("1", 0, "foot"),
    ]


def test_the_last_condition_of_a_group_takes_the_group_along() -> None:
    draft = drafts.from_criteria({"all": [SPENT, {"any": [{"all": [DAYS]}]}]})
    drafts.remove(draft, place="1.0.0")
    assert drafts.to_criteria(draft) == {"all": [SPENT]}
    drafts.remove(draft, place="0")
    assert drafts.to_criteria(draft) is None


@pytest.mark.parametrize("place", ["7", "0.0", "x", "-1", "", "0.", "1e9", "٣", "9" * 40])
def test_a_place_that_is_not_there_changes_nothing(place: str) -> None:
    draft = drafts.from_criteria({"all": [SPENT]})
    with pytest.raises(InvalidInputError):
        drafts.remove(draft, place=place)
    with pytest.raises(InvalidInputError):
        drafts.change(draft, place=place, values=DAYS)
    assert drafts.to_criteria(draft) == {"all": [SPENT]}


def test_there_is_an_end_to_conditions_and_to_depth() -> None:
    draft = Group()
    for _ in range(drafts.MAX_CONDITIONS):
        drafts.add_condition(draft, place="", values=SPENT)
    with pytest.raises(InvalidInputError, match="conditions are the most"):
        drafts.add_condition(draft, place="", values=SPENT)
    deep, place = Group(), ""
    for _ in range(drafts.MAX_DEPTH - 1):
        place = drafts.add_group(deep, place=place, values=SPENT).removesuffix(".0")
    with pytest.raises(InvalidInputError):
        drafts.add_group(deep, place=place, values=SPENT)


def test_fifty_groups_inside_one_another_are_shown_whole() -> None:
    criteria: dict[str, Any] = SPENT
    for _ in range(50):
        criteria = {"any": [criteria]}
    draft = drafts.from_criteria(criteria)
    assert max(line.depth for line in drafts.lines(draft)) == 49
    assert drafts.to_criteria(draft) == criteria
