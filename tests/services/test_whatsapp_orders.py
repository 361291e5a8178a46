"""From a text in WhatsApp to an order on the board, once, and to the right guest."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind, MessageStatus, OrderChannel
from models.identity import IdentityLink
from models.journal import OutboxMessage
from models.ordering import Order
from models.whatsapp import OrderToken, WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.base.secrets import decrypt
from services.guests.merging import find_root
from services.inbox.working import work_due
from services.ordering import board
from services.whatsapp import inbox, saying, tokens, working
from tests.builders import NOW
from tests.services.ordering_room import count, make_room
from tests.services.whatsapp_place import PHONE, USER, arrive, confirm, said, text, token_of
from tests.whatsapp import envelope, message

pytestmark = pytest.mark.usefixtures("database")


async def test_a_token_becomes_an_order_at_its_table_and_is_confirmed() -> None:
    room = await make_room()
    token = await token_of(room, await room.guest())
    await arrive(text(f"Hi!\n{tokens.written(token).lower()} please"))
    async with reading() as session:
        order = (await session.scalars(sa.select(Order))).one()
        used = (await session.scalars(sa.select(OrderToken))).one()
        heard = (
            await session.scalars(
                sa.select(WhatsAppMessage).where(col(WhatsAppMessage.is_incoming))
            )
        ).one()
    assert (order.channel, order.table_id, order.total_minor) == (
        OrderChannel.WHATSAPP,
        room.table.id,
        1900,
    )
    assert (used.order_id, used.used_at) == (order.id, NOW)
    assert (heard.restaurant_id, heard.order_id) == (room.info.id, order.id)
    assert await said() == [f"Thank you. Your order 1 is with {room.info.name}: €19.00."]
    # A guest nobody remembers stays one: no record is made of a message.
    assert order.customer_id is None
    assert await count(Customer) == 0


async def test_the_same_message_twenty_times_at_once_is_one_order() -> None:
    room = await make_room()
    told = text(tokens.written(await token_of(room, await room.guest())))
    bodies = [json.dumps(envelope({"messages": [told], "n": n})).encode() for n in range(20)]
    for body in bodies:
        await inbox.keep(body=body, now=NOW)
    with time_machine.travel(NOW, tick=False):
        await asyncio.gather(
            *(work_due(NOW, workers=dict.fromkeys(inbox.SOURCES, working.work)) for _ in range(4))
        )
    await confirm()
    assert await count(Order) == 1
    assert len(await said()) == 1


async def test_a_used_token_tells_its_sender_the_order_and_others_nothing() -> None:
    room = await make_room()
    token = tokens.written(await token_of(room, await room.guest()))
    await arrive(text(token))
    await arrive(text(token), at=NOW + timedelta(seconds=1))
    await arrive(text(token, user_id="US.eve", phone=""), at=NOW + timedelta(seconds=2))
    assert await count(Order) == 1
    told = await said()
    assert told[1] == f"This text was sent before: your order 1 is with {room.info.name}."
    assert told[2].startswith("This text is older than two hours")


async def test_an_old_token_orders_nothing_and_leads_back_to_the_menu() -> None:
    room = await make_room()
    token = await token_of(room, await room.guest())
    late = NOW + tokens.LIFETIME
    await arrive(text(tokens.written(token), at=late), at=late)
    assert await count(Order) == 0
    assert f"/menu/{room.info.slug}" in (await said())[0]


async def test_what_cannot_be_ordered_is_said_and_the_cart_is_kept() -> None:
    room = await make_room()
    token = await token_of(room, await room.guest())
    async with transaction() as session:
        row = await session.get_one(type(room.row), room.info.id)
        row.ordering_paused = True
    await arrive(text(tokens.written(token)))
    assert await count(Order) == 0
    assert "could not take this order" in (await said())[0]
    async with transaction() as session:
        row = await session.get_one(type(room.row), room.info.id)
        row.ordering_paused = False
    await arrive(text(tokens.written(token)))
    assert await count(Order) == 1


async def test_guessing_is_answered_ten_times_and_then_not() -> None:
    await make_room()
    for number in range(12):
        await arrive(text(f"SM-ACDEFGHJK{tokens.ALPHABET[number]}"))
    assert await count(Order) == 0
    assert len(await said()) == 10


async def test_a_remembered_guest_is_linked_and_asked_for_the_number() -> None:
    room = await make_room()
    guest = await room.guest(remembered=True)
    await arrive(text(tokens.written(await token_of(room, guest))))
    async with reading() as session:
        link = (
            await session.scalars(
                sa.select(IdentityLink).where(col(IdentityLink.kind) == LinkKind.WHATSAPP)
            )
        ).one()
        used = (await session.scalars(sa.select(OrderToken))).one()
        asked = (
            await session.scalars(
                sa.select(WhatsAppMessage).where(col(WhatsAppMessage.kind) == "interactive")
            )
        ).first()
    assert link.customer_id == guest.customer_id
    assert asked is not None
    assert [one for one in await said() if "+49 ••• ••42" in one]

    async def press(answer: str) -> Customer:
        reply = {"type": "button_reply", "button_reply": {"id": answer, "title": "x"}}
        await arrive(message("interactive", reply, user_id=USER, phone=PHONE, at=NOW))
        async with reading() as session:
            return (await session.scalars(sa.select(Customer))).one()

    # Somebody else's question cannot be answered, nor one that was never asked.
    assert (await press("share:nonsense:yes")).phone_hash is None
    shared = await press(f"share:{used.id}:yes")
    assert decrypt(shared.phone_number_encrypted, restaurant_id=room.info.id) == f"+{PHONE}"
    assert shared.phone_shared_with_restaurant
    hidden = await press(f"share:{used.id}:no")
    assert (hidden.phone_number_encrypted, hidden.phone_hash) == (None, None)
    assert not hidden.phone_shared_with_restaurant


async def test_a_guest_on_another_phone_is_one_customer_again() -> None:
    room = await make_room()
    first, second = await room.guest(remembered=True), await room.guest(remembered=True)
    await arrive(text(tokens.written(await token_of(room, first))))
    await arrive(text(tokens.written(await token_of(room, second, seed=4))))
    assert await count(Order) == 2
    assert first.customer_id is not None
    assert second.customer_id is not None
    async with reading() as session:
        roots = {
            (await find_root(session, restaurant_id=room.info.id, customer_id=one)).id
            for one in (first.customer_id, second.customer_id)
        }
        owners = set(await session.scalars(sa.select(col(Order.customer_id))))
    assert len(roots) == 1
    assert owners == roots


async def test_a_number_that_gets_a_user_id_stays_one_sender() -> None:
    await make_room()
    await arrive(text("hello", user_id="", phone=PHONE))
    await arrive(text("hello", user_id=USER, phone=PHONE))
    await arrive(text("hello", user_id=USER, phone=""))
    assert await count(WhatsAppSender) == 1


async def test_a_late_message_does_not_set_the_window_back() -> None:
    await make_room()
    await arrive(text("b"))
    await arrive(text("a", at=NOW - timedelta(days=3)))
    await arrive(text("c", at=NOW + timedelta(days=300)))
    async with reading() as session:
        sender = (await session.scalars(sa.select(WhatsAppSender))).one()
    assert sender.last_message_at == NOW


async def test_stop_opts_out_and_start_comes_back() -> None:
    await make_room()
    await arrive(text(" stop. "))
    async with reading() as session:
        assert (await session.scalars(sa.select(WhatsAppSender))).one().opted_out_at == NOW
    await arrive(text("START"))
    async with reading() as session:
        assert (await session.scalars(sa.select(WhatsAppSender))).one().opted_out_at is None
    assert await said() == [
        "We write no more. Write START if you want to hear from us again.",
        "Welcome back. We answer again.",
    ]


async def test_statuses_climb_and_never_come_down() -> None:
    room = await make_room()
    await arrive(text(tokens.written(await token_of(room, await room.guest()))))
    async with transaction() as session:
        await session.execute(
            sa.update(WhatsAppMessage)
            .where(col(WhatsAppMessage.is_incoming).is_(False))
            .values(external_id="wamid.out", message_status=MessageStatus.SENT)
        )

    async def told(status: str, **more: Any) -> str:
        await arrive(statuses=[{"id": "wamid.out", "status": status} | more])
        async with reading() as session:
            return (
                await session.scalars(
                    sa.select(col(WhatsAppMessage.message_status)).where(
                        col(WhatsAppMessage.external_id) == "wamid.out"
                    )
                )
            ).one()

    assert await told("read") == MessageStatus.READ
    assert await told("delivered") == MessageStatus.READ
    assert await told("sent") == MessageStatus.READ
    assert await told("warped") == MessageStatus.READ
    assert await told("failed", errors=[{"code": 131026}]) == MessageStatus.FAILED
    assert await told("delivered") == MessageStatus.FAILED


async def test_every_step_of_the_order_is_put_into_the_outbox_once() -> None:
    room = await make_room()
    await arrive(text(tokens.written(await token_of(room, await room.guest()))))
    async with reading() as session:
        order = (await session.scalars(sa.select(Order))).one()
    who = {"restaurant": room.info, "order_id": order.id, "by": room.cook, "now": NOW}
    async with transaction() as session:
        await board.accept(session, **who)
    async with transaction() as session:
        await board.undo(session, **who)
    async with transaction() as session:
        await board.accept(session, **who)
    async with reading() as session:
        kinds = list(await session.scalars(sa.select(col(OutboxMessage.kind))))
    assert sorted(kinds) == ["order_moved", "order_placed", "whatsapp"]


async def test_old_talk_unused_tokens_and_silent_senders_are_forgotten() -> None:
    room = await make_room()
    await arrive(text(tokens.written(await token_of(room, await room.guest()))))
    await token_of(room, await room.guest(), seed=5)

    async def left(days: int) -> tuple[int, int, int]:
        at = NOW + timedelta(days=days)
        async with transaction() as session:
            await saying.purge(session, now=at)
            await tokens.purge(session, now=at)
        return await count(WhatsAppMessage), await count(OrderToken), await count(WhatsAppSender)

    assert await left(0) == (2, 2, 1)
    assert await left(89) == (2, 1, 1)
    assert await left(91) == (0, 1, 1)
    assert await left(366) == (0, 1, 0)
