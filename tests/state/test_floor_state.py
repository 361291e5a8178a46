"""The floor's handlers: who may, what happens, what is refused."""

import pytest

from models.enums import Role, TableStatus
from services import live
from services.base.database import reading
from services.floor import queries
from services.floor.types import FloorTable
from state.staff.floor import FloorState
from state.staff.table_panel import TablePanelState
from tests.services.ordering_room import Room, make_room
from tests.state.screens import call, logged_in_screen, open_screen, told

pytestmark = pytest.mark.usefixtures("database")


async def table_of(room: Room) -> FloorTable:
    async with reading() as session:
        floor = await queries.load_floor(session, restaurant_id=room.info.id)
    return floor.tables[0]


async def opened(room: Room, role: Role = Role.WAITER) -> TablePanelState:
    screen = await logged_in_screen(TablePanelState, room.row, role)
    await call(screen, "open_table", table_id=str(room.table.id))
    return screen


async def test_a_state_is_set_told_and_taken_back() -> None:
    room = await make_room()
    screen = await opened(room)
    async with live.subscribe([live.floor_topic(room.info.id)]) as news:
        await call(screen, "set_state", status="cleaning")
        heard = await news.next(timeout_seconds=10)
    assert [one.subject_id for one in heard] == [str(room.table.id)]
    assert (await table_of(room)).status is TableStatus.CLEANING
    assert (await told(screen))[0] == "Table 7: Cleaning"
    assert screen.card.status == "cleaning"

    await call(screen, "undo")
    assert (await table_of(room)).status is TableStatus.AVAILABLE
    assert screen.card.status == "available"


async def test_a_party_without_phones_is_seated_with_its_size() -> None:
    room = await make_room()
    screen = await opened(room)
    await call(screen, "ask_party")
    assert screen.dialog == "party"
    await call(screen, "seat", party_size=3)
    table = await table_of(room)
    assert table.status is TableStatus.OCCUPIED
    assert table.sitting is not None
    assert table.sitting.party_size == 3
    assert screen.card.caption == "Main room · 3 of 4 seats"
    assert screen.dialog == ""


@pytest.mark.parametrize("party_size", [0, -1, 41, 2.5, "many", None])
async def test_a_party_that_cannot_be_is_not_seated(party_size: object) -> None:
    room = await make_room()
    screen = await opened(room)
    await call(screen, "seat", party_size=party_size)
    assert await told(screen) == ("That cannot be.", "bad")
    assert (await table_of(room)).sitting is None


async def test_a_table_with_open_orders_warns_before_it_is_released() -> None:
    room = await make_room()
    await room.order(await room.guest())
    screen = await opened(room)
    await call(screen, "set_state", status="out_of_service")
    assert (screen.dialog, screen.warning) == (
        "release",
        "Orders at this table are still open: 1.",
    )
    assert (await table_of(room)).status is TableStatus.OCCUPIED

    await call(screen, "release_anyway")
    assert (await table_of(room)).status is TableStatus.OUT_OF_SERVICE
    assert screen.dialog == ""


async def test_leaving_the_warning_changes_nothing() -> None:
    room = await make_room()
    await room.order(await room.guest())
    screen = await opened(room)
    await call(screen, "set_state", status="available")
    await call(screen, "close_dialog")
    assert (screen.dialog, screen.warning) == ("", "")
    assert (await table_of(room)).status is TableStatus.OCCUPIED


async def test_a_note_is_kept_and_shown() -> None:
    room = await make_room()
    screen = await opened(room)
    await call(screen, "save_note", form={"note": "  Birthday, cake with the coffee "})
    assert screen.card.note == "Birthday, cake with the coffee"
    assert screen.is_editing_note is False


async def test_the_panel_shows_orders_and_guests() -> None:
    room = await make_room()
    guest = await room.guest()
    await room.order(guest)
    screen = await opened(room)
    assert [(one.title, one.state_word) for one in screen.card.orders] == [
        (f"#1 · {guest.alias}", "New")
    ]
    assert [(line.quantity, line.name) for line in screen.card.orders[0].lines] == [
        (1, "Margherita")
    ]
    assert screen.card.total_text == "€9.50"
    assert [(one.alias, one.caption) for one in screen.card.guests] == [
        (guest.alias, "Just this visit")
    ]
    assert [phase.look for phase in screen.card.phases] == ["p", "p c", "", "", ""]


async def test_guests_cards_are_linked_for_whoever_serves_them() -> None:
    room = await make_room()
    guest = await room.guest(remembered=True)
    await room.order(guest)
    waiter, manager = await opened(room), await opened(room, Role.MANAGER)
    for screen in (waiter, manager):
        assert [one.href for one in screen.card.guests] == [f"/staff/customers/{guest.customer_id}"]


CHANGES: list[tuple[str, dict[str, object]]] = [
    ("set_state", {"status": "out_of_service"}),
    ("seat", {"party_size": 2}),
    ("save_note", {"form": {"note": "mine"}}),
    ("release_anyway", {}),
]


@pytest.mark.parametrize(("handler", "payload"), CHANGES)
async def test_strangers_change_nothing(handler: str, payload: dict[str, object]) -> None:
    room = await make_room()
    screen = await open_screen(TablePanelState)
    screen.chosen_id = str(room.table.id)
    answers = await call(screen, handler, **payload)
    assert [answer.handler.fn.__qualname__ for answer in answers] == ["_redirect"]
    assert (await table_of(room)).status is TableStatus.AVAILABLE


@pytest.mark.parametrize(("handler", "payload"), CHANGES)
async def test_the_kitchen_may_not_work_the_floor(handler: str, payload: dict[str, object]) -> None:
    room = await make_room()
    screen = await logged_in_screen(TablePanelState, room.row, Role.KITCHEN)
    screen.chosen_id = str(room.table.id)
    await call(screen, handler, **payload)
    assert await told(screen) == ("Your role does not allow this.", "bad")
    assert (await table_of(room)).status is TableStatus.AVAILABLE


@pytest.mark.parametrize(("handler", "payload"), CHANGES)
async def test_the_other_restaurant_changes_nothing(
    handler: str, payload: dict[str, object]
) -> None:
    room, other = await make_room(), await make_room()
    screen = await logged_in_screen(TablePanelState, other.row, Role.OWNER)
    screen.chosen_id = str(room.table.id)
    await call(screen, handler, **payload)
    assert await told(screen) == ("There is no such table here.", "bad")
    table = await table_of(room)
    assert (table.status, table.sitting) == (TableStatus.AVAILABLE, None)


async def test_the_other_restaurants_table_cannot_be_opened() -> None:
    room, other = await make_room(), await make_room()
    screen = await logged_in_screen(TablePanelState, other.row, Role.OWNER)
    await call(screen, "open_table", table_id=str(room.table.id))
    assert await told(screen) == ("There is no such table here.", "bad")
    assert (screen.chosen_id, screen.card.id) == ("", "")


async def test_only_known_states_can_be_set() -> None:
    room = await make_room()
    screen = await opened(room)
    await call(screen, "set_state", status="on_fire")
    assert await told(screen) == ("That cannot be.", "bad")
    assert (await table_of(room)).status is TableStatus.AVAILABLE


async def test_an_unknown_area_shows_the_whole_room() -> None:
    room, other = await make_room(), await make_room()
    screen = await logged_in_screen(FloorState, room.row)
    await call(screen, "choose_area", area_id=str(other.table.area_id))
    assert screen.area_id == ""
    await call(screen, "choose_area", area_id=str(room.table.area_id))
    assert screen.area_id == str(room.table.area_id)
