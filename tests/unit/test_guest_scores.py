"""RFM, rhythm, time of an offer and groups; odd guests first."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import clusters, rfm, timing
from services.analytics.errors import (
    FutureVisitError,
    NegativeError,
    NotANumberError,
    UnequalLengthsError,
    UnknownFactError,
)

TODAY = date(2026, 5, 13)
BERLIN = ZoneInfo("Europe/Berlin")


def test_nobody_has_thresholds_of_nothing() -> None:
    by = rfm.thresholds([], [], [], today=TODAY)
    assert by == rfm.Thresholds((0,) * 4, (0,) * 4, (0,) * 4)


def test_scores_of_the_impossible_are_refused() -> None:
    with pytest.raises(UnequalLengthsError):
        rfm.thresholds([TODAY], [1, 2], [5], today=TODAY)
    with pytest.raises(FutureVisitError):
        rfm.thresholds([TODAY + timedelta(days=1)], [1], [5], today=TODAY)
    with pytest.raises(NegativeError):
        rfm.thresholds([TODAY], [-1], [5], today=TODAY)
    with pytest.raises(FutureVisitError):
        rfm.score(
            last_day=TODAY + timedelta(days=1), frequency=1, money_minor=0, today=TODAY,
            by=rfm.thresholds([], [], [], today=TODAY),
        )  # fmt: skip


def test_ten_different_guests_fill_all_fifths() -> None:
    days = [TODAY - timedelta(days=10 * n) for n in range(10)]
    counts, money = list(range(10, 0, -1)), [100 * n for n in range(10, 0, -1)]
    by = rfm.thresholds(days, counts, money, today=TODAY)
    scores = [
        rfm.score(last_day=day, frequency=count, money_minor=minor, today=TODAY, by=by)
        for day, count, minor in zip(days, counts, money, strict=True)
    ]
    assert [one.recency for one in scores] == [5, 5, 5, 4, 4, 3, 3, 2, 2, 1]
    assert [one.frequency for one in scores] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [one.money for one in scores] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert (scores[0].group, scores[-1].group) == (rfm.RfmGroup.BEST, rfm.RfmGroup.SLEEPING)


rows = st.tuples(st.integers(0, 400), st.integers(1, 5), st.integers(-50, 300))


@given(guests=st.lists(rows, min_size=1, max_size=60))
def test_equal_guests_score_equally_and_better_ones_never_worse(
    guests: list[tuple[int, int, int]],
) -> None:
    days = [TODAY - timedelta(days=ago) for ago, _, _ in guests]
    by = rfm.thresholds(days, [f for _, f, _ in guests], [m for _, _, m in guests], today=TODAY)
    scored = [
        rfm.score(last_day=day, frequency=f, money_minor=m, today=TODAY, by=by)
        for day, (_, f, m) in zip(days, guests, strict=True)
    ]
    for one, (ago, often, money) in zip(scored, guests, strict=True):
        assert min(one.recency, one.frequency, one.money) >= 1
        assert max(one.recency, one.frequency, one.money) <= 5
        for other, (other_ago, other_often, other_money) in zip(scored, guests, strict=True):
            assert ago < other_ago or one.recency <= other.recency
            assert often > other_often or one.frequency <= other.frequency
            assert money > other_money or one.money <= other.money


def test_a_rhythm_needs_three_days() -> None:
    assert timing.rhythm([], today=TODAY) is None
    assert timing.rhythm([TODAY, TODAY, TODAY], today=TODAY) is None
    with pytest.raises(FutureVisitError):
        timing.rhythm([TODAY + timedelta(days=1)], today=TODAY)


def test_a_rhythm_is_the_middle_gap() -> None:
    days = [TODAY - timedelta(days=ago) for ago in (50, 43, 36, 6, 6)]
    seen = timing.rhythm(days, today=TODAY)
    assert seen is not None
    assert seen.median_days == 7
    assert seen.due_on == TODAY + timedelta(days=1)
    assert not seen.is_overdue
    later = timing.rhythm(days, today=TODAY + timedelta(days=25))
    assert later is not None
    assert later.is_overdue


def test_without_any_visit_there_is_no_time_for_an_offer() -> None:
    assert timing.offer_time([], {}) is None
    assert timing.offer_time([], {(4, 20): 0.0}) is None


def test_a_new_guest_gets_the_usual_time_and_a_regular_their_own() -> None:
    typical = {(4, 20): 60.0, (5, 20): 40.0}
    once = timing.offer_time([datetime(2026, 5, 6, 17, 5, tzinfo=BERLIN)], typical)
    assert once is not None
    assert (once.weekday, once.hour, once.is_own) == (4, 20, False)
    assert (once.send_weekday, once.send_hour) == (4, 17)
    wednesdays = [datetime(2026, 5, day, 1, 30, tzinfo=BERLIN) for day in (6, 13, 20, 27)]
    own = timing.offer_time(wednesdays, typical)
    assert own is not None
    # At 01:30 on Wednesday; three hours before is Tuesday evening.
    assert (own.weekday, own.hour, own.send_weekday, own.send_hour) == (2, 1, 1, 22)
    # Four own visits of eight.
    assert (own.share, own.is_own) == (0.5, True)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    night = [datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN) for fold in (0, 1)]
    seen = timing.offer_time(night, {})
    assert seen is not None
    assert (seen.weekday, seen.hour, seen.share) == (6, 2, 1.0)


def _crowd(seed: int = 2) -> dict[str, list[float]]:
    """Lunch regulars who spend little, and evening guests who come seldom and spend much."""
    rng = np.random.default_rng(seed)
    lunch, evening = 150, 100
    return {
        "visit_days": [*rng.normal(40, 4, lunch), *rng.normal(5, 1, evening)],
        "spend_minor": [*rng.normal(1200, 100, lunch), *rng.normal(6000, 500, evening)],
        "evening_ratio": [*rng.normal(0.1, 0.03, lunch), *rng.normal(0.9, 0.03, evening)],
    }


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"visit_days": []},
        {"visit_days": [1.0] * 59},
        # All alike: nothing to tell them apart by.
        {"visit_days": [3.0] * 500, "spend_minor": [1.0] * 500},
        {"visit_days": [0.1 + 0.2] * 500},
    ],
)
def test_few_or_equal_customers_form_no_groups(facts: dict[str, list[float]]) -> None:
    seen = clusters.fit(facts)
    assert (seen.clusters, seen.labels) == ((), ())


def test_facts_that_cannot_be_are_refused() -> None:
    with pytest.raises(NotANumberError):
        clusters.fit({"visit_days": [float("nan")] * 80})
    with pytest.raises(UnequalLengthsError):
        clusters.fit({"visit_days": [1.0] * 80, "spend_minor": [1.0] * 79})
    with pytest.raises(UnknownFactError):
        clusters.fit({"shoe_size": [1.0] * 80})


def test_one_crowd_without_gaps_is_no_groups() -> None:
    rng = np.random.default_rng(5)
    facts = {
        name: list(rng.uniform(0, 1, 400))
        for name in (
            "visit_days",
            "spend_minor",
            "days_since",
            "party_size",
            "evening_ratio",
            "weekend_ratio",
        )
    }
    assert clusters.fit(facts).clusters == ()


def test_two_crowds_are_found_and_named() -> None:
    seen = clusters.fit(_crowd())
    assert [one.size for one in seen.clusters] == [150, 100]
    assert set(seen.labels[:150]) == {0}
    assert set(seen.labels[150:]) == {1}
    lunch, evening = seen.clusters
    words = {
        "come often",
        "spend little",
        "come at noon",
        "come seldom",
        "spend much",
        "come in the evening",
    }
    assert len(lunch.words) == len(evening.words) == 2
    assert {*lunch.words, *evening.words} <= words
    assert not set(lunch.words) & set(evening.words)
    assert lunch.means["visit_days"] == pytest.approx(40, abs=1)
    assert clusters.fit(_crowd()) == seen


def test_two_different_customers_repeated_are_no_model() -> None:
    seen = clusters.fit({"visit_days": [1.0, 9.0] * 50})
    assert seen.clusters == ()
