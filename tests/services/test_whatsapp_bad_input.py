"""What else may come in: other restaurants' tokens, heaps, shuffled and doubled webhooks, emoji."""

import asyncio
import json
import random
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.enums import DeliveryStatus
from models.journal import InboxMessage
from models.ordering import Order
from models.whatsapp import WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.base.secrets import PLATFORM, decrypt
from services.inbox import messages
from services.inbox.types import Letter
from services.inbox.working import work_due
from services.whatsapp import inbox, sending, tokens, working
from tests.builders import NOW
from tests.services.ordering_room import Room, count, make_room
from tests.services.whatsapp_place import PHONE, USER, arrive, confirm, said, text, token_of
from tests.whatsapp import envelope, message

pytestmark = pytest.mark.usefixtures("database")


async def _heard() -> list[str]:
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(WhatsAppMessage.text_encrypted))
            .where(col(WhatsAppMessage.is_incoming))
            .order_by(col(WhatsAppMessage.created_at), col(WhatsAppMessage.id))
        )
        return [decrypt(one, restaurant_id=PLATFORM) for one in found]


async def _orders_of(room: Room) -> int:
    async with reading() as session:
        return (
            await session.scalar(
                sa.select(sa.func.count())
                .select_from(Order)
                .where(col(Order.restaurant_id) == room.info.id)
            )
        ) or 0


async def test_a_token_under_another_restaurant_s_name_orders_nothing_and_says_why() -> None:
    here, there = await make_room(), await make_room()
    async with transaction() as session:
        (await session.get_one(type(here.row), here.info.id)).name = "Brasa & Olive"
        (await session.get_one(type(there.row), there.info.id)).name = "Lokanta"
    token = tokens.written(await token_of(there, await there.guest()))
    await arrive(text(f"Order for Brasa & Olive · Table 12\n{token}"))
    assert (await _orders_of(here), await _orders_of(there)) == (0, 0)
    (answer,) = await said()
    assert answer.startswith("The code in this message belongs to Lokanta, but")
    assert answer.endswith(f"/menu/{there.info.slug}")
    # The picks are kept: their own text orders them, whatever blanks and capitals it has by now.
    await arrive(text(f"ORDER  for\u00a0lokanta\n{token}"))
    assert (await _orders_of(here), await _orders_of(there)) == (0, 1)


async def test_a_guest_of_one_restaurant_orders_at_another_and_the_first_hears_nothing() -> None:
    here, there = await make_room(), await make_room()
    await arrive(text(tokens.written(await token_of(here, await here.guest()))))
    token = tokens.written(await token_of(there, await there.guest(), seed=4))
    await arrive(text(token))
    assert (await _orders_of(here), await _orders_of(there)) == (1, 1)
    async with reading() as session:
        whose = await session.execute(
            sa.select(col(WhatsAppMessage.restaurant_id), sa.func.count())
            .where(col(WhatsAppMessage.is_incoming))
            .group_by(col(WhatsAppMessage.restaurant_id))
        )
        assert {row[0]: row[1] for row in whose} == {here.info.id: 1, there.info.id: 1}


@pytest.mark.parametrize(
    "words",
    [
        "🍕🍕 {token} 👍🏽",
        "أريد أن أطلب من فضلك\n\u200f{token}\u200e\nشكرا",
        "\u202eמוזמן\u202c {token} 🇮🇱",
        "Z̷͇͌a̶͍̓l̵̰͋g̸̣̈o̶̟͠ {token} \U0001f9d1\u200d\U0001f373",
    ],
)
async def test_emoji_and_right_to_left_text_order_and_are_kept_to_the_letter(words: str) -> None:
    room = await make_room()
    written = words.format(token=tokens.written(await token_of(room, await room.guest())))
    await arrive(text(written))
    assert await count(Order) == 1
    assert await _heard() == [written]


async def test_half_of_an_emoji_orders_and_is_replaced() -> None:
    room = await make_room()
    written = tokens.written(await token_of(room, await room.guest()))
    # As a phone cuts a text after so many units: the second half of the pizza is missing.
    await arrive(text(f"\x00{written} \ud83c"))
    assert await count(Order) == 1
    assert await _heard() == [f"{written} ?"]


async def test_one_text_sent_six_times_by_hand_at_once_is_one_order_and_five_answers() -> None:
    room = await make_room()
    written = tokens.written(await token_of(room, await room.guest()))
    with time_machine.travel(NOW, tick=False):
        for _ in range(6):
            body = json.dumps(envelope({"messages": [text(written)]})).encode()
            await inbox.keep(body=body, now=NOW)
        await asyncio.gather(
            *(work_due(NOW, workers=dict.fromkeys(inbox.SOURCES, working.work)) for _ in range(6))
        )
    await confirm()
    assert await count(Order) == 1
    answers = await said()
    assert len([one for one in answers if one.startswith("Thank you. Your order 1")]) == 1
    assert len([one for one in answers if one.startswith("This text was sent before")]) == 5


async def test_processes_that_keep_the_same_heap_in_another_order_do_not_lock_each_other() -> None:
    heap = [Letter(inbox.SOURCE, f"{number:03}", b"x", NOW) for number in range(60)]

    async def keep(seed: int) -> int:
        mixed = list(heap)
        random.Random(seed).shuffle(mixed)
        async with transaction() as session:
            return len(await messages.store_all(session, letters=mixed))

    new = await asyncio.gather(*(keep(seed) for seed in range(8)))
    assert sorted(new) == [0] * 7 + [60]


@pytest.mark.parametrize(
    ("who", "contacts"),
    [
        ({"user_id": USER, "phone": ""}, None),
        ({"user_id": "", "phone": PHONE}, None),
        ({"user_id": USER, "phone": PHONE}, [{"profile": {}}]),
        ({"user_id": "", "phone": ""}, [{"wa_id": PHONE}]),
        ({"user_id": "", "phone": PHONE}, ["no contact", None, 7]),
    ],
)
async def test_without_contacts_or_number_it_is_an_order_all_the_same(
    who: dict[str, Any], contacts: list[Any] | None
) -> None:
    room = await make_room()
    written = tokens.written(await token_of(room, await room.guest()))
    more: dict[str, Any] = {} if contacts is None else {"contacts": contacts}
    await arrive(text(written, **who), **more)
    assert await count(Order) == 1
    assert len(await said()) == 1


async def test_a_heap_of_messages_in_one_webhook_is_worked_on_in_parts_and_each_is_heard() -> None:
    room = await make_room()
    token = tokens.written(await token_of(room, await room.guest()))
    heap = [text(f"word {number}", user_id=f"DE.{number % 7}") for number in range(59)]
    await arrive(*heap[:40], text(token), *heap[40:])
    assert await count(Order) == 1
    assert sorted(await _heard()) == sorted([f"word {number}" for number in range(59)] + [token])
    async with reading() as session:
        sizes = [len(one) for one in await session.scalars(sa.select(col(InboxMessage.body)))]
        open_ones = await session.scalar(
            sa.select(sa.func.count()).where(col(InboxMessage.status) != DeliveryStatus.DONE)
        )
    # The whole and twelve parts of five.
    assert (len(sizes), open_ones) == (13, 0)


async def test_every_type_shuffled_doubled_and_in_parallel_is_one_order_and_nothing_lost() -> None:
    room = await make_room()
    token = tokens.written(await token_of(room, await room.guest()))
    whom = {"user_id": USER, "phone": PHONE, "at": NOW}
    told = [
        text(token),
        message("image", {"id": "7", "caption": "look"}, **whom),
        message("audio", {"id": "8"}, **whom),
        message("sticker", {"id": "9"}, **whom),
        message("location", {"latitude": 52.5, "longitude": 13.4}, **whom),
        message("reaction", {"message_id": "wamid.1", "emoji": "👍"}, **whom),
        message("contacts", [{"name": {}}], **whom),
        message("button", {"text": "Yes", "payload": "share:x:yes"}, **whom),
        message("interactive", {"type": "nfm_reply", "nfm_reply": {}}, **whom),
        message("order", {"product_items": []}, **whom),
        message("unsupported", None, **whom),
    ]
    values: list[dict[str, Any]] = [{"messages": [one]} for one in told]
    values += [{"statuses": [{"id": "wamid.x", "status": one}]} for one in ("read", "sent", "odd")]
    bodies = [json.dumps(envelope(value)).encode() for value in values]
    bodies += [
        json.dumps(envelope({"new": {"shape": 1}}, field="calls")).encode(),
        b"{ no json",
        b"",
    ]
    # Each twice as it was and once with other bytes around the same message.
    bodies = bodies * 2 + [body + b"\n" for body in bodies]
    random.Random(7).shuffle(bodies)
    with time_machine.travel(NOW, tick=False):
        await asyncio.gather(*(inbox.keep(body=body, now=NOW) for body in bodies))
        await asyncio.gather(
            *(work_due(NOW, workers=dict.fromkeys(inbox.SOURCES, working.work)) for _ in range(4))
        )
        await sending.sent()
    async with reading() as session:
        states = set(await session.scalars(sa.select(col(InboxMessage.status))))
        kinds = list(
            await session.scalars(
                sa.select(col(WhatsAppMessage.kind)).where(col(WhatsAppMessage.is_incoming))
            )
        )
    assert states == {DeliveryStatus.DONE}
    assert sorted(kinds) == sorted(one["type"] for one in told)
    assert (await count(Order), await count(WhatsAppSender)) == (1, 1)


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (
            b'{"entry": [{"changes": [{"value": {"statuses": [{"id": "a", "status": "read"}]}}]}]}',
            1,
        ),
        (b'{"entry": [{"changes": [{"value": {"statuses": [{"id": "a"}]}}]}]}', 0),
        (
            (
                b'{"entry": [{"changes": [{"value": {"statuses": [{"id": "a", "status": "read"}],'
                b' "messages": [{"id": "b", "from": "49"}]}}]}]}'
            ),
            0,
        ),
        (b"no json", 0),
        (b"", 0),
    ],
)
async def test_only_what_tells_statuses_alone_waits_behind_guests(body: bytes, source: int) -> None:
    assert await inbox.keep(body=body, now=NOW)
    assert not await inbox.keep(body=body, now=NOW)
    async with reading() as session:
        kept = (await session.scalars(sa.select(col(InboxMessage.source)))).one()
    assert kept == inbox.SOURCES[source]
