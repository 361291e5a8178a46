"""Cohorts on columns, by hand and as defined; what nobody can know stays empty."""

from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest

from services.analytics.cohort_columns import Period, by_period, by_trait
from services.analytics.visit_days import VisitDays, day_of, number_of
from tests.unit import plain_cohorts


def _days(
    visits: list[tuple[int, date]], bills: list[tuple[int, date, int]] | None = None
) -> VisitDays:
    count = max((one[0] for one in visits), default=-1) + 1
    pairs = sorted(set(visits))
    money = sorted(bills or [])
    return VisitDays(
        customers=tuple(UUID(int=one) for one in range(count)),
        visitor=np.array([one[0] for one in pairs], dtype=np.int64),
        day=np.array([number_of(one[1]) for one in pairs], dtype=np.int64),
        payer=np.array([one[0] for one in money], dtype=np.int64),
        paid_day=np.array([number_of(one[1]) for one in money], dtype=np.int64),
        paid_minor=np.array([one[2] for one in money], dtype=np.int64),
    )


ANA, BEN, EVA = 0, 1, 2
VISITS = [
    (ANA, date(2026, 1, 3)),
    (ANA, date(2026, 3, 9)),
    (BEN, date(2026, 1, 31)),
    (BEN, date(2026, 2, 1)),
    (EVA, date(2026, 2, 14)),
]


@pytest.mark.parametrize(
    ("until", "asked", "came"),
    [
        # March is not over: nobody is asked about it.
        (date(2026, 3, 30), ((2, 2), (1, 0)), ((2, 1), (1, 0))),
        # It is over on its last day.
        (date(2026, 3, 31), ((2, 2, 2), (1, 1, 0)), ((2, 1, 1), (1, 0, 0))),
    ],
)
def test_a_month_that_is_not_over_asks_nobody(
    until: date, asked: tuple[tuple[int, ...], ...], came: tuple[tuple[int, ...], ...]
) -> None:
    seen = by_period(_days(VISITS), until)
    assert (seen.names, seen.sizes) == (("2026-01-01", "2026-02-01"), (2, 1))
    assert (seen.asked, seen.came) == (asked, came)


def test_quarters_are_cohorts_too() -> None:
    visits = [(ANA, date(2025, 11, 3)), (ANA, date(2026, 1, 3)), (BEN, date(2026, 2, 3))]
    seen = by_period(_days(visits), date(2026, 3, 31), period="quarter")
    assert seen.names == ("2025-10-01", "2026-01-01")
    assert (seen.asked, seen.came) == (((1, 1), (1, 0)), ((1, 1), (1, 0)))


def test_months_closed_between_are_zero() -> None:
    seen = by_period(_days([(ANA, date(2026, 1, 3)), (ANA, date(2026, 4, 3))]), date(2026, 4, 30))
    assert (seen.asked, seen.came) == (((1, 1, 1, 1),), ((1, 0, 0, 1),))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("period", ["month", "quarter"])
def test_columns_count_what_the_definition_counts(seed: int, period: Period) -> None:
    rng = np.random.default_rng(seed)
    until = date(2026, 5, 13) if seed % 2 else date(2026, 5, 31)
    visits = [
        (int(who), until - timedelta(days=int(ago)))
        for who, ago in zip(rng.integers(0, 30, 200), rng.integers(0, 500, 200), strict=True)
    ]
    visits += [(who, until) for who in range(30)]
    plain = plain_cohorts.table(visits, until, period=period)
    counted = by_period(_days(visits), until, period=period)
    assert counted.names == tuple(one.isoformat() for one in plain.cohorts)
    assert counted.sizes == plain.sizes
    for i, row in enumerate(plain.customers):
        # The month that runs has no cell; the plain table has an empty one.
        cells = [
            came if asked else None
            for came, asked in zip(counted.came[i], counted.asked[i], strict=True)
        ]
        assert cells == list(row[: len(cells)])
        assert set(row[len(cells) :]) <= {None}
        assert {one for one in counted.asked[i] if one} <= {plain.sizes[i]}


def test_groups_count_in_each_customers_own_months() -> None:
    until = date(2026, 4, 30)
    visits = [
        (0, date(2026, 1, 10)), (0, date(2026, 2, 10)),
        (1, date(2026, 3, 20)), (1, date(2026, 4, 1)), (2, date(2026, 4, 2)),
    ]  # fmt: skip
    group = np.array([0, 0, 1])
    counted = by_trait(_days(visits), until, group=group, names=["soup", "pie"])
    plain = plain_cohorts.by_group(visits, until, groups={0: "soup", 1: "soup", 2: "pie"})
    assert counted.names == ("soup", "pie")
    assert counted.sizes == (2, 1)
    assert counted.asked == ((2, 2, 1, 1), (1, 0, 0, 0))
    assert counted.came == ((2, 2, 0, 0), (1, 0, 0, 0))
    assert [(one.asked, one.came) for one in plain] == [
        (counted.asked[0], counted.came[0]),
        (counted.asked[1][:1], counted.came[1][:1]),
    ]


def test_value_adds_up_to_the_end_of_each_period_that_is_over() -> None:
    until = date(2026, 4, 15)
    visits = [(0, date(2026, 1, 10)), (0, date(2026, 3, 1)), (1, date(2026, 2, 3))]
    bills = [
        (0, date(2026, 1, 10), 1000), (0, date(2026, 3, 1), 500),
        # A refund beyond what was spent; money of the month that runs is not told yet.
        (1, date(2026, 2, 3), 700), (1, date(2026, 3, 5), -900), (1, date(2026, 4, 5), 50),
    ]  # fmt: skip
    days = _days(visits, bills)
    counted = by_period(days, until)
    assert counted.names == ("2026-01-01", "2026-02-01")
    assert counted.asked == ((1, 1, 1), (1, 1, 0))
    assert counted.value_minor == ((1000, 1000, 1500), (700, -200, 0))
    both = by_trait(days, until, group=np.array([0, 0]), names=["all"])
    # In the third month only the first customer is asked, and only their money counts.
    assert both.asked == ((2, 2, 1),)
    assert both.value_minor == ((1700, 800, 1500),)


def test_nobody_has_no_cohorts_and_a_first_month_no_cells() -> None:
    assert by_period(_days([]), date(2026, 4, 15)).names == ()
    young = by_period(_days([(0, date(2026, 4, 2))]), date(2026, 4, 15))
    assert (young.sizes, young.asked) == ((1,), ((),))
    nobody = by_trait(
        _days([(0, date(2026, 4, 2))]), date(2026, 4, 15), group=np.array([-1]), names=[]
    )
    assert nobody.names == ()


def test_days_and_numbers_are_each_others_inverse() -> None:
    assert number_of(date(1970, 1, 2)) == 1
    assert day_of(number_of(date(2026, 2, 28))) == date(2026, 2, 28)
