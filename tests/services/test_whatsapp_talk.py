"""Free messages of guests reach the restaurant they talk to, and staff answer within the window."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import Role
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppConversation, WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.whatsapp import conversations, replying, saying, senders, threads
from services.whatsapp.errors import (
    MessageTextError,
    OptedOutError,
    UnknownConversationError,
    WindowClosedError,
)
from services.whatsapp.threads import Thread
from tests.builders import NOW, make_user
from tests.services.ordering_room import Room, count, make_room
from tests.services.whatsapp_place import (
    PHONE,
    USER,
    arrive,
    conversation_of,
    order_by_whatsapp,
    press,
    said,
    said_with_buttons,
    text,
)
from tests.whatsapp import message

pytestmark = pytest.mark.usefixtures("sqlite_database")
LATER = NOW + timedelta(minutes=5)


async def _thread(room: Room, role: Role = Role.WAITER) -> Thread:
    chosen = await conversation_of(room)
    async with transaction() as session:
        by = (await make_user(session, restaurant=room.row, role=role)).actor
        return await threads.get_thread(session, by=by, conversation_id=chosen.id)


async def _rename(room: Room, name: str) -> None:
    async with transaction() as session:
        row = await session.get_one(Restaurant, room.info.id)
        row.name = name


async def test_a_word_without_a_token_reaches_the_restaurant_that_has_the_order() -> None:
    room = await make_room()
    guest = await order_by_whatsapp(room)
    await arrive(text("No onions please 🧅", at=LATER), at=LATER)
    await arrive(text("شكرا", at=LATER), at=LATER)
    async with reading() as session:
        (talk,) = await threads.list_talks(session, restaurant_id=room.info.id)
    assert (talk.alias, talk.order_number, talk.table_number) == (guest.alias, 1, "7")
    assert talk.unread_count == 2
    thread = await _thread(room)
    assert [one.text for one in thread.messages if one.is_incoming][1:] == [
        "No onions please 🧅",
        "شكرا",
    ]
    # Told once an order, not after every sentence.
    assert (await said())[1:] == [f"{room.info.name} has your message and answers you here."]


async def test_who_never_ordered_gets_help_and_reaches_nobody() -> None:
    room = await make_room()
    await arrive(text("Hello?"))
    assert (await said())[0].startswith("There is no order in this message.")
    async with reading() as session:
        assert await threads.list_talks(session, restaurant_id=room.info.id) == []


async def test_a_day_after_the_last_word_nobody_is_talked_to() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    late = NOW + timedelta(hours=24)
    await arrive(text("Was lovely", at=late), at=late)
    assert (await said())[-1].startswith("There is no order in this message.")
    assert (await conversation_of(room)).unread_count == 0


async def test_pictures_and_voices_are_answered_once_and_shown_as_what_they_are() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    for kind in ("image", "audio", "video", "document", "sticker", "contacts", "unsupported"):
        part = [{"name": {}}] if kind == "contacts" else {"id": "media", "caption": ""}
        await arrive(message(kind, part, user_id=USER, phone=PHONE, at=LATER), at=LATER)
    await arrive(
        message("reaction", {"emoji": "👍"}, user_id=USER, phone=PHONE, at=LATER), at=LATER
    )
    assert len([one for one in await said() if "cannot open pictures" in one]) == 1
    thread = await _thread(room)
    assert [one.kind for one in thread.messages if one.is_incoming][1:] == [
        "image", "audio", "video", "document", "sticker", "contacts", "unsupported", "reaction",
    ]  # fmt: skip
    # A thumb waits for nobody.
    assert (await conversation_of(room)).unread_count == 7


async def test_with_two_restaurants_the_guest_is_asked_and_only_the_chosen_one_reads_it() -> None:
    first, second = await make_room(), await make_room()
    await _rename(first, "Brasa & Olive on the Harbour")
    await _rename(second, "Lokanta")
    await order_by_whatsapp(first)
    await order_by_whatsapp(second, seed=4)
    await arrive(text("I left my umbrella", at=LATER), at=LATER)
    asked, buttons = (await said_with_buttons())[-1]
    assert asked == "Which restaurant is this for?"
    assert set(buttons) == {"Lokanta", "Brasa & Olive on the"}
    for room in (first, second):
        assert (await conversation_of(room)).unread_count == 0
    await arrive(press(buttons["Brasa & Olive on the"], at=LATER), at=LATER)
    await arrive(text("It is red", at=LATER), at=LATER)
    texts = [one.text for one in (await _thread(first)).messages if one.is_incoming]
    assert texts[1:] == ["I left my umbrella", "It is red"]
    assert (await conversation_of(second)).unread_count == 0
    assert "umbrella" not in str(await _thread(second))


async def test_a_reply_goes_to_the_restaurant_whose_message_it_replies_to() -> None:
    first, second = await make_room(), await make_room()
    await order_by_whatsapp(first)
    await order_by_whatsapp(second, seed=4)
    async with transaction() as session:
        mine = (await conversation_of(first)).last_message_id
        await session.execute(
            sa.update(WhatsAppMessage)
            .where(col(WhatsAppMessage.id) == mine)
            .values(external_id="wamid.of-first")
        )
    await arrive(text("Thanks!", at=LATER) | {"context": {"id": "wamid.of-first"}}, at=LATER)
    assert (await conversation_of(first)).unread_count == 1
    assert (await conversation_of(second)).unread_count == 0


async def test_nobody_answers_a_question_that_was_put_to_somebody_else() -> None:
    first, second = await make_room(), await make_room()
    await order_by_whatsapp(first)
    await order_by_whatsapp(second, seed=4)
    for button in ("to:x:y", f"to:{uuid4()}:{uuid4()}", "to:", "to"):
        await arrive(press(button, at=LATER), at=LATER)
    for room in (first, second):
        assert (await conversation_of(room)).unread_count == 0


async def test_who_wrote_stop_is_told_so_and_their_words_reach_nobody() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    await arrive(text("STOP", at=LATER), at=LATER)
    await arrive(text("Where is it?", at=LATER), at=LATER)
    assert (await said())[-1].startswith("You wrote STOP, so nobody can answer you here.")
    assert (await conversation_of(room)).unread_count == 0
    async with transaction() as session:
        with pytest.raises(OptedOutError):
            await replying.reply(
                session,
                by=room.waiter,
                conversation_id=(await conversation_of(room)).id,
                text="Hello",
                now=LATER,
            )


async def test_staff_answer_until_24_hours_after_the_guest_and_not_a_moment_later() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    chosen = await conversation_of(room)
    ends_at = NOW + conversations.WINDOW
    async with transaction() as session:
        await replying.reply(
            session,
            by=room.waiter,
            conversation_id=chosen.id,
            text="  On its way.  ",
            now=ends_at - timedelta(seconds=1),
        )
        with pytest.raises(WindowClosedError):
            await replying.reply(
                session, by=room.waiter, conversation_id=chosen.id, text="Late", now=ends_at
            )
    last = (await _thread(room)).messages[-1]
    assert (last.text, last.by, last.status) == ("On its way.", room.waiter.name, "waiting")


@pytest.mark.parametrize("words", ["", " \n ", "\x00", "x" * 1001])
async def test_an_answer_has_1_to_1000_characters(words: str) -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    before = await count(WhatsAppMessage)
    async with transaction() as session:
        with pytest.raises(MessageTextError):
            await replying.reply(
                session,
                by=room.waiter,
                conversation_id=(await conversation_of(room)).id,
                text=words,
                now=NOW,
            )
    assert await count(WhatsAppMessage) == before


async def test_another_restaurant_neither_reads_nor_writes() -> None:
    room, other = await make_room(), await make_room()
    await order_by_whatsapp(room)
    chosen = await conversation_of(room)
    async with transaction() as session:
        with pytest.raises(UnknownConversationError):
            await threads.get_thread(session, by=other.waiter, conversation_id=chosen.id)
        with pytest.raises(UnknownConversationError):
            await replying.reply(
                session, by=other.waiter, conversation_id=chosen.id, text="Hi", now=NOW
            )
        assert not await conversations.mark_read(
            session, restaurant_id=other.info.id, conversation_id=chosen.id
        )
        assert await threads.list_talks(session, restaurant_id=other.info.id) == []


async def test_the_number_is_whole_only_where_it_is_shared_and_contacts_may_be_seen() -> None:
    room = await make_room()
    guest = await order_by_whatsapp(room, remembered=True)
    masked = ("+49 ••• ••42", False)

    async def seen(role: Role) -> tuple[str, bool]:
        thread = await _thread(room, role)
        return thread.phone, thread.is_phone_shared

    assert [await seen(role) for role in (Role.OWNER, Role.WAITER)] == [masked, masked]
    yes = next(buttons["Yes, share it"] for _, buttons in await said_with_buttons() if buttons)
    await arrive(press(yes, at=LATER), at=LATER)
    assert await seen(Role.OWNER) == (f"+{PHONE}", True)
    assert await seen(Role.WAITER) == masked
    await arrive(press(yes.replace(":yes", ":no"), at=LATER), at=LATER)
    assert await seen(Role.OWNER) == masked
    async with reading() as session:
        assert (await session.get_one(Customer, guest.customer_id)).phone_hash is None


async def test_a_conversation_ends_with_its_talk_and_its_guest() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    async with transaction() as session:
        await saying.purge(session, now=NOW + timedelta(days=91))
    assert await count(WhatsAppConversation) == 0
    async with transaction() as session:
        await saying.purge(session, now=NOW + timedelta(days=400))
    assert await count(WhatsAppSender) == 0


async def test_stop_holds_for_a_new_number_and_a_user_id_outlives_it() -> None:
    changed = {"type": "user_changed_number", "wa_id": "4930222222"}
    await arrive(text("STOP", user_id="", phone="4930111111"))
    await arrive(message("system", changed, phone="4930111111", at=LATER), at=LATER)
    await arrive(text("Hello", user_id="", phone="4930222222", at=LATER), at=LATER)
    async with reading() as session:
        only = (await session.scalars(sa.select(WhatsAppSender))).one()
        assert only.opted_out_at is not None
    await arrive(text("STOP"))
    changed = {"type": "user_changed_number", "wa_id": "4930333333"}
    await arrive(message("system", changed, user_id=USER, phone=PHONE, at=LATER), at=LATER)
    await arrive(text("Hello", phone="", at=LATER), at=LATER)
    assert await count(WhatsAppSender) == 2
    async with reading() as session:
        found = await senders.find_by_phone(session, phone="+4930333333")
    assert found is not None
    assert (found.user_id, found.has_opted_out) == (USER, True)
