"""What the night learns from a past: odd calendars, prices, a proof, and what is worth saying."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from services.analytics.demand import METRICS, Past, fit_demand
from services.analytics.dish_models import fit_dishes
from services.analytics.dish_sales import DishOnMenu, DishSales, PriceSold
from services.analytics.insight_rules import GuestFacts, NightFacts, NightKind, insights
from services.analytics.proof import fit_proof
from services.analytics.results import Kind, Result
from services.analytics.visit_days import VisitDays, number_of

NOW = datetime(2026, 5, 14, 1, tzinfo=UTC)
UNTIL = date(2026, 5, 13)
FIRST = UNTIL - timedelta(days=363)


def _demand(series: list[float | None], *, hours: tuple[int, ...] = ()) -> dict[Kind, Result]:
    first = UNTIL - timedelta(days=len(series) - 1)
    past = Past(first, dict.fromkeys(METRICS, series), hours or (0,) * 24, frozenset())
    return {one.kind: one for one in fit_demand(past, until=UNTIL, now=NOW)}


def test_a_year_without_a_monday_expects_none() -> None:
    days = [FIRST + timedelta(days=count) for count in range(364)]
    found = _demand([None if day.weekday() == 0 else 10.0 + day.weekday() for day in days])
    coming = found[Kind.DEMAND].result["metrics"]["orders"]["days"]
    assert len(coming) == 28
    assert {date.fromisoformat(one["day"]).weekday() for one in coming if one["is_closed"]} == {0}
    assert [one["weekday"] for one in found[Kind.SEASON].result["weekdays"]] == [1, 2, 3, 4, 5, 6]


def test_closed_months_are_no_zeros_and_no_month() -> None:
    days = [FIRST + timedelta(days=count) for count in range(364)]
    found = _demand([None if day.month in {11, 12} else 20.0 for day in days])
    coming = found[Kind.DEMAND].result["metrics"]["orders"]["days"]
    assert [one["expected"] for one in coming] == pytest.approx([20.0] * 28)
    months = found[Kind.SEASON].result["months"]
    assert {one["factor"] for one in months} == {1.0}
    assert not {"2025-11-01", "2025-12-01"} & {one["month"] for one in months}


def test_hours_add_up_to_their_day_and_a_trial_knows_simple_rules() -> None:
    rng = np.random.default_rng(3)
    days = [FIRST + timedelta(days=count) for count in range(364)]
    series: list[float | None] = [
        float(rng.poisson(60 if day.weekday() > 3 else 30)) for day in days
    ]
    hours = tuple(10 if hour in {12, 13, 20, 21, 0} else 0 for hour in range(24))
    result = _demand(series, hours=hours)[Kind.DEMAND].result
    orders = result["metrics"]["orders"]
    for day, told in zip(result["hours"], orders["days"], strict=False):
        assert [one["hour"] for one in day["hours"]] == [0, 12, 13, 20, 21]
        assert sum(one["expected"] for one in day["hours"]) == pytest.approx(
            told["expected"], abs=0.05
        )
    trial = orders["trial"]
    assert trial["error"] < trial["last_week"]
    assert trial["error"] < trial["mean"]
    assert trial["inside"] / trial["days"] > 0.6


def _dish(number: int, **changes: object) -> DishOnMenu:
    known: dict[str, object] = {
        "id": UUID(int=number), "name": f"Dish {number}", "category_id": UUID(int=99),
        "category": "Mains", "price_minor": 1000, "cost_minor": 800, "is_on_menu": True,
        "created_on": FIRST,
    }  # fmt: skip
    return DishOnMenu(**(known | changes))  # type: ignore[arg-type]


def _sold(number: int, price: int, sold: int, first: int, last: int) -> PriceSold:
    """Sold from so many to so many days ago."""
    day = timedelta(days=1)
    return PriceSold(UUID(int=number), price, sold, sold, price * sold, UNTIL - first * day,
                     UNTIL - last * day)  # fmt: skip


def _menu(*prices: PriceSold) -> dict[str, object]:
    sales = DishSales(
        (_dish(1), _dish(2, cost_minor=100), _dish(3, is_on_menu=False)),
        (*prices, _sold(2, 900, 50, 90, 0), _sold(3, 900, 5, 90, 80)),
        tuple(frozenset({str(UUID(int=1)), str(UUID(int=2))}) for _ in range(60)),
    )
    found = fit_dishes(sales, rounded_to_minor=50, until=UNTIL, now=NOW)
    return {one.kind: one.result for one in found}


def test_two_prices_one_after_the_other_tell_and_two_at_once_do_not() -> None:
    one_by_one = _menu(_sold(1, 1000, 500, 180, 95), _sold(1, 1100, 480, 94, 0))
    dish = one_by_one[Kind.MENU]["dishes"][0]  # type: ignore[index]
    assert dish["elasticity"]["value"] == pytest.approx(
        np.log((480 / 95) / (500 / 86)) / np.log(1.1), rel=1e-9
    )
    at_once = _menu(_sold(1, 1000, 500, 180, 0), _sold(1, 1100, 480, 180, 0))
    assert at_once[Kind.MENU]["dishes"][0]["elasticity"] is None  # type: ignore[index]
    # Deleted dishes are named and compared with nobody.
    assert at_once[Kind.MENU]["dishes"][2]["kind"] == "off_menu"  # type: ignore[index]


def _crowd(count: int, days: int, seed: int) -> VisitDays:
    """Guests of the MBG/NBD process, r 1.05, alpha 1.7 weeks, a .75, b 5.5, by visit days."""
    rng = np.random.default_rng(seed)
    visitor: list[int] = []
    day: list[int] = []
    for who in range(count):
        rate, stop = rng.gamma(1.05, 1 / 1.7), rng.beta(0.75, 5.5)
        moment = float(rng.integers(0, days))
        seen: set[int] = set()
        while moment < days:
            seen.add(int(moment))
            if rng.random() < stop:
                break
            moment += 7 * rng.exponential(1 / max(rate, 1e-9))
        visitor += [who] * len(seen)
        day += sorted(seen)
    end = number_of(UNTIL)
    none = np.zeros(0, dtype=np.int64)
    return VisitDays(
        customers=tuple(UUID(int=one) for one in range(count)),
        visitor=np.array(visitor),
        day=np.array(day) + end - days + 1,
        payer=none, paid_day=none, paid_minor=none,
    )  # fmt: skip


def test_the_proof_of_simulated_guests_is_calibrated_and_beats_simple_rules() -> None:
    proof = fit_proof(_crowd(2500, 364, 5), until=UNTIL, now=NOW)
    told = proof.result
    assert proof.is_enough
    assert told["expected"] == pytest.approx(told["actual"], rel=0.1)
    assert told["error"] < told["error_last"]
    assert told["error"] < told["error_mean"]
    tenths = told["tenths"]
    assert sum(one["customers"] for one in tenths) == proof.learnt_from["customers"]
    assert tenths[-1]["actual"] == pytest.approx(tenths[-1]["expected"], rel=0.15)
    assert tenths[0]["actual"] < 0.2


def test_few_guests_prove_nothing() -> None:
    assert not fit_proof(_crowd(30, 364, 1), until=UNTIL, now=NOW).is_enough


def _guest(number: int, **changes: object) -> GuestFacts:
    known: dict[str, object] = {
        "customer_id": UUID(int=number), "visit_days": 8, "last_day": UNTIL - timedelta(days=40),
        "value_minor": 1000 * number, "within_7": 0.1, "within_30": 0.2, "is_at_risk": False,
        "orders": 10, "spend_trend_ratio": None,
    }  # fmt: skip
    return GuestFacts(**(known | changes))  # type: ignore[arg-type]


def _kinds(**facts: object) -> list[NightKind]:
    return [one.kind for one in insights(NightFacts(today=UNTIL, **facts))]  # type: ignore[arg-type]


def test_who_may_not_come_back_is_said_first_and_each_guest_once() -> None:
    guests = [
        _guest(1, is_at_risk=True, spend_trend_ratio=-0.5),
        _guest(2, is_at_risk=True),
        _guest(3, spend_trend_ratio=0.4),
        _guest(4, within_7=0.65),
        # Twice is no rhythm, a bill or two no trend, and one in two no promise.
        _guest(5, is_at_risk=True, visit_days=2),
        _guest(6, spend_trend_ratio=0.4, orders=3),
        _guest(7, is_at_risk=True, within_30=0.5),
    ]
    found = insights(NightFacts(today=UNTIL, guests=guests))
    assert [(one.kind, one.key) for one in found] == [
        (NightKind.GUEST_SLIPPING, str(UUID(int=2))),
        (NightKind.GUEST_SLIPPING, str(UUID(int=1))),
        (NightKind.GUEST_EXPECTED, str(UUID(int=4))),
        (NightKind.GUEST_RISING, str(UUID(int=3))),
    ]
    assert found[0].data == {"visit_days": 8, "away": 40, "value_minor": 2000, "percent": 20}
    assert found[0].confidence == pytest.approx(0.8)


def test_a_shift_needs_four_weeks_twice_and_more_than_noise() -> None:
    up = [10.0, 12.0] * 14 + [15.0, 17.0] * 14
    noisy = [0.0, 22.0] * 14 + [0.0, 25.0] * 14
    assert _kinds(daily_orders=up) == [NightKind.DEMAND_SHIFT]
    assert _kinds(daily_orders=noisy) == []
    assert _kinds(daily_orders=up[:50]) == []
    assert _kinds(daily_orders=[None] * 28 + [10.0] * 28) == []


def test_busy_and_quiet_days_lie_outside_of_their_own_range() -> None:
    days = [
        {
            "day": (UNTIL + timedelta(days=ahead)).isoformat(),
            "expected": {3: 60.0, 5: 10.0}.get(ahead, 30.0),
            "low": {3: 50.0, 5: 5.0}.get(ahead, 25.0),
            "high": {3: 70.0, 5: 15.0}.get(ahead, 35.0),
            "is_closed": ahead == 6,
        }
        for ahead in range(1, 29)
    ]
    assert _kinds(demand=days) == [NightKind.DAY_BUSY, NightKind.DAY_QUIET]
    wide = [
        one | {"low": 0.0, "high": 200.0, "expected": min(42.0, one["expected"])} for one in days
    ]
    assert _kinds(demand=wide) == []
    assert _kinds(demand=[one | {"expected": 0.0} for one in days]) == []
