"""What the replay says of the plan it draws an evening on."""

from datetime import timedelta

import pytest

from models.enums import Role
from models.layouts import FloorLayout
from services.base import clock
from services.base.database import transaction
from state.staff.replay import ReplayState
from tests.services.ordering_room import make_room
from tests.state.screens import call, logged_in_screen

pytestmark = pytest.mark.usefixtures("database")


async def test_an_evening_before_the_room_was_drawn_anew_says_so() -> None:
    room = await make_room()
    screen = await logged_in_screen(ReplayState, room.row, Role.MANAGER)
    today = clock.business_day(
        clock.now(), time_zone=room.info.time_zone, cutoff=room.info.day_cutoff
    )
    await call(screen, "choose_day", day=str(today - timedelta(days=1)))
    assert screen.changed_text == ""

    now = clock.now()
    async with transaction() as session:
        session.add(
            FloorLayout(
                restaurant_id=room.row.id,
                name="Summer",
                is_live=True,
                created_at=now,
                changed_at=now,
                published_at=now,
            )
        )
    await call(screen, "choose_day", day=str(today - timedelta(days=1)))
    assert screen.changed_text.startswith("The room was drawn anew on ")
    assert screen.changed_text.endswith(": that evening, tables may have stood elsewhere.")
    # Tonight is drawn on what was published tonight.
    await call(screen, "choose_day", day=str(today))
    assert screen.changed_text == ""
