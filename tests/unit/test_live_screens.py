"""Words and rules of the live screens: ages, durations, phases."""

from datetime import UTC, datetime, timedelta

import pytest

from models.enums import OrderStatus
from services.floor.rules import phase_of
from services.floor.types import Phase
from state.staff.board_views import age_of, subject_text
from state.staff.time_words import duration_text, minutes_since

NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "now"), (1, "1 min"), (59, "59 min"), (60, "1 h 00"), (95, "1 h 35"), (600, "10 h 00")],
)
def test_durations_read_like_a_person_says_them(minutes: int, text: str) -> None:
    assert duration_text(minutes) == text


def test_minutes_are_whole_and_never_negative() -> None:
    assert minutes_since(NOON, NOON + timedelta(seconds=119)) == 1
    assert minutes_since(NOON, NOON - timedelta(minutes=5)) == 0


@pytest.mark.parametrize(("minutes", "age"), [(0, "f"), (7, "f"), (8, "s"), (14, "s"), (15, "l")])
def test_a_ticket_turns_at_the_restaurants_limits(minutes: int, age: str) -> None:
    assert age_of(minutes, soon_minutes=8, late_minutes=15) == age


def test_an_order_without_a_table_is_named_by_its_number() -> None:
    assert subject_text(number=47, table="") == "Order 47"
    assert subject_text(number=47, table="12") == "Order 47, table 12"


P, M, R, S = (
    OrderStatus.PENDING,
    OrderStatus.PREPARING,
    OrderStatus.READY,
    OrderStatus.SERVED,
)


@pytest.mark.parametrize(
    ("statuses", "phase"),
    [
        ([], Phase.BROWSING),
        ([OrderStatus.DECLINED, OrderStatus.CANCELLED], Phase.BROWSING),
        ([P], Phase.ORDERED),
        ([S, M], Phase.ORDERED),
        ([M, R, S], Phase.READY),
        ([S], Phase.EATING),
        ([OrderStatus.COMPLETED, OrderStatus.CANCELLED], Phase.EATING),
    ],
)
def test_a_table_shows_what_it_waits_for_most(statuses: list[OrderStatus], phase: Phase) -> None:
    assert phase_of(statuses) is phase
