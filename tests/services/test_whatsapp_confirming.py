"""An order stands as soon as it is placed; its guest is told afterwards, all of it, once."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.enums import DeliveryStatus, MessageStatus
from models.journal import InboxMessage, OutboxMessage
from models.ordering import Order
from models.whatsapp import OrderToken, WhatsAppMessage
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from services.base.secrets import PLATFORM, decrypt
from services.base.settings import settings
from services.inbox.working import work_due
from services.ordering import board
from services.outbox import messages as outbox
from services.outbox import rules
from services.outbox.delivery import deliver_due
from services.whatsapp import (
    confirming,
    conversation,
    gateway,
    inbox,
    notices,
    saying,
    sending,
    tokens,
    working,
)
from tests.builders import NOW
from tests.services.ordering_room import Room, count, make_room
from tests.services.whatsapp_place import confirm, said, text, token_of
from tests.whatsapp import envelope

pytestmark = pytest.mark.usefixtures("database")
HANDLERS = {
    confirming.KIND: confirming.deliver,
    notices.KIND: notices.deliver,
    saying.KIND: sending.deliver,
}


async def _place(room: Room, *, seed: int = 3, remembered: bool = False, n: int = 0) -> str:
    """The order of a guest's text is placed; nothing is said yet. Gives the text."""
    guest = await room.guest(remembered=remembered)
    words = tokens.written(await token_of(room, guest, seed=seed))
    await _hear(text(words, user_id=f"DE.{n}", phone=f"493090184{n:02}"))
    return words


async def _hear(*messages: dict[str, Any]) -> None:
    body = json.dumps(envelope({"messages": list(messages)})).encode()
    await inbox.keep(body=body, now=NOW)
    await _work()


async def _work(at: Any = NOW) -> None:
    with time_machine.travel(at, tick=False):
        await work_due(at, workers=dict.fromkeys(inbox.SOURCES, working.work))


def _thanks(room: Room, number: int = 1) -> str:
    return f"Thank you. Your order {number} is with {room.info.name}: €19.00."


async def _waiting() -> list[str]:
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(OutboxMessage.kind))
            .where(col(OutboxMessage.status) == DeliveryStatus.WAITING)
            .order_by(col(OutboxMessage.kind))
        )
        return list(found)


async def _in_turn() -> list[str]:
    """What was said to one guest, in the order in which it goes out."""
    async with reading() as session:
        rows = await session.scalars(
            sa.select(OutboxMessage)
            .where(col(OutboxMessage.kind) == saying.KIND)
            .order_by(col(OutboxMessage.lane_number))
        )
        told = [
            await session.get_one(WhatsAppMessage, UUID(row.payload["message_id"])) for row in rows
        ]
    return [decrypt(one.text_encrypted, restaurant_id=PLATFORM) for one in told]


def _failing_once(real: Callable[..., Any], *, at_call: int) -> Callable[..., Any]:
    calls = 0

    async def call(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call:
            msg = "the process ends here"
            raise UnavailableError(msg)
        return await real(*args, **named)

    return call


async def test_who_dies_after_the_order_leaves_it_on_the_board_and_the_words_to_others() -> None:
    room = await make_room()
    words = await _place(room, remembered=True)
    assert await count(Order) == 1
    assert await said() == []
    # The same text once more, before a word was said, places nothing.
    await _hear(text(words, user_id="DE.0", phone="49309018400"))
    assert await count(Order) == 1
    await confirm()
    first, second, third = await _in_turn()
    assert first == f"This text was sent before: your order 1 is with {room.info.name}."
    assert second == _thanks(room)
    assert "+49 ••• ••00" in third
    await confirm(NOW + rules.LEASE)
    assert len(await said()) == 3


async def test_who_dies_before_the_commit_leaves_nothing_and_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = await make_room()
    failing = _failing_once(confirming.note, at_call=1)
    monkeypatch.setattr(conversation.confirming, "note", failing)
    await _place(room)
    assert await count(Order) == 0
    assert await count(OrderToken) == 1
    assert await _waiting() == []
    async with reading() as session:
        again = await session.scalar(sa.select(col(InboxMessage.next_attempt_at)))
    assert again is not None
    await _work(again)
    assert await count(Order) == 1
    await confirm(again)
    assert await said() == [_thanks(room)]


@pytest.mark.parametrize("at_call", [1, 2])
async def test_who_dies_between_two_sentences_says_none_and_all_later(
    at_call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await make_room()
    await _place(room, remembered=True)
    monkeypatch.setattr(confirming.saying, "say", _failing_once(saying.say, at_call=at_call))
    await confirm()
    assert await said() == []
    await confirm(NOW + timedelta(minutes=2))
    told = await _in_turn()
    assert told[0] == _thanks(room)
    assert len(told) == 2


async def test_who_dies_after_the_words_and_before_the_note_of_them_says_nothing_twice() -> None:
    room = await make_room()
    await _place(room, remembered=True)
    async with transaction() as session:
        (delivery,) = await outbox.claim_due(session, kinds=[confirming.KIND], limit=9, now=NOW)
    with time_machine.travel(NOW, tick=False):
        await confirming.deliver(delivery)
        await confirming.deliver(delivery)
        await asyncio.gather(*(confirming.deliver(delivery) for _ in range(4)))
    assert len(await said()) == 2
    assert (await _waiting()).count(saying.KIND) == 2


async def test_one_text_twenty_times_in_four_processes_is_one_order_and_one_word_of_thanks() -> (
    None
):
    room = await make_room()
    told = text(tokens.written(await token_of(room, await room.guest())))
    for n in range(20):
        body = json.dumps(envelope({"messages": [told], "n": n})).encode()
        await inbox.keep(body=body, now=NOW)

    async def process() -> None:
        await work_due(NOW, workers=dict.fromkeys(inbox.SOURCES, working.work))
        await deliver_due(NOW, handlers={confirming.KIND: confirming.deliver})

    with time_machine.travel(NOW, tick=False):
        await asyncio.gather(*(process() for _ in range(4)))
    await confirm()
    assert await count(Order) == 1
    assert await said() == [_thanks(room)]


async def test_four_processes_thank_eight_guests_once_each() -> None:
    room = await make_room()
    for n in range(8):
        await _place(room, seed=n, n=n)
    await asyncio.gather(*(confirm() for _ in range(4)))
    assert sorted(await said()) == [_thanks(room, number) for number in range(1, 9)]


async def test_stop_between_the_order_and_the_words_is_heard() -> None:
    room = await make_room()
    await _place(room)
    await _hear(text("STOP", user_id="DE.0", phone="49309018400"))
    await sending.sent()
    with time_machine.travel(NOW, tick=False):
        await deliver_due(NOW, handlers=HANDLERS)
    async with reading() as session:
        states = await session.execute(
            sa.select(col(WhatsAppMessage.message_status), col(WhatsAppMessage.error_code)).where(
                col(WhatsAppMessage.order_id).is_not(None),
                col(WhatsAppMessage.is_incoming).is_(False),
            )
        )
        assert [tuple(row) for row in states] == [
            (MessageStatus.FAILED, sending.OUTSIDE_WINDOW),
        ]
    assert await count(Order) == 1


async def test_who_is_forgotten_before_the_words_is_told_nothing() -> None:
    room = await make_room()
    await _place(room)
    async with transaction() as session:
        await session.execute(sa.update(OrderToken).values(sender_id=None))
    await confirm()
    assert await said() == []
    assert await _waiting() == []


async def test_what_is_written_before_the_words_reaches_the_restaurant() -> None:
    room = await make_room()
    await _place(room)
    await _hear(text("No peanuts please", user_id="DE.0", phone="49309018400"))
    async with reading() as session:
        heard = await session.execute(
            sa.select(col(WhatsAppMessage.restaurant_id)).where(col(WhatsAppMessage.is_incoming))
        )
        assert [row[0] for row in heard] == [room.info.id, room.info.id]


async def test_an_order_taken_before_its_words_is_confirmed_first() -> None:
    room = await make_room()
    await _place(room)
    async with reading() as session:
        order = (await session.scalars(sa.select(Order))).one()
    async with transaction() as session:
        await board.accept(session, restaurant=room.info, order_id=order.id, by=room.cook, now=NOW)
    with time_machine.travel(NOW, tick=False):
        await deliver_due(
            NOW,
            handlers={
                notices.KIND: notices.deliver,
                confirming.KIND: confirming.deliver,
            },
        )
    told = await _in_turn()
    assert told[0] == _thanks(room)
    assert len(told) == 2


async def test_with_the_graph_away_the_order_stands_and_every_word_goes_out_once_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = await make_room()
    is_away, asked = True, list[str]()

    def graph(request: httpx.Request) -> httpx.Response:
        if is_away:
            raise httpx.ConnectError("away")
        told = json.loads(request.content)
        asked.append(told["type"])
        return httpx.Response(200, json={"messages": [{"id": f"wamid.out.{len(asked)}"}]})

    transport = httpx.MockTransport(graph)
    monkeypatch.setattr(gateway, "client", lambda: httpx.AsyncClient(transport=transport))
    monkeypatch.setattr(settings(), "whatsapp_access_token", "secret-token")
    monkeypatch.setattr(settings(), "whatsapp_phone_number_id", "106")
    await _place(room, remembered=True)
    at = NOW
    for minutes in range(0, 60, 4):
        at = NOW + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            await deliver_due(at, handlers=HANDLERS)
    assert (await count(Order), asked) == (1, [])
    is_away = False
    for step in range(0, 40, 2):
        later = at + timedelta(minutes=step)
        with time_machine.travel(later, tick=False):
            await deliver_due(later, handlers=HANDLERS)
    assert asked == ["text", "interactive"]
    assert await _waiting() == []
