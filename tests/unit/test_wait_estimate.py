"""How long somebody waits: published numbers, hand calculations, and what bounds them all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reservations.estimate import (
    Certainty,
    Estimate,
    at_least,
    estimate_wait,
    leaves_within,
)

# Twenty sittings of 60, 62, ... 98 minutes.
TURNS = [60.0 + 2 * step for step in range(20)]


def test_a_free_table_means_no_wait() -> None:
    found = estimate_wait(
        elapsed_minutes=[30, 40],
        free_tables=2,
        ahead=1,
        turns_minutes=TURNS,
        assumed_minutes=90,
    )

    assert found == Estimate(Certainty.FREE_NOW)


def test_one_table_and_nobody_ahead_is_the_median_of_what_is_left() -> None:
    """After 60 minutes 19 of the turns are longer: the 10th, 80, is the median; 4/5 is the 16th."""
    found = estimate_wait(
        elapsed_minutes=[60], free_tables=0, ahead=0, turns_minutes=TURNS, assumed_minutes=90
    )

    # 80 - 60 = 20; 92 - 60 = 32 is rounded up to five.
    assert found == Estimate(Certainty.MEASURED, 20, 35)


def test_two_tables_are_sooner_free_than_one() -> None:
    one = estimate_wait(
        elapsed_minutes=[40], free_tables=0, ahead=0, turns_minutes=TURNS, assumed_minutes=90
    )
    two = estimate_wait(
        elapsed_minutes=[40, 40], free_tables=0, ahead=0, turns_minutes=TURNS, assumed_minutes=90
    )

    # One: the 10th of 20 is 78, the 16th 90. Two: 1 - (1 - p)^2 reaches .5 at p = 6/20 (70), and
    # .8 at p = 12/20 (82).
    assert one == Estimate(Certainty.MEASURED, 40, 50)
    assert two == Estimate(Certainty.MEASURED, 30, 45)


def test_whoever_waits_for_the_second_table_waits_for_both() -> None:
    found = estimate_wait(
        elapsed_minutes=[40, 40], free_tables=0, ahead=1, turns_minutes=TURNS, assumed_minutes=90
    )

    # p^2 reaches .5 at 15/20 (88) and .8 at 18/20 (94).
    assert found == Estimate(Certainty.MEASURED, 50, 55)


def test_a_queue_longer_than_the_room_follows_its_pace() -> None:
    """Erlang distribution of 3 departures at 1 / 79 a minute: median 2.674, 80 % 4.279 turns."""
    found = estimate_wait(
        elapsed_minutes=[10], free_tables=0, ahead=2, turns_minutes=TURNS, assumed_minutes=90
    )

    assert found == Estimate(Certainty.UNKNOWN)

    # Four tables leave four times as fast: 79 / 4 = 19.75; 5 departures: 4.671 and 6.721 of those.
    found = estimate_wait(
        elapsed_minutes=[10] * 4, free_tables=0, ahead=4, turns_minutes=TURNS, assumed_minutes=90
    )
    assert found == Estimate(Certainty.MEASURED, 95, 135)


def test_too_few_sittings_say_so() -> None:
    found = estimate_wait(
        elapsed_minutes=[60], free_tables=0, ahead=0, turns_minutes=TURNS[:9], assumed_minutes=90
    )

    assert found.certainty is Certainty.ASSUMED


def test_no_suitable_table_is_no_number() -> None:
    found = estimate_wait(
        elapsed_minutes=[], free_tables=0, ahead=0, turns_minutes=TURNS, assumed_minutes=90
    )

    assert found == Estimate(Certainty.UNKNOWN)


def test_a_party_that_sits_longer_than_any_before_is_neither_certain_nor_impossible() -> None:
    assert 0 < leaves_within(200, 1, TURNS) < leaves_within(200, 30, TURNS) < 1


def test_independent_events_are_counted_exactly() -> None:
    """Two coins: 1/4, 1/2, 1/4."""
    assert at_least([0.5, 0.5], 1) == pytest.approx(0.75)
    assert at_least([0.5, 0.5], 2) == pytest.approx(0.25)
    assert at_least([0.2, 0.9, 0.4], 0) == pytest.approx(1)
    assert at_least([0.2, 0.9, 0.4], 3) == pytest.approx(0.2 * 0.9 * 0.4)


@given(
    elapsed=st.lists(st.floats(0, 300), min_size=1, max_size=12),
    ahead=st.integers(0, 20),
    free=st.integers(0, 5),
)
def test_what_is_told_is_a_range_in_steps_of_five_that_grows_with_the_queue(
    elapsed: list[float], ahead: int, free: int
) -> None:
    def told(people_ahead: int) -> Estimate:
        return estimate_wait(
            elapsed_minutes=elapsed,
            free_tables=free,
            ahead=people_ahead,
            turns_minutes=TURNS,
            assumed_minutes=90,
        )

    found, later = told(ahead), told(ahead + 1)
    assert found.low_minutes <= found.high_minutes
    assert found.low_minutes % 5 == found.high_minutes % 5 == 0
    # Beyond the room the pace of past evenings counts, not the parties that sit there now.
    if Certainty.UNKNOWN not in {found.certainty, later.certainty} and ahead + 1 - free != len(
        elapsed
    ):
        assert found.low_minutes <= later.low_minutes
