"""Turn time: who counts as a party that stayed, and for how long."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.seating import Sitting
from services.seating.turns import turn_minutes
from tests.builders import NOW


def sitting(minutes: float | None, **columns: object) -> Sitting:
    given = {"opened_by": "scan", "first_order_at": None} | columns
    return Sitting(
        restaurant_id=UUID(int=1),
        table_id=UUID(int=2),
        area_id=UUID(int=3),
        opened_at=NOW,
        last_activity_at=NOW,
        released_at=None if minutes is None else NOW + timedelta(minutes=minutes),
        **given,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("minutes", "columns", "turn"),
    [
        (75.0, {"first_order_at": NOW}, 75.0),
        (75.0, {"opened_by": "staff"}, 75.0),
        # Scanned, looked, left.
        (75.0, {}, None),
        # Still there.
        (None, {"opened_by": "staff"}, None),
        # Taken back: it never happened.
        (1.0, {"opened_by": "staff", "release_reason": "undone"}, None),
        (360.0, {"opened_by": "staff"}, 360.0),
        # Forgotten.
        (361.0, {"opened_by": "staff"}, None),
        (0.0, {"opened_by": "staff"}, None),
    ],
)
def test_what_has_a_turn_time(
    minutes: float | None, columns: dict[str, object], turn: float | None
) -> None:
    assert turn_minutes(sitting(minutes, **columns)) == turn
