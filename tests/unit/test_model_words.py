"""How well models did, as an owner reads it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.analytics.model_page import ModelsPage
from services.analytics.results import Kind, Result
from state.staff.night_words import ModelView, model_views


def _result(kind: Kind, result: dict[str, Any], *, is_enough: bool = True) -> Result:
    return Result(
        kind=kind, result=result, learnt_from={"baskets": 900, "portions": 4000},
        data_until=date(2026, 5, 12), is_enough=is_enough,
        calculated_at=datetime(2026, 5, 13, 2, tzinfo=UTC),
    )  # fmt: skip


def _view(key: str, *found: Result) -> ModelView:
    page = ModelsPage({}, {}, {one.kind: one for one in found}, ())
    return next(one for one in model_views(page) if one.key == key)


@pytest.mark.parametrize(
    ("came", "look", "words"),
    [
        (186, "ok", "Of 100 guests we expected back in the last 13 weeks, 93 came."),
        (240, "ok", "Of 100 guests we expected back in the last 13 weeks, 120 came."),
        (100, "warn", "Of 100 guests we expected back in the last 13 weeks, 50 came."),
    ],
)
def test_guests_who_came_back_of_a_hundred(came: int, look: str, words: str) -> None:
    told = {"returned": came, "returned_expected": 200.0, "error": 1.0, "error_last": 1.2}
    view = _view("returning", _result(Kind.PROOF, told))
    assert (view.how, view.look) == (words, look)


def test_a_simple_rule_that_was_closer_is_named() -> None:
    told = {"returned": 9, "returned_expected": 9.0, "error": 1.3, "error_last": 1.2}
    assert _view("returning", _result(Kind.PROOF, told)).how.endswith("would have been closer.")


@pytest.mark.parametrize("told", [{}, {"returned": 0, "returned_expected": 0.2}])
def test_what_cannot_be_checked_says_so(told: dict[str, Any]) -> None:
    proof = _result(Kind.PROOF, told, is_enough=bool(told))
    assert _view("returning", proof).look == "info"


def test_a_forecast_says_how_far_off_it_was_and_what_a_simple_rule_would_have_been() -> None:
    trial = {"inside": 23, "days": 28, "error": 6.25, "last_week": 9.0}
    demand = _result(Kind.DEMAND, {"metrics": {"orders": {"days": [], "trial": trial}}})
    view = _view("busy", demand)
    assert "on 23 of 28 days" in view.how
    assert view.how.endswith("6.2 off on average. “As a week before” would have been 9.0 off.")
    assert (view.look, view.known) == ("ok", "With data until 12 May 2026")


def test_before_the_first_night_there_is_nothing_to_say() -> None:
    assert model_views(ModelsPage({}, {}, {}, ())) == []
