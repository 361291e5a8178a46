"""One change among three hundred tables: what a tab is sent."""

import json
from typing import Any

import pytest
from reflex.utils import format as wire

from models.enums import Role, TableStatus
from models.seating import Area, Table
from services.accounts.types import Actor
from services.base.database import transaction
from services.seating import tables
from state.staff.floor import FloorState
from tests.builders import NOW, make_area, make_sitting
from tests.services.ordering_room import Room, make_room
from tests.state.screens import Background, call, logged_in_screen

pytestmark = pytest.mark.usefixtures("database")
TABLES = 300
MOST_BYTES = 8_000


async def big_room() -> tuple[Room, list[Table]]:
    """Three hundred tables, a party at every second one."""
    room = await make_room()
    async with transaction() as session:
        area = await make_area(session, restaurant=room.row, name="Hall")
        rows = [_table(room, area, number) for number in range(TABLES)]
        session.add_all(rows)
        await session.flush()
        for row in rows[::2]:
            await make_sitting(session, restaurant=room.row, table=row, party_size=3)
    return room, rows


def _table(room: Room, area: Area, number: int) -> Table:
    return Table(
        restaurant_id=room.row.id,
        area_id=area.id,
        table_number=f"H{number}",
        capacity=4,
        created_at=NOW,
    )


async def refreshed(screen: FloorState, actor: Actor, known: Any) -> tuple[Any, dict[str, Any]]:
    """The next reading, and the Vars that it sends."""
    screen._clean()
    known = await FloorState._refresh(Background(screen), actor, known)  # type: ignore[arg-type]
    delta = screen.get_delta()
    return known, next(iter(json.loads(wire.json_dumps(delta)).values()), {})


async def test_one_change_among_three_hundred_tables_is_told_by_itself() -> None:
    room, rows = await big_room()
    screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
    known, first = await refreshed(screen, room.waiter, None)
    assert len(_var(first, "news")["tables"]) == TABLES + 1
    assert len(_var(first, "places")) == TABLES + 1

    async with transaction() as session:
        await tables.set_status(
            session,
            restaurant=room.info,
            table_id=rows[1].id,
            status=TableStatus.CLEANING,
            by=room.waiter,
            now=NOW,
        )
    known, sent = await refreshed(screen, room.waiter, known)
    told = _var(sent, "news")
    assert list(told["tables"]) == [str(rows[1].id)]
    assert told["tables"][str(rows[1].id)]["status"] == "cleaning"
    assert (told["from"], told["to"]) == (1, 2)
    # The ground, the places and the other tables stay where they are.
    names = {name.removesuffix("_rx_state_") for name in sent}
    # A minute may have passed between the readings.
    assert names - {"as_of_text"} == {"available_text", "legend", "news", "server_now"}
    assert len(json.dumps(sent)) < MOST_BYTES

    _, sent = await refreshed(screen, room.waiter, known)
    assert "news" not in {name.removesuffix("_rx_state_") for name in sent}


async def test_a_tab_that_missed_something_is_told_everything() -> None:
    room = await make_room()
    screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
    screen.news = {"epoch": "gone", "from": 3, "to": 4, "tables": {}}
    await call(screen, "tell_all")
    assert (screen.news["from"], list(screen.news["tables"])) == (0, [str(room.table.id)])


async def test_only_a_wall_is_sent_what_needs_somebody() -> None:
    room = await make_room()
    await room.order(await room.guest())
    for is_wall, expected in ((False, 0), (True, 1)):
        screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
        screen.is_wall = is_wall
        await refreshed(screen, room.waiter, None)
        assert len(screen.needs) == expected


def _var(sent: dict[str, Any], name: str) -> Any:
    return next(value for key, value in sent.items() if key.removesuffix("_rx_state_") == name)
