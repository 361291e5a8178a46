"""Two shares, against published numbers, hand calculations and scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.analytics import experiments
from services.analytics.errors import (
    NegativeError,
    NotANumberError,
    OutOfRangeError,
    UnequalLengthsError,
)


@pytest.mark.parametrize(
    ("counts", "error"),
    [
        ((-1, 5, 2, 5), NegativeError),
        ((1, 5, -2, 5), NegativeError),
        ((6, 5, 2, 5), OutOfRangeError),
        ((0, 0, 2, 5), OutOfRangeError),
        ((2, 5, 0, 0), OutOfRangeError),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: tuple[int, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        experiments.two_proportions(*counts)
    with pytest.raises(error):
        experiments.always_valid(*counts, expected_lift=0.1)


def test_the_published_comparison() -> None:
    """250 of 5,000 beside 295 of 5,000: z 1.982, p .0474, +.01 % to +1.79 %."""
    seen = experiments.two_proportions(250, 5000, 295, 5000)
    assert seen.z == pytest.approx(1.982, abs=0.0005)
    assert seen.p == pytest.approx(0.0474, abs=0.00005)
    assert round(100 * seen.low, 2) == 0.01
    assert round(100 * seen.high, 2) == 1.79
    assert seen.test == "z"


def test_newcombes_own_example() -> None:
    """Newcombe (1998), table II, case (a), method 10: 56/70 - 48/80 = .2, .0524 to .3339."""
    seen = experiments.two_proportions(48, 80, 56, 70)
    assert seen.difference == pytest.approx(0.2)
    assert seen.low == pytest.approx(0.0524, abs=0.0001)
    assert seen.high == pytest.approx(0.3339, abs=0.0001)


@pytest.mark.parametrize("counts", [(0, 10, 0, 10), (10, 10, 10, 10), (0, 1, 0, 1)])
def test_nothing_or_everything_in_both_is_no_difference(counts: tuple[int, ...]) -> None:
    seen = experiments.two_proportions(*counts)
    assert (seen.z, seen.p, seen.difference) == (0, 1, 0)
    assert seen.low < 0 < seen.high


@given(a_n=st.integers(1, 60), b_n=st.integers(1, 60), data=st.data())
def test_the_exact_test_is_that_of_scipy(a_n: int, b_n: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, a_n)), data.draw(st.integers(0, b_n))
    table = [[a, a_n - a], [b, b_n - b]]
    assert experiments.fisher(a, a_n, b, b_n) == pytest.approx(stats.fisher_exact(table).pvalue)
    seen = experiments.two_proportions(a, a_n, b, b_n)
    assert (seen.test == "fisher") == (min(map(min, table)) < 10)
    assert -1 <= seen.low <= seen.difference <= seen.high <= 1


def test_the_sample_size_of_the_reference() -> None:
    """10 % to 12 % at alpha .05, power .8: 3,841 an arm."""
    assert experiments.sample_size(0.10, 0.12, 0.05, 0.8) == 3841
    assert experiments.sample_size(0.12, 0.10, 0.05, 0.8) == 3841


@pytest.mark.parametrize(
    "bad", [(0, 0.1, 0.05, 0.8), (0.1, 1, 0.05, 0.8), (0.1, 0.1, 0.05, 0.8), (0.1, 0.2, 0, 0.8),
            (0.1, 0.2, 0.05, 1), (float("nan"), 0.2, 0.05, 0.8)]
)  # fmt: skip
def test_a_plan_needs_shares_between_0_and_1(bad: tuple[float, ...]) -> None:
    with pytest.raises(OutOfRangeError):
        experiments.sample_size(*bad)


@given(
    counts=st.lists(st.integers(0, 3000), min_size=2, max_size=6).filter(any),
    data=st.data(),
)
def test_the_check_of_the_split_is_that_of_scipy(counts: list[int], data: st.DataObject) -> None:
    many = len(counts)
    shares = data.draw(st.lists(st.integers(1, 9), min_size=many, max_size=many))
    planned = [sum(counts) * share / sum(shares) for share in shares]
    expected = stats.chisquare(counts, planned).pvalue
    assert experiments.sample_ratio(counts, shares) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_split_that_cannot_be_is_refused() -> None:
    assert experiments.sample_ratio([0, 0], [1, 1]) == 1
    assert experiments.sample_ratio([5000, 5400], [0.5, 0.5]) < experiments.SPLIT_ALARM
    for counts, shares, error in (
        ([1, 2], [1], UnequalLengthsError),
        ([1], [1], OutOfRangeError),
        ([1, -2], [1, 1], NegativeError),
        ([1, 2], [1, 0], OutOfRangeError),
        ([1, 2], [1, float("nan")], NotANumberError),
    ):
        with pytest.raises(error):
            experiments.sample_ratio(counts, shares)


def test_a_thousand_tests_of_nothing_find_something_in_one_of_twenty() -> None:
    """A/A: 5 % ± 1.4 % at a fixed end; many more with ten looks, but not at the mixture."""
    import numpy as np

    rng = np.random.default_rng(20)
    fixed = peeking = always = 0
    for _ in range(1000):
        a, b = (np.cumsum(rng.binomial(400, 0.1, 10)) for _ in range(2))
        looks = [
            (int(x), 400 * (look + 1), int(y), 400 * (look + 1))
            for look, (x, y) in enumerate(zip(a, b, strict=True))
        ]
        ps = [experiments.two_proportions(*look).p for look in looks]
        fixed += ps[-1] < 0.05
        peeking += min(ps) < 0.05
        always += min(experiments.always_valid(*look, expected_lift=0.02) for look in looks) < 0.05
    assert fixed == pytest.approx(50, abs=14)
    assert peeking > 130
    assert always <= 64


def test_wilsons_interval_by_hand() -> None:
    """0 of 10 at 95 %: 0 to 3.8416 / 13.8416 = .2775."""
    assert experiments.wilson(0, 10, z=1.96) == (0, pytest.approx(0.2775, abs=0.0001))
    assert experiments.wilson(10, 10, z=1.96)[1] == 1
    assert experiments.wilson(0, 0, z=1.96) == (0, 1)
