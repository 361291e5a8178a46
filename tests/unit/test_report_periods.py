"""Which days an address asks for, and which they are compared with."""

from datetime import date
from typing import Any

import pytest

from services.base.errors import InvalidInputError
from services.reports.periods import Compare, Range, read_span

# A Sunday.
TODAY = date(2026, 11, 22)


def _span(**query: str) -> tuple[str, str, str, str]:
    span = read_span(query, today=TODAY)
    days: list[Any] = [span.period, span.before]
    first, last, before_first, before_last = [
        str(day) for one in days for day in (one.first_day, one.last_day)
    ]
    return first, last, before_first, before_last


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, ("2026-10-24", "2026-11-22", "2026-09-24", "2026-10-23")),
        ({"range": "today"}, ("2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21")),
        ({"range": "7"}, ("2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15")),
        # 52 weeks before a Sunday is a Sunday.
        (
            {"range": "today", "compare": "year"},
            ("2026-11-22", "2026-11-22", "2025-11-23", "2025-11-23"),
        ),
        ({"range": "year"}, ("2026-01-01", "2026-11-22", "2025-02-09", "2025-12-31")),
        # The days may come in the wrong order, and those to come have not happened.
        (
            {"from": "2026-12-24", "to": "2026-11-20"},
            ("2026-11-20", "2026-11-22", "2026-11-17", "2026-11-19"),
        ),
        # More than a year is compared with days that it does not hold itself.
        (
            {"from": "2025-06-01", "to": "2026-11-22", "compare": "year"},
            ("2025-06-01", "2026-11-22", "2023-06-04", "2024-11-24"),
        ),
    ],
)
def test_an_address_names_days_and_days_to_compare_with(
    query: dict[str, str], days: tuple[str, str, str, str]
) -> None:
    assert _span(**query) == days


@pytest.mark.parametrize(
    "query",
    [
        {"range": "custom"},
        {"range": "14"},
        {"compare": "never"},
        {"from": "2026-11-01"},
        {"from": "0001-01-01", "to": "2026-11-01"},
        {"from": "2024-11-01", "to": "2026-11-22"},
        {"from": "x", "to": "2026-11-01"},
    ],
)
def test_what_is_no_time_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        read_span(query, today=TODAY)


def test_a_span_s_query_leads_to_itself() -> None:
    for query in ({}, {"range": "year"}, {"from": "2026-01-02", "to": "2026-01-03"}):
        span = read_span(query | {"compare": "year"}, today=TODAY)
        asked = dict(part.split("=") for part in span.query().split("&"))
        assert read_span(asked, today=TODAY) == span
    assert read_span({}, today=TODAY).query() == ""
    span = read_span({"from": "2026-01-02", "to": "2026-01-03"}, today=TODAY)
    assert span.query(range_=Range.WEEK, compare=Compare.YEAR) == "range=7&compare=year"
