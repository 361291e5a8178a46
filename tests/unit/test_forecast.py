"""Days to come: odd histories first, then ranges that hold what they say."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.analytics import forecast
from services.analytics.errors import NegativeError, NotANumberError
from services.analytics.forecast import DayForecast

MONDAY = date(2026, 1, 5)
WEEK = np.array([0.7, 0.8, 0.9, 1.0, 1.3, 1.5, 0.8])


def _orders(
    days: int, *, mean: float = 60, seed: int = 1, spread: float = 0.05
) -> list[float | None]:
    """Counts with a weekday profile; some days are better or worse as a whole."""
    rng = np.random.default_rng(seed)
    expected = mean * WEEK[np.arange(days) % 7] * rng.gamma(1 / spread, spread, days)
    return [float(count) for count in rng.poisson(expected)]


def _is_sound(days: list[DayForecast]) -> bool:
    return all(
        np.isfinite([one.expected, one.low, one.high]).all()
        and 0 <= one.low <= one.expected <= one.high
        for one in days
    )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(NotANumberError):
        forecast.fit([1, bad, 3], MONDAY)


def test_a_day_below_zero_is_refused() -> None:
    with pytest.raises(NegativeError):
        forecast.fit([1, -1, 3], MONDAY)
    with pytest.raises(NegativeError):
        forecast.fit([1, 2, 3], MONDAY).predict(-1)


@pytest.mark.parametrize("values", [[], [None], [None] * 60, [0.0] * 60, [0.0], [0.0, None] * 40])
def test_nothing_yesterday_is_nothing_tomorrow(values: list[float | None]) -> None:
    days = forecast.fit(values, MONDAY).predict(14)
    assert len(days) == 14
    assert {(one.expected, one.low, one.high) for one in days} == {(0.0, 0.0, 0.0)}


def test_three_days_of_data_are_their_mean_and_say_that_they_are_few() -> None:
    fitted = forecast.fit([10, 12, 8], MONDAY)
    assert not fitted.is_enough
    assert (fitted.mase, fitted.coverage) == (None, None)
    days = fitted.predict(7)
    assert days[0].day == date(2026, 1, 8)
    # Never seen: half of the mean as the deviation either way, 10 ± 1.28 · 5.
    assert days[4].expected == pytest.approx(10, abs=0.2)
    assert days[4].low == pytest.approx(10 - 6.4, abs=0.2)
    assert days[4].high == pytest.approx(10 + 6.4, abs=0.2)


def test_four_open_weeks_are_enough() -> None:
    assert not forecast.fit(_orders(27), MONDAY).is_enough
    assert forecast.fit(_orders(28), MONDAY).is_enough
    assert not forecast.fit([None, *_orders(27)], MONDAY).is_enough


def test_a_year_without_a_monday_has_none_to_come() -> None:
    values = [None if place % 7 == 0 else count for place, count in enumerate(_orders(364))]
    days = forecast.fit(values, MONDAY).predict(14)
    for one in days:
        assert one.is_closed == (one.day.weekday() == 0)
        assert (one.expected == 0) == one.is_closed
    assert _is_sound(days)


def test_a_closed_month_is_neither_a_slump_nor_the_end_of_all_weekdays() -> None:
    values = _orders(240)
    closed = [None if 180 <= place < 210 else count for place, count in enumerate(values)]
    just_back = [*values[:180], *[None] * 30]
    usual = forecast.fit(values, MONDAY).predict(7)
    for history in (closed, just_back):
        days = forecast.fit(history, MONDAY + timedelta(days=len(values) - len(history))).predict(7)
        assert not any(one.is_closed for one in days)
        assert sum(one.expected for one in days) == pytest.approx(
            sum(one.expected for one in usual), rel=0.12
        )


def test_open_days_without_anybody_pull_down_and_closed_days_do_not() -> None:
    values = _orders(140)
    zero = [0.0 if place % 7 == 2 else count for place, count in enumerate(values)]
    days = forecast.fit(zero, MONDAY).predict(7)
    assert not days[2].is_closed
    assert days[2].expected < 0.1 * days[3].expected


def test_weekdays_are_those_of_the_past() -> None:
    days = forecast.fit(_orders(364, spread=1e-6), MONDAY).predict(7)
    shape = np.array([one.expected for one in days])
    assert shape / shape.mean() == pytest.approx(WEEK / WEEK.mean(), abs=0.06)


def test_a_jump_is_followed_within_weeks() -> None:
    values = [*_orders(200, mean=30), *_orders(42, mean=60, seed=2)]
    week = forecast.fit(values, MONDAY).predict(7)
    assert sum(one.expected for one in week) / 7 == pytest.approx(60, rel=0.15)


def test_a_trend_ends() -> None:
    rising = [20 * 1.01**place for place in range(200)]
    days = forecast.fit(rising, MONDAY).predict(400)
    assert _is_sound(days)
    assert max(one.expected for one in days) < 2 * rising[-1]


def test_holidays_are_learnt_and_expected() -> None:
    holidays = [MONDAY + timedelta(days=place) for place in range(3, 400, 23)]
    values = _orders(364)
    for day in holidays:
        place = (day - MONDAY).days
        if place < len(values):
            values[place] = 2 * (values[place] or 0)
    fitted = forecast.fit(values, MONDAY, holidays=holidays)
    plain = forecast.fit(values, MONDAY)
    for with_them, without in zip(fitted.predict(30), plain.predict(30), strict=True):
        if with_them.day in holidays:
            assert with_them.expected > 1.5 * without.expected


def test_a_day_that_will_be_closed_is_closed() -> None:
    day = MONDAY + timedelta(days=101)
    days = forecast.fit(_orders(100), MONDAY).predict(3, closed=[day])
    assert [one.is_closed for one in days] == [False, True, False]


def test_prediction_goes_on_over_new_year_and_the_night_clocks_change() -> None:
    days = forecast.fit(_orders(100), date(2026, 9, 1)).predict(120)
    assert [one.day for one in days] == [date(2026, 12, 10) + timedelta(days=n) for n in range(120)]
    assert _is_sound(days)
    # Further ahead is never surer.
    same = [one for one in days if one.day.weekday() == 4]
    widths = [(one.high - one.low) / one.expected for one in same]
    assert all(after >= before - 1e-9 for before, after in pairwise(widths[4:]))


@pytest.mark.parametrize("unit", [1, 100, 1e-3])
def test_money_may_be_counted_in_any_unit(unit: float) -> None:
    values = [None if one is None else one * 25 for one in _orders(120)]
    plain = forecast.fit(values, MONDAY).predict(14)
    other = forecast.fit([None if one is None else one * unit for one in values], MONDAY).predict(
        14
    )
    for one, two in zip(plain, other, strict=True):
        assert two.expected == pytest.approx(one.expected * unit, rel=1e-6)
        assert two.low == pytest.approx(one.low * unit, rel=1e-4, abs=1e-9)
        assert two.high == pytest.approx(one.high * unit, rel=1e-4)


@settings(max_examples=80, deadline=None)
@given(
    values=st.lists(st.none() | st.integers(0, 500) | st.just(0), max_size=90),
    days=st.integers(0, 40),
)
def test_every_history_has_an_answer(values: list[Any], days: int) -> None:
    predicted = forecast.fit(values, MONDAY).predict(days)
    assert len(predicted) == days
    assert _is_sound(predicted)


@pytest.mark.parametrize(
    ("mean", "spread", "without_mondays"),
    [(4, 1e-6, False), (60, 0.05, False), (60, 0.05, True), (300, 0.02, False)],
)
def test_ranges_hold_four_of_five_days_and_errors_are_below_the_naive_ones(
    mean: float, spread: float, *, without_mondays: bool
) -> None:
    """Ten restaurants each, 28 days that no fit has seen: 70 to 90 % inside."""
    inside: list[bool] = []
    ours = naive = 0.0
    for seed in range(10):
        values = _orders(280, mean=mean, seed=seed, spread=spread)
        if without_mondays:
            values = [None if place % 7 == 0 else one for place, one in enumerate(values)]
        fitted = forecast.fit(values[:252], MONDAY)
        for place, one in enumerate(fitted.predict(28), start=252):
            actual, before = values[place], values[place - 7]
            if actual is None or before is None:
                continue
            inside.append(one.low <= actual <= one.high)
            if place < 259:
                ours += abs(actual - one.expected)
                naive += abs(actual - before)
    assert 0.7 <= np.mean(inside) <= 0.9
    assert ours < 0.9 * naive


def test_the_back_test_says_how_good_it_is() -> None:
    fitted = forecast.fit(_orders(364), MONDAY)
    assert fitted.mase is not None
    assert 0.5 < fitted.mase < 0.9
    assert fitted.coverage is not None
    assert 0.7 <= fitted.coverage <= 0.9


def test_hours_add_up_to_their_day() -> None:
    day = DayForecast(MONDAY, 40, 30, 52)
    hours = forecast.by_hour(day, [0, 1, 3, 6])
    assert [one.expected for one in hours] == [0, 4, 12, 24]
    assert _is_sound(hours)
    # An hour is less sure than its day, in proportion.
    assert (hours[3].high - hours[3].low) / 24 > (day.high - day.low) / 40
    assert [one.expected for one in forecast.by_hour(day, [0, 0])] == [20, 20]
    assert forecast.by_hour(day, []) == []
    with pytest.raises(NegativeError):
        forecast.by_hour(day, [1, -1])
