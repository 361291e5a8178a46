"""One change among three hundred tables: what a tab is sent."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from reflex.utils import format as wire

from models.enums import Role, TableStatus
from models.seating import Area, Table
from services.accounts.types import Actor
from services.base.database import engine, transaction
from services.live import News
from services.seating import tables
from state.staff.floor import FloorState
from state.staff.floor_room import read_room
from state.staff.table_panel import TablePanelState
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


async def refreshed(
    screen: FloorState, actor: Actor, known: Any, *heard: News
) -> tuple[Any, dict[str, Any]]:
    """The next reading, and the Vars that it sends."""
    screen._clean()
    known = await FloorState._refresh(Background(screen), actor, known, heard)  # type: ignore[arg-type]
    delta = screen.get_delta()
    return known, next(iter(json.loads(wire.json_dumps(delta)).values()), {})


async def cleaned(room: Room, table: Table) -> News:
    """A table that is being cleaned, and what its floors hear."""
    async with transaction() as session:
        change = await tables.set_status(
            session,
            restaurant=room.info,
            table_id=table.id,
            status=TableStatus.CLEANING,
            by=room.waiter,
            now=NOW,
        )
    return News(change.topics[0], "table", str(change.table_id))


async def test_one_change_among_three_hundred_tables_is_told_by_itself() -> None:
    room, rows = await big_room()
    screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
    known, first = await refreshed(screen, room.waiter, None)
    assert len(_var(first, "news")["tables"]) == TABLES + 1
    assert len(_var(first, "places")) == TABLES + 1

    known, sent = await refreshed(screen, room.waiter, known, await cleaned(room, rows[1]))
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


async def test_a_change_costs_the_same_however_many_screens_and_tables_there_are() -> None:
    small, (room, rows) = await make_room(), await big_room()
    # Of the room: which table, its party, who is expected, the table, and four of its sitting.
    assert await _statements_of_a_change(small, small.table, screens=1) <= 8
    assert await _statements_of_a_change(room, rows[1], screens=30) <= 8


async def _statements_of_a_change(room: Room, table: Table, *, screens: int) -> int:
    tabs = [await logged_in_screen(FloorState, room.row, Role.WAITER) for _ in range(screens)]
    known = await asyncio.gather(*(refreshed(tab, room.waiter, None) for tab in tabs))
    heard = await cleaned(room, table)
    # Two look at other tables: their panels stay as they are.
    for tab in tabs[1:3]:
        (await tab.get_state(TablePanelState)).chosen_id = str(uuid4())
    statements: list[str] = []

    def collect(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sa.event.listen(engine().sync_engine, "before_cursor_execute", collect)
    sent = await asyncio.gather(
        *(
            refreshed(tab, room.waiter, before, heard)
            for tab, (before, _) in zip(tabs, known, strict=True)
        )
    )
    sa.event.remove(engine().sync_engine, "before_cursor_execute", collect)
    for _, told in sent:
        assert _var(told, "news")["tables"].keys() == {str(table.id)}
    return len(statements)


@pytest.mark.parametrize(
    "heard",
    [
        (),
        (News("floor", "table", gap=True),),
        (News("floor", "room"),),
        (News("floor", "table", "no id"),),
    ],
    ids=["after a while", "after a gap", "another room", "unreadable"],
)
async def test_what_news_do_not_lead_to_is_found_by_reading_everything(
    heard: tuple[News, ...],
) -> None:
    room = await make_room()
    screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
    known, _ = await refreshed(screen, room.waiter, None)
    await cleaned(room, room.table)
    # News of another table lead past this one.
    elsewhere = News("floor", "table", str(uuid4()))
    known, sent = await refreshed(screen, room.waiter, known, elsewhere)
    assert "news" not in {name.removesuffix("_rx_state_") for name in sent}
    known, sent = await refreshed(screen, room.waiter, known, *heard)
    assert list(_var(sent, "news")["tables"]) == [str(room.table.id)]


async def test_the_panel_is_read_again_when_its_table_changes() -> None:
    room = await make_room()
    screen = await logged_in_screen(FloorState, room.row, Role.WAITER)
    known, _ = await refreshed(screen, room.waiter, None)
    panel = await screen.get_state(TablePanelState)
    await call(panel, "open_table", table_id=room.table.id)
    assert panel.card.number == room.table.table_number
    before = panel.card
    await refreshed(screen, room.waiter, known, await cleaned(room, room.table))
    assert panel.card != before


async def test_two_restaurants_never_share_a_reading() -> None:
    ours, theirs = await make_room(), await make_room()
    own, other = await asyncio.gather(read_room(ours.row.id), read_room(theirs.row.id))
    assert (set(own.room.tables.views), set(other.room.tables.views)) == (
        {str(ours.table.id)},
        {str(theirs.table.id)},
    )
    # News of a neighbour's table lead to nothing here.
    stray = News(f"floor:{ours.row.id}", "table", str(theirs.table.id))
    assert (await read_room(ours.row.id, [stray])).table_ids == frozenset()


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
