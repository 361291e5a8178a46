"""Models of visits and spend, nasty input first, then against published numbers."""

from typing import Any

import numpy as np
import pytest

from services.analytics.errors import (
    FirstVisitError,
    FutureVisitError,
    NegativeError,
    NotANumberError,
    NotWholeError,
    UnequalLengthsError,
    UnknownModelError,
)
from services.analytics.value import SpendFit, VisitFit, fit_spend, fit_visits
from services.analytics.value.outlook import at_risk, badge_days, outlook
from services.analytics.value.visits import PRIOR, VisitModel
from services.base.errors import InvalidInputError
from tests.unit.cdnow import customers, ranking

MODELS = ("mbg", "bg")


def published(model: str = "mbg") -> VisitFit:
    """A fit with the published parameters, without fitting."""
    values = {"bg": (0.243, 4.414, 0.793, 2.426), "mbg": (0.525, 6.183, 0.891, 1.614)}[model]
    params = dict(zip(("r", "alpha", "a", "b"), values, strict=True))
    return VisitFit(model, params, 0.0, None, 0, 0, is_enough=True, converged=True)  # type: ignore[arg-type]


SPEND = SpendFit(
    {"p": 6.25, "q": 3.74, "gamma": 15.44}, 0.0, None, 946, is_enough=True, converged=True
)


@pytest.mark.parametrize(
    ("x", "t_x", "T", "error"),
    [
        ([1], [5.0], [4.0], FutureVisitError),
        ([0], [1.0], [4.0], FirstVisitError),
        ([-1], [0.0], [4.0], NegativeError),
        ([1], [-1.0], [4.0], NegativeError),
        ([1], [1.0], [-4.0], NegativeError),
        ([1.5], [1.0], [4.0], NotWholeError),
        ([float("nan")], [1.0], [4.0], NotANumberError),
        ([1], [float("inf")], [float("inf")], NotANumberError),
        ([1], [1.0], [None], NotANumberError),
        (["many"], [1.0], [4.0], NotANumberError),
        ([1, 2], [1.0], [4.0, 4.0], UnequalLengthsError),
        ([1, 2], [1.0, 2.0], [4.0, 4.0, 4.0], UnequalLengthsError),
        ([[1, 2]], [[1.0, 2.0]], [[4.0, 4.0]], UnequalLengthsError),
    ],
)
def test_histories_that_cannot_be_are_refused(
    x: Any, t_x: Any, T: Any, error: type[InvalidInputError]
) -> None:
    with pytest.raises(error) as refused:
        fit_visits(x, t_x, T)
    assert refused.value.field in {"x", "t_x", "T"}


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(UnknownModelError):
        fit_visits([1], [1], [2], model="pareto")  # type: ignore[arg-type]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("x", "t_x", "T"),
    [
        ([], [], []),
        ([0], [0], [0]),
        ([7], [20], [30]),
        # Everybody once, all on the same day, today.
        ([0] * 500, [0] * 500, [0] * 500),
        # Enough customers, none of them twice.
        ([0] * 500, [0] * 500, list(range(500))),
        # Many come again, but too few of them.
        ([1] * 9 + [0] * 500, [3] * 9 + [0] * 500, [9] * 509),
        ([1] * 49, [3] * 49, [9] * 49),
    ],
)
def test_too_few_customers_leave_the_prior(model: VisitModel, x: Any, t_x: Any, T: Any) -> None:
    fit = fit_visits(x, t_x, T, model=model)
    assert fit.params == PRIOR
    assert (fit.is_enough, fit.standard_errors) == (False, None)
    assert fit.customer_count == len(x)
    assert np.isfinite(fit.log_likelihood)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("x", "t_x", "T"),
    [
        # All alike: the likelihood has no peak, only an edge.
        (np.full(100, 5), np.full(100, 10.0), np.full(100, 10.0)),
        (np.full(100, 5), np.full(100, 1.0), np.full(100, 1000.0)),
        # Equal T, one visit or two.
        (np.arange(100) % 2, (np.arange(100) % 2) * 3.0, np.full(100, 10.0)),
        # Every day of ten years.
        (np.full(60, 3650), np.full(60, 521.4), np.full(60, 521.4)),
        # A party of 60 whose phones came together, and one who comes daily.
        (
            np.r_[np.zeros(60), np.full(12, 90)],
            np.r_[np.zeros(60), np.full(12, 13.0)],
            np.full(72, 13.0),
        ),
    ],
)
def test_degenerate_restaurants_have_finite_answers(
    model: VisitModel, x: Any, t_x: Any, T: Any
) -> None:
    fit = fit_visits(x, t_x, T, model=model)
    assert all(0 < value < float("inf") for value in fit.params.values())
    expected = fit.expected_visits(52, x, t_x, T)
    alive = fit.probability_alive(x, t_x, T)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert ((alive >= 0) & (alive <= 1)).all()


def test_the_sample_is_the_one_of_the_papers() -> None:
    known = customers()
    assert len(known.x) == 2357
    assert known.x.sum() == 2457
    assert (known.x == 0).sum() == 1411


def test_bg_nbd_is_what_fader_hardie_and_lee_publish() -> None:
    """Fader, Hardie and Lee (2005), table 2, and their example customer."""
    known = customers()
    fit = fit_visits(known.x, known.t_x, known.T, model="bg")
    assert list(fit.params) == ["r", "alpha", "a", "b"]
    assert fit.params["r"] == pytest.approx(0.243, abs=0.002)
    assert fit.params["alpha"] == pytest.approx(4.414, abs=0.02)
    assert fit.params["a"] == pytest.approx(0.793, abs=0.005)
    assert fit.params["b"] == pytest.approx(2.426, abs=0.02)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert fit.expected_visits(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=0.001)
    assert fit.converged


def test_mbg_nbd_is_what_batislam_denizel_and_filiztekin_publish() -> None:
    """Batislam, Denizel and Filiztekin (2007), on the same data."""
    known = customers()
    fit = fit_visits(known.x, known.t_x, known.T)
    assert fit.params["r"] == pytest.approx(0.525, abs=0.002)
    assert fit.params["alpha"] == pytest.approx(6.183, abs=0.02)
    assert fit.params["a"] == pytest.approx(0.891, abs=0.003)
    assert fit.params["b"] == pytest.approx(1.614, abs=0.005)
    assert fit.log_likelihood == pytest.approx(-9582.1, abs=0.1)
    assert fit.converged
    assert fit.standard_errors is not None
    assert all(0 < error < fit.params[name] for name, error in fit.standard_errors.items())


def test_gamma_gamma_is_what_fader_and_hardie_publish() -> None:
    """Note 025 (2013): the 946 customers who came again."""
    known = customers()
    fit = fit_spend(known.x, known.mean_spend)
    assert list(fit.params) == ["p", "q", "gamma"]
    assert fit.customer_count == 946
    assert fit.params["p"] == pytest.approx(6.25, abs=0.02)
    assert fit.params["q"] == pytest.approx(3.74, abs=0.02)
    assert fit.params["gamma"] == pytest.approx(15.44, abs=0.02)
    # p · gamma / (q - 1), by hand from the published parameters: 6.25 · 15.44 / 2.74 = 35.2.
    assert fit.expected_spend(0, 0.0) == pytest.approx(35.2, abs=0.3)


def test_alive_says_nothing_of_one_visit_in_bg_nbd_and_something_in_mbg_nbd() -> None:
    known = customers()
    once = known.x == 0
    bg = published("bg").probability_alive(known.x, known.t_x, known.T)
    assert (bg[once] == 1).all()
    mbg = published().probability_alive(0, 0, np.array([0.0, 10.0, 40.0]))
    # By hand at T = 0: 1 / (1 + a / b) = b / (a + b) = 1.614 / 2.505.
    assert mbg[0] == pytest.approx(1.614 / 2.505)
    assert mbg[0] > mbg[1] > mbg[2]


def test_expected_visits_rank_who_comes_back_best() -> None:
    """On the hold-out half: P(alive) of BG/NBD .316, expected visits about .77."""
    known = customers()
    came = known.later > 0
    alive = published("bg").probability_alive(known.x, known.t_x, known.T)
    assert ranking(alive, came) == pytest.approx(0.316, abs=0.005)
    expected = published().expected_visits(39, known.x, known.t_x, known.T)
    assert ranking(expected, came) == pytest.approx(0.77, abs=0.01)


def test_the_hold_out_half_is_forecast_a_sixth_too_low() -> None:
    """The sample came more in 1998 than such models see coming; the docs say by how much."""
    known = customers()
    assert known.later.sum() == 1882
    expected = published().expected_visits(39, known.x, known.t_x, known.T).sum()
    assert expected / 1882 == pytest.approx(0.84, abs=0.01)


def test_one_call_takes_one_customer_or_many_times() -> None:
    fit = published()
    assert np.shape(fit.expected_visits(39, 2, 30.43, 38.86)) == ()
    growing = fit.expected_visits([0, 1, 13, 39], 2, 30.43, 38.86)
    assert growing[0] == 0
    assert (np.diff(growing) > 0).all()
    with pytest.raises(UnequalLengthsError):
        fit.expected_visits([1, 2], [1, 2, 3], [1, 1, 1], [4, 4, 4])
    with pytest.raises(NegativeError):
        fit.expected_visits(-1, 2, 30.43, 38.86)


def test_the_chance_of_a_visit_reaches_one_half_at_the_median() -> None:
    fit = published()
    wait = fit.median_wait(12, 38.0, 38.5)
    assert fit.probability_of_visit(wait, 12, 38.0, 38.5) == pytest.approx(0.5)
    # Twelve visits in the first five weeks and none for thirty-three: rather never.
    assert fit.median_wait(12, 5.0, 38.0) == float("inf")


@pytest.mark.parametrize(
    ("x", "mean", "error"),
    [
        ([1, 2], [1.0], UnequalLengthsError),
        ([1], [float("nan")], NotANumberError),
        ([1], [float("inf")], NotANumberError),
        ([-1], [1.0], NegativeError),
        ([0.5], [1.0], NotWholeError),
    ],
)
def test_spend_that_cannot_be_is_refused(
    x: Any, mean: list[float], error: type[InvalidInputError]
) -> None:
    with pytest.raises(error):
        fit_spend(x, mean)


def test_free_orders_and_refunds_are_left_out_of_spend() -> None:
    known = customers()
    whole = fit_spend(known.x, known.mean_spend)
    more = fit_spend(np.r_[known.x, 3, 2, 0], np.r_[known.mean_spend, 0.0, -12.5, 99.0])
    assert more == whole


def test_without_spend_nobody_is_expected_to_spend() -> None:
    for x, mean in (([], []), ([0, 0], [0.0, 0.0]), ([3], [-5.0])):
        fit = fit_spend(x, mean)
        assert not fit.is_enough
        assert fit.expected_spend(2, 0) == 0
        assert fit.expected_spend(0, 0) == 0


def test_few_spenders_keep_their_mean() -> None:
    """By hand: (2 · 20 + 3 · 30) / 5 = 26 a visit."""
    fit = fit_spend([2, 3], [20.0, 30.0])
    assert not fit.is_enough
    assert fit.expected_spend(0, 0.0) == pytest.approx(26.0)


def test_expected_spend_lies_between_the_guest_and_all() -> None:
    """By hand: 6.25 · (15.44 + 2 · 50) / (6.25 · 2 + 2.74) = 47.34."""
    assert SPEND.expected_spend(2, 50.0) == pytest.approx(47.34, abs=0.01)
    # Of a guest nothing is known of: 6.25 · 15.44 / 2.74.
    assert SPEND.expected_spend(0, 0.0) == pytest.approx(35.22, abs=0.01)
    # A refund bigger than what was spent counts as nothing spent.
    assert SPEND.expected_spend(2, -80.0) == SPEND.expected_spend(2, 0.0)


def test_expected_value_is_visits_times_spend() -> None:
    fit = published()
    value = fit.expected_value(52, 2, 30.43, 38.86, spend=SPEND, mean_spend=50.0)
    visits = fit.expected_visits(52, 2, 30.43, 38.86)
    assert value == pytest.approx(visits * SPEND.expected_spend(2, 50.0))
    assert SPEND.expected_value(2, 50.0, visits=3) == pytest.approx(3 * SPEND.expected_spend(2, 50))


def test_at_risk_is_half_of_what_was_expected_at_the_last_visit() -> None:
    fit = published()
    x, t_x = np.full(200, 10.0), np.full(200, 30.0)
    T = t_x + np.linspace(0, 60, 200)
    flags = at_risk(fit, x, t_x, T)
    weeks = 90 / 7
    at_last = fit.expected_visits(weeks, 10, 30, 30)
    for flag, now in zip(flags, fit.expected_visits(weeks, x, t_x, T), strict=True):
        assert flag == (now < at_last / 2)
    # Not at the last visit itself, and for ever from some day on.
    assert not flags[0]
    assert (np.diff(flags.astype(int)) >= 0).all()
    assert flags[-1]


def test_the_outlook_of_nobody_and_of_everybody() -> None:
    none = outlook(published(), SPEND, x=[], t_x=[], T=[], spend_visits=[], mean_spend=[])
    assert none.value.shape == (0,)
    x = np.array([0, 0, 20, 20, 3])
    t_x, T = np.array([0, 0, 38, 5, 20.0]), np.array([0, 200, 38.5, 200, 30.0])
    seen = outlook(
        published(), SPEND, x=x, t_x=t_x, T=T, spend_visits=x, mean_spend=[0, 0, 30, 30, -4]
    )
    assert (seen.value_low <= seen.value_high).all()
    assert (seen.within_7 <= seen.within_14).all()
    assert (seen.within_14 <= seen.within_30).all()
    # Came once 200 weeks ago; came twenty times and then not for 195 weeks.
    assert list(seen.is_lost) == [False, True, False, True, False]
    assert not (seen.is_lost & seen.is_at_risk).any()
    # A regular's range is around what is expected of them.
    assert seen.value_low[2] < seen.value[2] < seen.value_high[2]
    assert seen.value_high[1] == 0


def test_a_range_needs_a_share_of_visits_that_is_a_number() -> None:
    with pytest.raises(NegativeError):
        outlook(published(), SPEND, x=[1], t_x=[1], T=[2], spend_visits=[-1], mean_spend=[1])
    with pytest.raises(NotANumberError):
        outlook(published(), SPEND, x=[1], t_x=[1], T=[2], spend_visits=[1], mean_spend=[None])


def test_badges_change_on_the_first_day_that_is_meant() -> None:
    fit = published()
    x, t_x = np.array([0.0, 2, 12, 40]), np.array([0.0, 20, 30, 35])
    days = badge_days(fit, x=x, t_x=t_x)
    for place in range(4):
        history = (x[place : place + 1], t_x[place : place + 1])
        for day, is_on in ((days.at_risk[place] - 1, False), (days.at_risk[place], True)):
            assert at_risk(fit, *history, history[1] + day / 7)[0] == is_on
        before, then = (
            fit.probability_of_visit(183 / 7, *history, history[1] + day / 7)[0]
            for day in (days.lost[place] - 1, days.lost[place])
        )
        assert then < 0.1 <= before
    # Who comes often is missed sooner.
    assert days.at_risk[3] < days.at_risk[2] < days.at_risk[1]
    assert badge_days(fit, x=[], t_x=[]).lost.shape == (0,)
