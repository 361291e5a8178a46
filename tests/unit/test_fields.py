"""What people type into forms."""

from typing import Any

import pytest

from services.base import fields
from services.base.errors import InvalidInputError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Burrata \t\n di  Puglia ", "Burrata di Puglia"),
        ("Bur\x00ra\x07ta", "Burrata"),
        ("Cafe\u0301", "Café"),
        ("👩‍🍳 soup", "👩‍🍳 soup"),  # joined by U+200D, which must stay
        ("می‌خواهم", "می‌خواهم"),  # holds U+200C
        ("\ud800x", "x"),
        ("\u200b\u2060", ""),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(typed: str, kept: str) -> None:
    assert fields.line(typed, field="name", most=20) == kept


def test_a_text_keeps_its_lines_and_loses_what_no_column_holds() -> None:
    typed = " Window \x00seat,\n  no\ud800 nuts\t!\n\n"
    assert fields.text(typed, field="text") == "Window seat,\n  no nuts\t!"
    with pytest.raises(InvalidInputError, match=r"^This must be text\.$"):
        fields.text(7, field="text")


@pytest.mark.parametrize("typed", ["", " \n", "\u200b", "\x00"])
def test_a_required_line_must_show_something(typed: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^This cannot be empty\.$") as refusal:
        fields.line(typed, field="name", most=20, required=True)
    assert refusal.value.field == "name"


def test_length_is_counted_after_cleaning() -> None:
    assert fields.line(" " + "x" * 20 + " ", field="name", most=20) == "x" * 20
    with pytest.raises(InvalidInputError):
        fields.line("x" * 21, field="name", most=20)


@pytest.mark.parametrize("value", [None, 5, b"x", ["x"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^This must be text\.$"):
        fields.line(value, field="name", most=20)


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^This must be a whole number\.$"):
        fields.whole_number(value, field="spice", least=0, most=3)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        ((("17:00", "23:00"),), [["17:00", "23:00"]]),
        ([["18:00", "02:00"], ["02:00", "10:00"]], [["02:00", "10:00"], ["18:00", "02:00"]]),
        ([["00:00", "00:00"]], [["00:00", "00:00"]]),
        ([["08:00", "12:00"], ["12:00", "15:00"]], [["08:00", "12:00"], ["12:00", "15:00"]]),
    ],
)
def test_shifts_come_in_their_order(given: Any, kept: list[list[str]]) -> None:
    assert fields.shifts(given, field="hours") == kept


@pytest.mark.parametrize(
    "given",
    [
        [["08:00", "12:00"], ["11:00", "15:00"]],
        [["08:00", "08:00"], ["11:00", "15:00"]],
        [["22:00", "02:00"], ["23:00", "23:30"]],
        [["20:00", "09:00"], ["08:00", "12:00"]],
    ],
)
def test_shifts_that_overlap_are_refused(given: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"^Two pairs of times overlap\.$"):
        fields.shifts(given, field="hours")


@pytest.mark.parametrize(
    "given",
    [[["8:00", "12:00"]], [["08:00", "12:60"]], [["08:00"]], ["08:00"], [["٠٨:٠٠", "12:00"]]],
)
def test_times_are_written_as_hours_and_minutes(given: Any) -> None:
    with pytest.raises(
        InvalidInputError, match=r"^Write times as hours and minutes, like 17:00\.$"
    ):
        fields.shifts(given, field="hours")


@pytest.mark.parametrize("code", ["", "EN", "en-GB", "xx", "english", None, "../x"])
def test_an_unknown_language_is_refused(code: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^This is not a language we know\.$"):
        fields.language(code, field="languages")


def test_empty_translations_are_dropped() -> None:
    given = {"ar": {"name": " بوراتا ", "note": " "}, "de": {"name": ""}}
    assert fields.translations(given, {"name": 80, "note": 160}) == {"ar": {"name": "بوراتا"}}
