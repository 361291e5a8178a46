"""An open card reads itself every five seconds at most."""

from datetime import timedelta

import pytest

from state.staff.card.address import Pace
from tests.builders.moments import NOW


@pytest.mark.parametrize(
    ("seconds", "still"), [(0, 5.0), (1.5, 3.5), (5, 0.0), (3600, 0.0), (-3600, 5.0)]
)
def test_a_card_waits_for_the_rest_of_its_pause(seconds: float, still: float) -> None:
    assert Pace(NOW).still(NOW + timedelta(seconds=seconds)) == still
