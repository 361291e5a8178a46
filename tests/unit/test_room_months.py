"""A period as whole months and the days at its ends."""

from datetime import date

import pytest

from services.analytics.room_months import cut
from services.analytics.room_types import Period


def spans(first: str, last: str) -> tuple[list[str], list[str]]:
    months, ends = cut(Period(date.fromisoformat(first), date.fromisoformat(last)))
    return [str(one)[:7] for one in months], [f"{one.first_day}/{one.last_day}" for one in ends]


@pytest.mark.parametrize(
    ("first", "last", "months", "ends"),
    [
        ("2026-05-13", "2026-05-13", [], ["2026-05-13/2026-05-13"]),
        ("2026-05-01", "2026-05-31", ["2026-05"], []),
        ("2024-02-01", "2024-02-28", [], ["2024-02-01/2024-02-28"]),
        ("2024-02-01", "2024-02-29", ["2024-02"], []),
        (
            "2025-12-30",
            "2026-03-02",
            ["2026-01", "2026-02"],
            ["2025-12-30/2025-12-31", "2026-03-01/2026-03-02"],
        ),
        ("2026-04-30", "2026-05-01", [], ["2026-04-30/2026-04-30", "2026-05-01/2026-05-01"]),
    ],
)
def test_a_period_is_its_whole_months_and_what_is_left(
    first: str, last: str, months: list[str], ends: list[str]
) -> None:
    assert spans(first, last) == (months, ends)


def test_every_day_of_a_year_is_in_exactly_one_part() -> None:
    period = Period(date(2025, 5, 14), date(2026, 5, 13))
    months, ends = cut(period)

    assert len(months) == 11
    assert sum(one.day_count for one in ends) == 18 + 13
