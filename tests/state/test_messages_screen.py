"""The screen where staff answer guests over WhatsApp."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from models.enums import Role
from services import live
from state.staff import messages as screen_module
from state.staff.messages import MessagesState
from state.staff.messages_views import Head
from tests.builders import NOW
from tests.services.ordering_room import Room, make_room
from tests.services.whatsapp_place import arrive, conversation_of, order_by_whatsapp, said, text
from tests.state.screens import Background, call, logged_in_screen, told

ASKED = NOW + timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out is another test's matter."""
    monkeypatch.setattr(screen_module, "hurry_out", lambda: None)


async def _room() -> tuple[Room, str]:
    room = await make_room()
    await order_by_whatsapp(room)
    await arrive(text("Is it spicy?", at=ASKED), at=ASKED)
    return room, str((await conversation_of(room)).id)


async def test_opening_a_conversation_shows_it_reads_it_and_counts_its_window() -> None:
    room, chosen = await _room()
    with time_machine.travel(ASKED + timedelta(hours=1), tick=False):
        screen = await logged_in_screen(MessagesState, room.row)
        async with live.subscribe([live.messages_topic(room.info.id)]) as news:
            await call(screen, "open", conversation_id=chosen)
            heard = await news.next(timeout_seconds=10)
    assert [one.what for one in heard] == ["read"]
    assert (screen.head.id, screen.head.caption) == (chosen, "Order 1 · table 7")
    assert (screen.head.window_seconds, screen.head.window_text) == (82_800, "23:00")
    assert (screen.head.phone, screen.head.closed) == ("+49 ••• ••42", "")
    assert [one.origin for one in screen.bubbles][-2:] == ["guest", "restaurant"]
    assert [talk.unread for talk in screen.talks] == [""]


async def test_an_answer_goes_into_the_thread_and_the_field_starts_anew() -> None:
    room, chosen = await _room()
    with time_machine.travel(ASKED + timedelta(minutes=1), tick=False):
        screen = await logged_in_screen(MessagesState, room.row)
        await call(screen, "open", conversation_id=chosen)
        before = screen.form_number
        await call(screen, "send", form={"text": "A little."})
    last = screen.bubbles[-1]
    assert (last.origin, last.text, last.status, last.status_word) == (
        "staff",
        "A little.",
        "waiting",
        "On its way",
    )
    assert screen.form_number == before + 1
    assert (await said())[-1] == "A little."


async def test_after_the_window_and_with_nothing_written_nothing_is_sent() -> None:
    room, chosen = await _room()
    with time_machine.travel(NOW, tick=False):
        screen = await logged_in_screen(MessagesState, room.row)
        await call(screen, "open", conversation_id=chosen)
        before = len(await said())
        await call(screen, "send", form={"text": " "})
        assert screen.wrong == {"text": "Please write 1 to 1000 characters."}
    with time_machine.travel(ASKED + timedelta(hours=24), tick=False):
        screen = await logged_in_screen(MessagesState, room.row)
        await call(screen, "open", conversation_id=chosen)
        assert screen.head.window_seconds == 0
        assert screen.head.closed.startswith("The guest wrote more than 24 hours ago.")
        await call(screen, "send", form={"text": "Hello"})
    assert screen.wrong["text"].startswith("The guest wrote more than 24 hours ago.")
    assert len(await said()) == before


async def test_an_open_screen_hears_the_next_message() -> None:
    room, chosen = await _room()
    with time_machine.travel(NOW, tick=False):
        screen = await logged_in_screen(MessagesState, room.row)
    later = ASKED + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        follow = MessagesState.event_handlers["live"].fn
        following = asyncio.create_task(follow(Background(screen)))
        while not screen.is_ready:  # noqa: ASYNC110 - a var wakes nobody
            await asyncio.sleep(0.01)
        screen.head = Head(id=chosen)
        await arrive(text("Hello again", at=later), at=later)
        while screen.bubbles[-1:] == [] or screen.bubbles[-1].text != "Hello again":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    assert screen.talks[0].preview == "Hello again"


@pytest.mark.parametrize("role", [Role.KITCHEN])
async def test_the_kitchen_reads_nobody_s_messages(role: Role) -> None:
    room, chosen = await _room()
    with time_machine.travel(NOW, tick=False):
        screen = await logged_in_screen(MessagesState, room.row, role)
        await call(screen, "open", conversation_id=chosen)
        assert (await told(screen))[0] == "Your role does not allow this."
    assert screen.bubbles == []
