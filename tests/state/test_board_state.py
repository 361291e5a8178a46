"""The board's handlers: who may, what happens, what is refused."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus, Role
from models.ordering import Order
from services import live
from services.base import clock
from services.base.database import reading
from state.notice import NoticeState
from state.staff.board import BoardState
from tests.services.ordering_room import Room, make_room
from tests.state.screens import call, logged_in_screen, open_screen, told

pytestmark = pytest.mark.usefixtures("database")

STEPS = ("accept", "mark_ready", "mark_served", "complete")


async def status_of(order_id: str) -> tuple[str, str | None]:
    async with reading() as session:
        row = (
            await session.execute(
                sa.select(col(Order.order_status), col(Order.reason)).where(
                    col(Order.id) == UUID(order_id)
                )
            )
        ).one()
    return row[0], row[1]


async def one_order(**columns: object) -> tuple[Room, str]:
    room = await make_room(**columns)
    placed = await room.order(await room.guest())
    return room, str(placed.order_id)


async def test_a_cook_takes_an_order_all_the_way() -> None:
    room, order_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row, Role.KITCHEN)
    seen = []
    for step in STEPS:
        await call(screen, step, order_id=order_id)
        seen.append((await status_of(order_id))[0])
    assert seen == ["preparing", "ready", "served", "completed"]


async def test_a_step_tells_board_and_floor_and_can_be_undone_once() -> None:
    room, order_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row)
    topics = [live.orders_topic(room.info.id), live.floor_topic(room.info.id)]
    async with live.subscribe(topics) as news:
        await call(screen, "accept", order_id=order_id)
        heard = await news.next(timeout_seconds=10)
    assert {(one.topic, one.subject_id) for one in heard} == {
        (topics[0], order_id),
        (topics[1], order_id),
    }
    assert (await told(screen))[0] == "Order 1, table 7: in the kitchen"
    assert (await screen.get_state(NoticeState)).undo_label == "Undo"

    await call(screen, "undo")
    assert (await status_of(order_id))[0] == "pending"
    assert await told(screen) == ("Taken back", "ok")
    await call(screen, "undo")
    assert (await status_of(order_id))[0] == "pending"


async def test_declining_needs_a_reason_and_the_guests_read_it() -> None:
    room, order_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row)
    await call(screen, "ask_decline", order_id=order_id)
    assert (screen.dialog, screen.subject) == ("decline", "Order 1, table 7")

    await call(screen, "confirm_decline", form={"reason": "   "})
    assert screen.problem == "Please give a reason of up to 200 characters."
    assert screen.dialog == "decline"
    assert await status_of(order_id) == ("pending", None)

    # Own words win over the ticked choice.
    await call(screen, "confirm_decline", form={"choice": "Sold out", "reason": "Oven is off"})
    assert await status_of(order_id) == ("declined", "Oven is off")
    assert screen.dialog == ""


async def test_a_choice_alone_is_reason_enough_to_cancel() -> None:
    room, order_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row)
    await call(screen, "accept", order_id=order_id)
    await call(screen, "ask_more", order_id=order_id)
    assert (screen.dialog, screen.can_step_back) == ("more", True)
    await call(screen, "ask_cancel")
    await call(screen, "confirm_cancel", form={"choice": "Ordered twice", "reason": ""})
    assert await status_of(order_id) == ("cancelled", "Ordered twice")


async def test_two_people_who_tap_at_once_are_told_who_won() -> None:
    room, order_id = await one_order()
    first = await logged_in_screen(BoardState, room.row)
    second = await logged_in_screen(BoardState, room.row)
    await call(first, "accept", order_id=order_id)
    await call(second, "accept", order_id=order_id)
    assert await told(second) == ("Order 1 is already in the kitchen.", "bad")


@pytest.mark.parametrize("step", [*STEPS, "ask_decline", "ask_more", "bring_back"])
async def test_strangers_change_nothing(step: str) -> None:
    _, order_id = await one_order()
    screen = await open_screen(BoardState)
    answers = await call(screen, step, order_id=order_id)
    assert [answer.handler.fn.__qualname__ for answer in answers] == ["_redirect"]
    assert await status_of(order_id) == ("pending", None)
    assert screen.subject == ""


@pytest.mark.parametrize("step", [*STEPS, "ask_decline", "ask_more", "bring_back"])
async def test_the_other_restaurant_changes_and_learns_nothing(step: str) -> None:
    _, order_id = await one_order()
    other = await make_room()
    screen = await logged_in_screen(BoardState, other.row, Role.OWNER)
    await call(screen, step, order_id=order_id)
    assert await told(screen) == ("There is no such order here.", "bad")
    assert await status_of(order_id) == ("pending", None)
    assert (screen.subject, screen.dialog) == ("", "")


@pytest.mark.parametrize("order_id", ["", "1", "' OR 1=1", None, {"id": 1}])
async def test_what_is_no_id_is_refused(order_id: object) -> None:
    room, real_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row)
    await call(screen, "accept", order_id=order_id)
    assert await told(screen) == ("That cannot be.", "bad")
    assert await status_of(real_id) == ("pending", None)


async def test_a_confirmation_without_a_question_is_refused() -> None:
    room, order_id = await one_order()
    screen = await logged_in_screen(BoardState, room.row)
    await call(screen, "confirm_decline", form={"reason": "Oven is off"})
    assert await told(screen) == ("There is no such order here.", "bad")
    assert await status_of(order_id) == ("pending", None)


async def test_what_was_completed_can_be_brought_back() -> None:
    room = await make_room()
    guest = await room.guest()
    order_id = str((await room.order(guest, now=clock.now())).order_id)
    screen = await logged_in_screen(BoardState, room.row)
    for step in STEPS:
        await call(screen, step, order_id=order_id)
    await call(screen, "open_recall")
    assert screen.dialog == "recall"
    assert [(one.order_id, one.title) for one in screen.recalled] == [
        (order_id, "Order 1, table 7")
    ]
    await call(screen, "bring_back", order_id=order_id)
    assert (await status_of(order_id))[0] == OrderStatus.SERVED
    assert screen.dialog == ""
