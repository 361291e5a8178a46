"""What stands on a number's card."""

import pytest

from services.reports.measures import metric
from services.reports.words import Change, change_of, number_text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 min"),
        (0.03, "0 min"),
        (0.6, "0.6 min"),
        (2.0, "2 min"),
        (2.26, "2.3 min"),
        (-1.5, "\N{MINUS SIGN}1.5 min"),
        (12.4, "12 min"),
        (60, "60 min"),
    ],
)
def test_few_minutes_are_told_with_a_tenth(minutes: float, said: str) -> None:
    assert number_text(minutes, "minutes", "EUR") == said


def test_nothing_beside_nothing_is_no_change() -> None:
    assert change_of(metric("orders", 0, 0), "EUR") == Change()
    assert change_of(metric("orders", 5, 5), "EUR").direction == 0
    assert change_of(metric("orders", 5, 5), "EUR").text != ""
    assert change_of(metric("orders", 5, 0), "EUR").text == "+5"


def test_every_number_says_why_it_is_missing() -> None:
    assert metric("growth", None).lacking == "Nothing to compare with"
    assert metric("average", None).lacking == "Nothing in this time"
    assert metric("retention", None).lacking == "Not enough data yet"
