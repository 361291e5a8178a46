"""Insights: one guest just in, one just out, and nothing from nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.base.insight_texts import ACTIONS, EVIDENCE, LOOKS, TITLES
from services.customers.card.insight_rules import (
    Counted,
    GuestNumbers,
    InsightKind,
    Missing,
    insights,
    missing,
)
from services.totals.rules import plan_value_minor
from state.staff.card.insights import insight_views

TODAY = date(2026, 5, 13)
NOBODY = GuestNumbers(
    total_visits=0,
    visit_days=0,
    first_day=None,
    last_day=None,
    today=TODAY,
    mean_gap_days=None,
    completed_orders=0,
    spend_trend_ratio=None,
    favourite=None,
    looked_at=None,
    table=None,
    when_counts=(),
    party_median=None,
    carts=0,
    carts_abandoned=0,
    has_forecast=False,
)


def _kinds(**numbers: Any) -> list[InsightKind]:
    return [one.kind for one in insights(replace(NOBODY, **numbers))]


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_from_nothing_follows_nothing() -> None:
    assert insights(NOBODY) == ()
    assert missing(NOBODY) == ((Missing.RHYTHM, 3), (Missing.TREND, 5), (Missing.EXPECTED, 0))
    forecast = replace(NOBODY, has_forecast=True)
    assert missing(forecast) == ((Missing.RHYTHM, 3), (Missing.TREND, 5))


@pytest.mark.parametrize(
    ("away", "kind"),
    [
        (0, InsightKind.RHYTHM),
        (18, InsightKind.RHYTHM),
        (19, InsightKind.LATE),
        (182, InsightKind.LATE),
        (183, InsightKind.LOST),
    ],
)
def test_late_is_after_twice_the_own_rhythm_and_lost_after_183_days(
    away: int, kind: InsightKind
) -> None:
    assert _kinds(visit_days=6, last_day=_ago(away), mean_gap_days=9.0) == [kind]


@pytest.mark.parametrize(
    ("gap", "away", "title"),
    [
        (9.0, 23, "Comes every 9 days, last 23 days ago"),
        (9.0, 1, "Comes every 9 days, last yesterday"),
        (1.0, 0, "Comes every day, last today"),
    ],
)
def test_the_sentence_holds_the_guest_s_own_numbers(gap: float, away: int, title: str) -> None:
    found = insights(replace(NOBODY, visit_days=6, last_day=_ago(away), mean_gap_days=gap))
    (view,) = insight_views(found)
    assert view.title == title
    assert view.evidence.startswith("Counted over 6 days")
    assert view.action != ""


@pytest.mark.parametrize(("days", "kinds"), [(1, []), (2, [InsightKind.SECOND_VISIT])])
def test_two_days_are_no_rhythm_yet(days: int, kinds: list[InsightKind]) -> None:
    assert _kinds(visit_days=days, last_day=_ago(3)) == kinds


@pytest.mark.parametrize(
    ("ratio", "kinds"),
    [
        (0.19, []),
        (0.20, [InsightKind.SPEND_RISING]),
        (-0.20, [InsightKind.SPEND_FALLING]),
        (-0.19, []),
    ],
)
def test_a_trend_is_a_fifth(ratio: float, kinds: list[InsightKind]) -> None:
    assert _kinds(spend_trend_ratio=ratio, completed_orders=8) == kinds


@pytest.mark.parametrize(
    ("orders", "count", "kinds"),
    [(2, 2, []), (3, 2, [InsightKind.FAVOURITE]), (6, 3, [InsightKind.FAVOURITE]), (7, 3, [])],
)
def test_a_favourite_is_in_half_of_three_orders(
    orders: int, count: int, kinds: list[InsightKind]
) -> None:
    assert _kinds(completed_orders=orders, favourite=Counted("Sea bass", count)) == kinds


@pytest.mark.parametrize(("visits", "count", "kept"), [(2, 2, 0), (5, 3, 2), (5, 2, 0)])
def test_a_habit_is_three_fifths_of_three_visits(visits: int, count: int, kept: int) -> None:
    grid = ((0, 0, 0, count, 0), *((0,) * 5 for _ in range(6)))
    kinds = _kinds(total_visits=visits, table=Counted("12", count), when_counts=grid)
    assert kinds == [InsightKind.PLACE, InsightKind.TIME][:kept]


def test_what_needs_a_hand_comes_first() -> None:
    kinds = _kinds(
        total_visits=9,
        visit_days=9,
        last_day=_ago(40),
        mean_gap_days=9.0,
        completed_orders=9,
        favourite=Counted("Sea bass", 9),
        spend_trend_ratio=-0.3,
        party_median=4.0,
        carts=4,
        carts_abandoned=2,
        looked_at=Counted("Fennel salad", 3),
    )
    assert kinds == [
        InsightKind.LATE,
        InsightKind.SPEND_FALLING,
        InsightKind.LEAVES_CARTS,
        InsightKind.LOOKED_NOT_ORDERED,
        InsightKind.FAVOURITE,
        InsightKind.PARTY,
    ]


def test_every_kind_has_its_words() -> None:
    for words in (TITLES, EVIDENCE, ACTIONS, LOOKS):
        assert set(words) == {str(kind) for kind in InsightKind}


@pytest.mark.parametrize(
    ("spent", "orders", "days", "value"),
    [(0, 0, 0, 0), (4775, 1, 0, 4775), (9550, 2, 9, 9550), (6650, 3, 200, 6650)],
)
def test_the_plan_s_formula(spent: int, orders: int, days: int, value: int) -> None:
    """A guest of one visit is worth what they spent, not nothing."""
    found = plan_value_minor(total_spent_minor=spent, total_orders=orders, days_known=days)
    assert found == value
