"""Expected values are computed by hand."""

from datetime import date, datetime, time, timedelta

import pytest

from models.enums import CustomerStatus
from services.profiles.rules import average_order_minor
from services.totals import rules

LAST = date(2026, 5, 13)


@pytest.mark.parametrize(
    ("visit_days", "span_days", "gap", "status"),
    [
        (1, 0, 0, CustomerStatus.NEW),
        (2, 9, 60, CustomerStatus.NEW),
        (2, 9, 61, CustomerStatus.AT_RISK),
        # g = 14 / 2 = 7 days: at risk after more than 14.
        (3, 14, 14, CustomerStatus.ACTIVE),
        (3, 14, 15, CustomerStatus.AT_RISK),
        # g = 200 / 2 = 100 days: 182 days are within twice the rhythm, 183 are lost all the same.
        (3, 200, 182, CustomerStatus.ACTIVE),
        (3, 200, 183, CustomerStatus.LOST),
        (1, 0, 183, CustomerStatus.LOST),
    ],
)
def test_the_badge_follows_the_gaps(
    visit_days: int, span_days: int, gap: int, status: CustomerStatus
) -> None:
    found = rules.status_by_gaps(
        first_day=LAST - timedelta(days=span_days),
        last_day=LAST,
        visit_days=visit_days,
        today=LAST + timedelta(days=gap),
    )
    assert found is status


def test_an_average_is_rounded_half_up() -> None:
    def average(spent: int, orders: int) -> int:
        return average_order_minor(total_spent_minor=spent, total_orders=orders)

    assert (average(1001, 2), average(1000, 3), average(0, 0)) == (501, 333, 0)


def test_twelve_months_end_with_this_one() -> None:
    months = rules.months_up_to(date(2026, 2, 28))
    assert months[0] == (2025, 3)
    assert months[-2:] == ((2026, 1), (2026, 2))
    assert len(months) == 12


@pytest.mark.parametrize(
    ("hour", "minute", "part"),
    [(4, 59, 4), (5, 0, 0), (10, 59, 0), (11, 0, 1), (15, 0, 2), (17, 0, 3), (22, 0, 4), (0, 0, 4)],
)
def test_parts_of_the_day(hour: int, minute: int, part: int) -> None:
    local = datetime(2026, 5, 13, hour, minute)  # noqa: DTZ001 - a clock on the wall
    assert rules.daypart(local, cutoff=time(5, 0)) == part
