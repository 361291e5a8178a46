"""Cohorts, counted by hand."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import cohorts

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
VISITS = [
    ("ana", date(2026, 1, 3)),
    ("ana", date(2026, 1, 3)),
    ("ana", date(2026, 3, 9)),
    ("ben", date(2026, 1, 31)),
    ("ben", date(2026, 2, 1)),
    ("eva", date(2026, 2, 14)),
]


def test_no_visits_make_no_cohorts() -> None:
    nothing = cohorts.table([], MARCH)
    assert (nothing.cohorts, nothing.sizes, nothing.customers) == ((), (), ())
    assert cohorts.revenue([], MARCH).revenue_minor == ()
    assert cohorts.by_group([], MARCH, groups={}) == ()


def test_a_month_that_is_not_over_is_empty_and_not_zero() -> None:
    seen = cohorts.table(VISITS, date(2026, 3, 30))
    assert seen.cohorts == (JANUARY, FEBRUARY)
    assert seen.sizes == (2, 1)
    assert seen.customers == ((2, 1, None), (1, None, None))
    assert seen.retention(0, 1) == 0.5
    assert seen.retention(0, 2) is None


def test_a_month_is_over_on_its_last_day() -> None:
    seen = cohorts.table(VISITS, date(2026, 3, 31))
    assert seen.customers == ((2, 1, 1), (1, 0, None))


def test_the_running_month_has_a_size_and_no_cells() -> None:
    seen = cohorts.table([("ana", date(2026, 3, 2))], date(2026, 3, 5))
    assert (seen.cohorts, seen.sizes, seen.customers) == ((MARCH,), (1,), ((None,),))


def test_visits_after_the_end_are_left_out() -> None:
    assert cohorts.table(VISITS, date(2026, 1, 31)).sizes == (2,)
    assert cohorts.table(VISITS, date(2025, 12, 31)).sizes == ()


def test_quarters_are_cohorts_too() -> None:
    visits = [("ana", date(2025, 11, 3)), ("ana", date(2026, 1, 3)), ("ben", date(2026, 2, 3))]
    seen = cohorts.table(visits, date(2026, 3, 31), period="quarter")
    assert seen.cohorts == (date(2025, 10, 1), JANUARY)
    assert seen.customers == ((1, 1), (1, None))


def test_months_closed_between_are_zero() -> None:
    visits = [("ana", date(2026, 1, 3)), ("ana", date(2026, 4, 3))]
    assert cohorts.table(visits, date(2026, 4, 30)).customers == ((1, 0, 0, 1),)


def test_a_refund_bigger_than_its_order_is_negative_revenue() -> None:
    payments = [
        ("ana", date(2026, 1, 3), 0),
        ("ana", date(2026, 2, 3), 1200),
        ("ana", date(2026, 2, 9), -2000),
    ]
    seen = cohorts.revenue(payments, date(2026, 2, 28))
    assert seen.cohorts == (JANUARY,)
    assert seen.revenue_minor == ((0, -800),)
    assert seen.is_complete == ((True, True),)


days = st.dates(date(2025, 1, 1), date(2026, 6, 30))
customers = st.integers(0, 6)


@given(
    payments=st.lists(st.tuples(customers, days, st.integers(-5000, 9000)), max_size=40),
    until=days,
    period=st.sampled_from(["month", "quarter"]),
)
def test_revenue_of_all_cohorts_is_all_revenue(
    payments: list[tuple[int, date, int]], until: date, period: cohorts.Period
) -> None:
    seen = cohorts.revenue(payments, until, period=period)
    total = sum(minor for _, day, minor in payments if day <= until)
    assert sum(map(sum, seen.revenue_minor)) == total


@given(visits=st.lists(st.tuples(customers, days), max_size=40), until=days)
def test_month_0_is_everybody_and_no_cell_is_more(
    visits: list[tuple[int, date]], until: date
) -> None:
    seen = cohorts.table(visits, until)
    assert sum(seen.sizes) == len({one for one, day in visits if day <= until})
    for i, k in product(
        range(len(seen.cohorts)), range(len(seen.customers[0]) if seen.cohorts else 0)
    ):
        count = seen.customers[i][k]
        assert count is None or 0 <= count <= seen.sizes[i]
        if k == 0 and count is not None:
            assert count == seen.sizes[i]


def test_groups_ask_only_those_whose_month_is_over() -> None:
    groups = {"ana": "pizza", "ben": "pizza", "eva": "soup"}
    pizza, soup = cohorts.by_group(VISITS, date(2026, 3, 31), groups=groups)
    assert (pizza.group, pizza.size, pizza.asked, pizza.came) == ("pizza", 2, (2, 2, 2), (2, 1, 1))
    assert (soup.group, soup.asked, soup.came) == ("soup", (1, 1), (1, 0))
    # Nobody's first month is over: nobody is asked.
    assert cohorts.by_group(VISITS[:1], date(2026, 1, 9), groups=groups)[0].asked == ()


def test_retention_and_return_are_shares_of_those_who_could() -> None:
    assert cohorts.retention_rate([], ["ana"]) is None
    assert cohorts.retention_rate(["ana", "ben", "ben"], ["ben", "eva"]) == 0.5
    assert cohorts.return_rate(VISITS, date(2026, 1, 20)) is None
    # Ana came after 65 days, Ben after one; Eva's thirty days end on 16 March.
    assert cohorts.return_rate(VISITS, date(2026, 3, 15)) == 0.5
    assert cohorts.return_rate(VISITS, date(2026, 3, 16)) == pytest.approx(1 / 3)
