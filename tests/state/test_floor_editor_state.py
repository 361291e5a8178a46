"""The editor's handlers: what an exchange answers, who hears of it, what publishing is refused."""

from typing import Any

import pytest

from models.enums import Role
from models.seating import Table
from services import live
from services.base.database import reading, transaction
from services.layouts import layouts
from services.layouts.types import layouts_topic
from state.staff.floor_editor import FloorEditorState
from tests.builders import NOW, make_sitting
from tests.services.ordering_room import Room, make_room
from tests.state.screens import call, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("database")
TAB = "tab-of-a-test"


async def _opened(room: Room, role: Role = Role.OWNER) -> tuple[FloorEditorState, str]:
    person = await log_in(room.row, role)
    async with transaction() as session:
        layout_id = await layouts.ensure_live_layout(session, by=person.actor, now=NOW)
    return await tab(FloorEditorState, person), str(layout_id)


def _batch(layout_id: str, seen: int, *operations: dict[str, Any]) -> dict[str, Any]:
    known = {"layout_id": layout_id, "tab": TAB, "seen": seen}
    return known | {"id": f"batch-{seen}", "operations": list(operations)}


async def _table(room: Room) -> Table:
    async with reading() as session:
        return await session.get_one(Table, room.table.id)


async def test_an_operation_is_answered_and_others_hear_of_it() -> None:
    room = await make_room()
    screen, layout_id = await _opened(room)
    await call(screen, "exchange", batch=_batch(layout_id, 0))
    assert screen.answer["batch"] == "batch-0"
    assert {item["kind"] for item in screen.answer["items"]} == {"area", "table"}

    step = {"id": str(room.table.id), "set": {"x": 333}}
    operation = {"key": "key-of-a-move", "op": "change", "items": [step]}
    async with live.subscribe([layouts_topic(room.info.id)]) as news:
        await call(screen, "exchange", batch=_batch(layout_id, 1, operation))
        heard = await news.next(timeout_seconds=10)
    assert [(one.what, one.subject_id) for one in heard] == [("layout", f"{layout_id}:2")]
    assert screen.answer["done"] == ["key-of-a-move"]
    assert screen.answer["changes"] == 1
    # Nobody hears of an exchange that changed nothing.
    async with live.subscribe([layouts_topic(room.info.id)]) as news:
        await call(screen, "exchange", batch=_batch(layout_id, 2))
        assert await news.next(timeout_seconds=0.05) == []


async def test_publishing_shows_what_it_would_do_and_does_it() -> None:
    room = await make_room()
    screen, layout_id = await _opened(room)
    step = {"id": str(room.table.id), "set": {"x": 400, "y": 100}}
    operation = {"key": "key-of-a-move", "op": "change", "items": [step]}
    await call(screen, "exchange", batch=_batch(layout_id, 1, operation))
    await call(screen, "look", layout_id=layout_id)
    assert screen.preview["changed_tables"] == ["7"]
    assert screen.preview["problems"] == []

    async with live.subscribe([live.floor_topic(room.info.id)]) as news:
        await call(screen, "publish", layout_id=layout_id, revision=screen.preview["revision"])
        heard = await news.next(timeout_seconds=10)
    assert [one.what for one in heard] == ["room"]
    assert (await told(screen))[0] == "This is the room now"
    assert screen.room["done"] == 1
    row = await _table(room)
    # The middle of a table of 90 by 90.
    assert (row.floor_plan_x, row.floor_plan_y) == (445, 145)


async def test_a_refusal_to_publish_stands_in_the_question() -> None:
    room = await make_room()
    screen, layout_id = await _opened(room)
    async with transaction() as session:
        await make_sitting(session, restaurant=room.row, table=room.table)
    operation = {"key": "key-of-a-loss", "op": "remove", "ids": [str(room.table.id)]}
    await call(screen, "exchange", batch=_batch(layout_id, 1, operation))
    await call(screen, "look", layout_id=layout_id)
    assert screen.preview["gone_tables"] == ["7"]
    await call(screen, "publish", layout_id=layout_id, revision=screen.preview["revision"])
    assert screen.preview["error"].startswith("Guests sit at tables that this layout takes away: 7")
    assert (await _table(room)).is_active is True


async def test_waiters_do_not_draw() -> None:
    room = await make_room()
    screen, layout_id = await _opened(room)
    waiter = await tab(FloorEditorState, await log_in(room.row, Role.WAITER))
    await call(waiter, "exchange", batch=_batch(layout_id, 0))
    assert waiter.answer == {}
    assert (await told(waiter))[0] == "Your role does not allow this."
    assert screen.answer == {}


async def test_layouts_are_made_renamed_and_put_away() -> None:
    room = await make_room()
    screen, live_id = await _opened(room)
    await call(screen, "create", name="Lunch", source="cafe")
    lunch = screen.room["layout_id"]
    assert [(one["name"], one["is_live"]) for one in screen.room["layouts"]] == [
        ("Everyday", True),
        ("Lunch", False),
    ]
    assert screen.room["pdf"] == f"/staff/floor/edit/{lunch}.pdf"
    await call(screen, "rename", layout_id=lunch, name="Brunch")
    await call(screen, "choose", layout_id=live_id)
    assert screen.room["layout_id"] == live_id
    await call(screen, "put_away", layout_id=live_id)
    assert (await told(screen))[0].startswith("This layout is the room now.")
    await call(screen, "put_away", layout_id=lunch)
    assert [one["name"] for one in screen.room["layouts"]] == ["Everyday"]
