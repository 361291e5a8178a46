"""What holds for every restaurant, whatever its customers did."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from services.analytics.value import VisitFit, fit_spend, fit_visits
from services.analytics.value.expectation import visits_if_alive
from services.analytics.value.outlook import outlook
from services.analytics.value.spend import SpendFit
from tests.unit.cdnow import customers


@pytest.fixture(scope="module")
def fits() -> dict[str, VisitFit]:
    known = customers()
    return {model: fit_visits(known.x, known.t_x, known.T, model=model) for model in ("mbg", "bg")}  # type: ignore[arg-type]


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_everybody_twice_doubles_the_likelihood_and_nothing_else(
    fits: dict[str, VisitFit], model: str
) -> None:
    known = customers()
    twice = [np.r_[column, column] for column in (known.x, known.t_x, known.T)]
    fit = fit_visits(*twice, model=model)
    assert fit.log_likelihood == pytest.approx(2 * fits[model].log_likelihood, rel=1e-9)
    assert fit.params == pytest.approx(fits[model].params, rel=1e-6)
    # Twice the customers: errors smaller by the root of two.
    errors = fits[model].standard_errors
    assert errors is not None
    assert fit.standard_errors is not None
    for name, error in fit.standard_errors.items():
        assert error == pytest.approx(errors[name] / 2**0.5, rel=1e-4)


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_days_instead_of_weeks_scale_alpha_alone(fits: dict[str, VisitFit], model: str) -> None:
    known = customers()
    fit = fit_visits(known.x, known.t_x * 7, known.T * 7, model=model)
    weeks = fits[model]
    assert fit.params["alpha"] == pytest.approx(7 * weeks.params["alpha"], rel=1e-6)
    for name in ("r", "a", "b"):
        assert fit.params[name] == pytest.approx(weeks.params[name], rel=1e-6)
    in_days = fit.expected_visits(39 * 7, known.x, known.t_x * 7, known.T * 7)
    in_weeks = weeks.expected_visits(39, known.x, known.t_x, known.T)
    assert in_days == pytest.approx(in_weeks, rel=1e-6)


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_the_order_of_customers_changes_nothing(fits: dict[str, VisitFit], model: str) -> None:
    known = customers()
    order = np.random.default_rng(3).permutation(len(known.x))
    fit = fit_visits(known.x[order], known.t_x[order], known.T[order], model=model)
    assert fit == fits[model]


def test_the_peak_is_a_peak(fits: dict[str, VisitFit]) -> None:
    from services.analytics.value.likelihood import compress, log_likelihood

    known = customers()
    data = compress(known.x, known.t_x, known.T)
    for model, drop in (("mbg", 1), ("bg", 0)):
        vector = np.array(fits[model].vector)
        top, gradient = log_likelihood(vector, data, first_drop=drop)
        assert np.abs(gradient * vector).max() < 1e-3
        for place in range(4):
            for factor in (0.98, 1.02):
                there = vector.copy()
                there[place] *= factor
                assert log_likelihood(there, data, first_drop=drop)[0] < top


@settings(max_examples=60, deadline=None)
@given(
    a=st.one_of(st.floats(0.05, 60), st.floats(0.999, 1.001), st.just(1.0)),
    b=st.floats(0.2, 300),
    shape=st.floats(0.2, 300),
    share=st.floats(0.001, 0.995),
)
@example(a=0.5, b=0.5, shape=1.0, share=0.5)
@example(a=0.25, b=0.75, shape=30.0, share=0.9)
@example(a=0.25, b=0.75 + 1e-12, shape=0.3, share=0.1)
def test_the_closed_form_is_the_integral_it_stands_for(
    a: float, b: float, shape: float, share: float
) -> None:
    """Over the chance to stop, in its log-odds, by quadrature: an independent way."""
    ratio = share / (1 - share)
    constant = -special.betaln(a, b)
    middle = np.log(a / b)
    width = np.sqrt(special.polygamma(1, a) + special.polygamma(1, b))
    cuts = middle + width * np.array([-60, -20, -10, -5, -2, 0, 2, 5, 10, 20, 60])

    def part(odds: float) -> float:
        p = max(special.expit(odds), 1e-300)
        density = np.exp(constant - a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds))
        return density * -np.expm1(-shape * np.log1p(p * ratio)) / p

    whole = sum(integrate.quad(part, *ends, epsabs=0, epsrel=1e-9)[0] for ends in pairwise(cuts))
    exact = visits_if_alive(a=a, b=np.array([b]), shape=np.array([shape]), share=np.array([share]))
    assert exact[0] == pytest.approx(whole, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    x=st.integers(0, 300),
    whole=st.floats(0, 500),
    recency=st.floats(0, 1),
    t=st.floats(0, 500),
    model=st.sampled_from(["mbg", "bg"]),
    params=st.tuples(*[st.floats(0.01, 50)] * 4),
)
def test_predictions_are_chances_and_counts(
    x: int, whole: float, recency: float, t: float, model: str, params: tuple[float, ...]
) -> None:
    fit = VisitFit(
        model, dict(zip(("r", "alpha", "a", "b"), params, strict=True)), 0, None, 0, 0, True, True
    )
    t_x = whole * recency if x else 0.0
    expected = fit.expected_visits(t, x, t_x, whole)
    within = fit.probability_of_visit(t, x, t_x, whole)
    alive = fit.probability_alive(x, t_x, whole)
    assert 0 <= within <= alive + 1e-12 <= 1 + 2e-12
    # At least one visit with chance p makes an expectation of at least p.
    assert np.isfinite(expected)
    assert expected >= within * (1 - 1e-6) - 1e-9
    # Nobody comes more often than at their rate without stopping.
    assert expected <= (params[0] + x) / (params[1] + whole) * t * (1 + 1e-6) + 1e-9
    # A later last visit never makes it likelier that somebody has stopped.
    if x:
        assert fit.probability_alive(x, whole, whole) >= alive - 1e-12


def test_money_in_cents_scales_gamma_alone() -> None:
    known = customers()
    euros, cents = (fit_spend(known.x, known.mean_spend * unit) for unit in (1, 100))
    assert cents.params["gamma"] == pytest.approx(100 * euros.params["gamma"], rel=1e-6)
    assert cents.params["p"] == pytest.approx(euros.params["p"], rel=1e-6)
    assert cents.params["q"] == pytest.approx(euros.params["q"], rel=1e-6)


def test_the_range_holds_four_of_five_years() -> None:
    """Customers drawn from the model itself, twenty of whose visits lie in the past."""
    rng = np.random.default_rng(11)
    count = 4000
    visits = VisitFit(
        "mbg", {"r": 2.0, "alpha": 2.0, "a": 0.5, "b": 8.0}, 0, None, 0, 0, True, True
    )
    spend = SpendFit(
        {"p": 6.0, "q": 9.0, "gamma": 32.0}, 0, None, 0, is_enough=True, converged=True
    )
    rate, stop = rng.gamma(2.0, 0.5, count), rng.beta(0.5, 8.0, count)
    scale = rng.gamma(9.0, 1 / 32.0, count)
    x, t_x, paid, later = (np.zeros(count) for _ in range(4))
    year = 365.25 / 7
    for one in range(count):
        time, is_alive = 0.0, rng.random() >= stop[one]
        while is_alive:
            time += rng.exponential(1 / rate[one])
            if time > 26 + year:
                break
            bill = rng.gamma(6.0, 1 / scale[one])
            if time <= 26:
                x[one] += 1
                t_x[one] = time
                paid[one] += bill
            else:
                later[one] += bill
            is_alive = rng.random() >= stop[one]
    mean = np.divide(paid, x, out=np.zeros(count), where=x > 0)
    seen = outlook(
        visits, spend, x=x, t_x=t_x, T=np.full(count, 26.0), spend_visits=x, mean_spend=mean
    )
    inside = (seen.value_low <= later) & (later <= seen.value_high)
    # Who certainly comes no more has the range 0 to 0, which holds nearly always: only regulars.
    regular = seen.value_low > 0
    assert regular.sum() > 300
    assert inside[regular].mean() == pytest.approx(0.8, abs=0.05)
    assert seen.value.mean() == pytest.approx(later.mean(), rel=0.05)
