"""Moving, putting together, calls, bills and waiters on the floor: who may, and what happens."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.enums import CallKind, Role, TableStatus
from models.seating import Area, Table
from services import live
from services.base import clock
from services.base.database import reading, transaction
from services.floor import queries
from services.floor.types import FloorTable
from services.seating import calls
from state.staff.floor_waiters import FloorWaitersState
from state.staff.party_moves import PartyMovesState
from state.staff.table_panel import TablePanelState
from state.staff.table_service import TableServiceState
from tests.builders import make_table, make_user
from tests.services.ordering_room import Room, make_room
from tests.services.parties import open_calls
from tests.state.screens import call, logged_in_screen, open_screen, told

pytestmark = pytest.mark.usefixtures("database")
NOBODY = UUID(int=7)


async def two_tables() -> tuple[Room, Table]:
    """Table 7, where somebody has ordered, and table 8."""
    room = await make_room()
    async with transaction() as session:
        area = await session.get_one(Area, room.table.area_id)
        eight = await make_table(session, restaurant=room.row, area=area, table_number="8")
    await room.order(await room.guest())
    return room, eight


async def shown(room: Room, number: str) -> FloorTable:
    async with reading() as session:
        floor = await queries.load_floor(session, restaurant_id=room.info.id)
    return next(table for table in floor.tables if table.number == number)


async def open_call(room: Room, kind: CallKind = CallKind.WAITER) -> str:
    """Somebody at table 7 calls."""
    guest = await room.guest()
    sitting = (await shown(room, "7")).sitting
    assert sitting is not None
    async with transaction() as session:
        await calls.call(
            session,
            guest=replace(guest, sitting_id=sitting.id),
            kind=kind,
            now=clock.now(),
        )
    return str((await open_calls(room))[0].id)


async def test_a_party_moves_the_panel_goes_along_and_undo_brings_both_back() -> None:
    room, eight = await two_tables()
    screen = await logged_in_screen(PartyMovesState, room.row)
    floor = await screen.get_state(TablePanelState)
    await call(floor, "open_table", table_id=str(room.table.id))
    await call(screen, "ask", what="move", table_id=str(room.table.id))
    assert (screen.title, [place.number for place in screen.places]) == ("Move table 7 to", ["8"])
    async with live.subscribe([live.orders_topic(room.info.id)]) as news:
        events = await call(screen, "go", to_table_id=str(eight.id))
        assert await news.next(timeout_seconds=10)
    assert len(events) == 1
    assert (await told(screen))[0] == "Table 7 moved to 8"
    assert [(await shown(room, one)).status for one in ("7", "8")] == ["available", "occupied"]
    assert screen.which == ""
    await call(floor, "undo")
    assert (await shown(room, "7")).status is TableStatus.OCCUPIED
    assert floor.chosen_id == str(room.table.id)


async def test_a_dropped_party_asks_what_was_meant() -> None:
    room, eight = await two_tables()
    screen = await logged_in_screen(PartyMovesState, room.row)
    await call(screen, "drop", pair=f"{room.table.id}:{eight.id}")
    assert (screen.which, screen.can_move) == ("drop", True)
    assert (await shown(room, "7")).together == ()
    await call(screen, "do_drop", what="merge")
    assert (await shown(room, "7")).together == ("8",)
    # Occupied now: the party can only be put together with it.
    await call(screen, "part", table_id=str(eight.id))
    assert (await shown(room, "8")).sitting is None
    floor = await screen.get_state(TablePanelState)
    await call(floor, "undo")
    assert (await shown(room, "8")).together == ("7",)


@pytest.mark.parametrize("pair", ["", "x:y", "same", f"{NOBODY}:{NOBODY}"])
async def test_a_drop_that_cannot_be_opens_nothing(pair: str) -> None:
    room, _ = await two_tables()
    screen = await logged_in_screen(PartyMovesState, room.row)
    await call(screen, "drop", pair=f"{room.table.id}:{room.table.id}" if pair == "same" else pair)
    assert (screen.which, (await told(screen))[1]) == ("", "bad")


async def test_an_order_between_the_sum_and_the_money_is_told_with_the_new_sum() -> None:
    room, _ = await two_tables()
    screen = await logged_in_screen(TableServiceState, room.row)
    await call(screen, "ask_paid", table_id=str(room.table.id))
    shown_text = screen.total_text
    await room.order(await room.guest(), key="key-between")
    await call(screen, "settle")
    assert screen.changed_text == "The bill has changed meanwhile. Please check the new sum."
    assert screen.total_text != shown_text
    assert screen.title != ""
    await call(screen, "settle")
    assert (screen.title, (await told(screen))[0]) == ("", "Table 7: paid")


async def test_only_chosen_guests_go_elsewhere() -> None:
    room, eight = await two_tables()
    screen = await logged_in_screen(PartyMovesState, room.row)
    await call(screen, "ask", what="split", table_id=str(room.table.id))
    await call(screen, "go", to_table_id=str(eight.id))
    assert await told(screen) == ("This guest does not sit at this table.", "bad")
    await call(screen, "choose_guest", visit_id=str(uuid4()))
    assert screen.going == []
    (guest,) = screen.guests
    await call(screen, "choose_guest", visit_id=guest.id)
    await call(screen, "go", to_table_id=str(eight.id))
    sitting = (await shown(room, "8")).sitting
    assert sitting is not None
    assert sitting.aliases == (guest.alias,)


async def test_two_people_answer_one_call_and_both_screens_are_calm() -> None:
    room, _ = await two_tables()
    call_id = await open_call(room)
    for _ in range(2):
        screen = await logged_in_screen(TableServiceState, room.row)
        await call(screen, "answer", call_id=call_id)
        assert await told(screen) == ("", "info")
    sitting = (await shown(room, "7")).sitting
    assert sitting is not None
    assert sitting.calls == ()


async def test_a_bill_is_settled_after_its_sum_was_seen() -> None:
    room, _ = await two_tables()
    screen = await logged_in_screen(TableServiceState, room.row)
    await call(screen, "settle")
    assert (await shown(room, "7")).sitting is not None
    await call(screen, "ask_bill", table_id=str(room.table.id))
    await call(screen, "ask_paid", table_id=str(room.table.id))
    assert (screen.title, screen.total_text) == ("Table 7: is it paid?", "€9.50")
    await call(screen, "settle")
    assert (screen.title, (await told(screen))[0]) == ("", "Table 7: paid")
    sitting = (await shown(room, "7")).sitting
    # Its food is still in the kitchen.
    assert sitting is not None
    assert sitting.paid_at is not None
    floor = await screen.get_state(TablePanelState)
    await call(floor, "undo")
    sitting = (await shown(room, "7")).sitting
    assert sitting is not None
    assert sitting.paid_at is None


async def test_a_table_and_its_area_get_waiters_of_the_team() -> None:
    room, _ = await two_tables()
    async with transaction() as session:
        cook = (await make_user(session, restaurant=room.row, role=Role.KITCHEN)).user
    screen = await logged_in_screen(FloorWaitersState, room.row)
    await call(screen, "ask", kind="area", place_id=str(room.table.area_id))
    assert screen.title == "Waiter of Main room"
    names = {person.id for person in screen.people}
    assert str(room.waiter.user_id) in names
    assert str(cook.id) not in names
    await call(screen, "assign", user_id=str(room.waiter.user_id))
    assert (await shown(room, "7")).waiter is not None
    await call(screen, "ask", kind="table", place_id=str(room.table.id))
    assert screen.chosen_id == str(room.waiter.user_id)
    await call(screen, "assign", user_id=str(uuid4()))
    assert await told(screen) == ("There is nobody like that on the team.", "bad")


PAYLOADS: list[tuple[type[Any], str, dict[str, str]]] = [
    (PartyMovesState, "ask", {"what": "move", "table_id": "7"}),
    (PartyMovesState, "drop", {"pair": "7:8"}),
    (PartyMovesState, "part", {"table_id": "7"}),
    (TableServiceState, "answer", {"call_id": "call"}),
    (TableServiceState, "ask_bill", {"table_id": "7"}),
    (TableServiceState, "ask_paid", {"table_id": "7"}),
    (FloorWaitersState, "ask", {"kind": "table", "place_id": "7"}),
    (FloorWaitersState, "ask", {"kind": "area", "place_id": "area"}),
]


def filled(payload: dict[str, str], room: Room, eight: Table, call_id: str) -> dict[str, str]:
    ids = {
        "7": str(room.table.id),
        "7:8": f"{room.table.id}:{eight.id}",
        "call": call_id,
        "area": str(room.table.area_id),
    }
    return {name: ids.get(value, value) for name, value in payload.items()}


@pytest.mark.parametrize(("state", "handler", "payload"), PAYLOADS)
async def test_nobody_else_does_anything(
    state: type[Any], handler: str, payload: dict[str, str]
) -> None:
    room, eight = await two_tables()
    call_id = await open_call(room)
    before = await shown(room, "7")
    elsewhere = await make_room(slug="elsewhere")
    words = filled(payload, room, eight, call_id)
    stranger = await open_screen(state)
    assert len(await call(stranger, handler, **words)) == 1
    cook = await logged_in_screen(state, room.row, Role.KITCHEN)
    await call(cook, handler, **words)
    assert await told(cook) == ("Your role does not allow this.", "bad")
    other = await logged_in_screen(state, elsewhere.row, Role.OWNER)
    await call(other, handler, **words)
    assert (await told(other))[1] == "bad"
    for screen in (stranger, cook, other):
        assert getattr(screen, "title", "") == ""
    assert await shown(room, "7") == before
