"""Guests who order and write over WhatsApp, as tests play them."""

import json
import random
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.whatsapp import WhatsAppConversation, WhatsAppMessage
from services.base.database import reading, transaction
from services.base.secrets import PLATFORM, decrypt
from services.identity.types import Guest
from services.inbox.working import work_due
from services.ordering.types import WantedLine
from services.outbox.delivery import deliver_due
from services.whatsapp import confirming, inbox, sending, tokens, working
from tests.builders import NOW
from tests.services.ordering_room import Room
from tests.whatsapp import envelope, message

USER, PHONE = "DE.ana", "4930901842"


async def token_of(room: Room, guest: Guest, *, seed: int = 3) -> str:
    """A token for a cart with two pizzas, 19.00."""
    key = await room.put(guest, WantedLine(room.pizza.id, 2))
    async with transaction() as session:
        return await tokens.create(
            session, guest=guest, submit_key=key, language="en", now=NOW, rng=random.Random(seed)
        )


async def arrive(*messages: dict[str, Any], at: datetime = NOW, **more: Any) -> None:
    """A signed webhook was stored; the job works on it."""
    body = json.dumps(envelope({"messages": list(messages)} | more)).encode()
    await inbox.keep(body=body, now=at)
    with time_machine.travel(at, tick=False):
        await work_due(at, workers=dict.fromkeys(inbox.SOURCES, working.work))
        await sending.sent()
    await confirm(at)


async def confirm(at: datetime = NOW) -> None:
    """The job says what new orders lead to."""
    with time_machine.travel(at, tick=False):
        await deliver_due(at, handlers={confirming.KIND: confirming.deliver})


def text(
    words: str, *, user_id: str = USER, phone: str = PHONE, at: datetime = NOW
) -> dict[str, Any]:
    """What somebody wrote."""
    return message("text", {"body": words}, user_id=user_id, phone=phone, at=at)


def press(button: str, title: str = "x", *, at: datetime = NOW) -> dict[str, Any]:
    """A button under a message was pressed."""
    reply = {"type": "button_reply", "button_reply": {"id": button, "title": title}}
    return message("interactive", reply, user_id=USER, phone=PHONE, at=at)


async def order_by_whatsapp(room: Room, *, seed: int = 3, remembered: bool = False) -> Guest:
    """A guest of the room whose order came over WhatsApp."""
    guest = await room.guest(remembered=remembered)
    await arrive(text(tokens.written(await token_of(room, guest, seed=seed))))
    return guest


async def said() -> list[str]:
    """Everything that was said to guests, in its order."""
    return [text for text, _ in await said_with_buttons()]


async def said_with_buttons() -> list[tuple[str, dict[str, str]]]:
    """The same, with the buttons below by title."""
    async with reading() as session:
        rows = await session.scalars(
            sa.select(WhatsAppMessage)
            .where(col(WhatsAppMessage.is_incoming).is_(False))
            .order_by(col(WhatsAppMessage.created_at), col(WhatsAppMessage.id))
        )
        return [
            (
                decrypt(row.text_encrypted, restaurant_id=PLATFORM),
                {
                    title: one
                    for one, title in (line.split("=", 1) for line in row.buttons.splitlines())
                },
            )
            for row in rows
        ]


async def conversation_of(room: Room) -> WhatsAppConversation:
    """The only conversation of a restaurant."""
    async with reading() as session:
        return (
            await session.scalars(
                sa.select(WhatsAppConversation).where(
                    col(WhatsAppConversation.restaurant_id) == room.info.id
                )
            )
        ).one()
