"""Messages to guests through Meta's Graph API, within its limits.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages: free-form messages for
24 hours after the guest's last one, 80 a second from one number, one in six seconds to one person.
Numbers and texts go to Meta and nowhere else: not into logs, nor into what failures leave.
"""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import MessageStatus
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppMessage
from services import live
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError, TooManyTriesError, UnavailableError
from services.base.limits import Bucket
from services.base.secrets import PLATFORM, decrypt
from services.base.settings import settings
from services.base.texts import N_
from services.outbox.types import Delivery
from services.whatsapp import gateway, senders, templates
from services.whatsapp.conversations import WINDOW
from services.whatsapp.saying import GAP
from services.whatsapp.senders import Sender

log = structlog.get_logger()
PER_SECOND = 80
# Error codes that come again by themselves: too many from us, too many to one person, Meta's own.
TRANSIENT = {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 133004}
OUTSIDE_WINDOW = 131047
_AWAY = N_("WhatsApp does not take messages at the moment.")
_REFUSED = N_("WhatsApp refused the message.")
_CLOSED = N_("The guest wrote more than 24 hours ago: no free message may be sent.")
_BUSY = N_("Too many messages at once. It goes out in a moment.")
# An answer in nobody's name waits so often for its turn with a guest who gets others too.
PATIENCE = 4
AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class _Soon:
    message_id: UUID
    even_to_opted_out: bool
    tries_left: int


_soon: deque[_Soon] = deque()
_under_way: set[asyncio.Task[None]] = set()
_number_bucket = Bucket(capacity=PER_SECOND, refill_per_second=PER_SECOND)


def can_send() -> bool:
    """Whether the installation has a number to write from."""
    known = settings()
    return bool(known.whatsapp_access_token and known.whatsapp_phone_number_id)


async def deliver(delivery: Delivery) -> None:
    """Send one message of the outbox.

    Raises:
        UnavailableError: WhatsApp does not take it now; permanent when it never will.
        TooManyTriesError: it is too soon after another one; says when to come back.
    """
    await _send(UUID(str(delivery.payload["message_id"])), even_to_opted_out=False)


def send_soon(message_id: UUID, *, even_to_opted_out: bool = False) -> None:
    """Send a message that is in no outbox, once; what goes wrong is noted with it.

    Nobody waits for it: while Meta takes fifteen seconds to say nothing, orders come in. A few go
    at a time: hundreds at once would stand before every order in the queue of SQLite's writers.
    """
    _soon.append(_Soon(message_id, even_to_opted_out, PATIENCE))
    _begin_sending()


async def sent() -> None:
    """Wait until everything that was to be sent soon is sent, or waits for its turn."""
    while _under_way:
        together = tuple(_under_way)
        await asyncio.gather(*together, return_exceptions=True)
        _under_way.difference_update(together)


def _begin_sending() -> None:
    if _soon and len(_under_way) < AT_ONCE:
        task = asyncio.get_running_loop().create_task(_send_soon_ones())
        _under_way.add(task)
        task.add_done_callback(_ended)


def _ended(task: asyncio.Task[None]) -> None:
    _under_way.discard(task)
    if not task.cancelled():
        _begin_sending()


async def _send_soon_ones() -> None:
    while _soon:
        one = _soon.popleft()
        try:
            await _send(one.message_id, even_to_opted_out=one.even_to_opted_out)
        except TooManyTriesError as busy:
            if one.tries_left:
                again = replace(one, tries_left=one.tries_left - 1)
                asyncio.get_running_loop().call_later(busy.retry_after_seconds, _retry, again)
            else:
                await _give_up(one, busy)
        except SmartMenuError as error:
            await _give_up(one, error)


def _retry(one: "_Soon") -> None:
    _soon.append(one)
    _begin_sending()


async def _give_up(one: "_Soon", error: SmartMenuError) -> None:
    log.warning(
        "whatsapp_answer_not_sent", message_id=str(one.message_id), kind=type(error).__name__
    )
    async with transaction() as session:
        await _note(session, one.message_id, message_status=MessageStatus.FAILED)


async def _send(message_id: UUID, *, even_to_opted_out: bool) -> None:
    async with reading() as session:
        message = await session.get(WhatsAppMessage, message_id)
        if message is None or message.sender_id is None:
            return
        if message.message_status != MessageStatus.WAITING:
            # Sent by an attempt that did not live to say so.
            return
        sender = await senders.get(session, sender_id=message.sender_id)
        # One number speaks for many: what people write says where they work.
        by = await _name(session, message.restaurant_id) if message.by_user_id else ""
    now = clock.now()
    problem = None
    if sender.has_opted_out and not even_to_opted_out:
        problem = "opted out"
    elif sender.last_message_at < now - WINDOW and not message.template_encrypted:
        problem = "outside the window"
    if problem is not None:
        async with transaction() as session:
            await _note(
                session,
                message_id,
                message_status=MessageStatus.FAILED,
                error_code=OUTSIDE_WINDOW,
            )
        await _tell(message)
        raise UnavailableError(_CLOSED, permanent=True)
    _keep_pace(sender, now_seconds=time.monotonic())
    try:
        external_id = await _post(_body(message, sender, by=by), message_id=message_id)
    except UnavailableError as error:
        if error.permanent:
            await _tell(message)
        raise
    async with transaction() as session:
        await _note(session, message_id, external_id=external_id, message_status=MessageStatus.SENT)
        await senders.note_sent(session, sender_id=sender.id, now=clock.now())
    await _tell(message)


async def _name(session: AsyncSession, restaurant_id: UUID | None) -> str:
    found = await session.scalar(
        sa.select(col(Restaurant.name)).where(col(Restaurant.id) == restaurant_id)
    )
    return found or ""


async def _tell(message: WhatsAppMessage) -> None:
    """Let the restaurant's open screens show how far a message has come."""
    if message.restaurant_id is not None:
        await live.publish([live.messages_topic(message.restaurant_id)], "message")


def _keep_pace(sender: Sender, *, now_seconds: float) -> None:
    if sender.last_sent_at is not None:
        wait = sender.last_sent_at + GAP - clock.now()
        if timedelta(0) < wait <= GAP:
            raise TooManyTriesError(_BUSY, retry_after_seconds=int(wait.total_seconds()) + 1)
    if not _number_bucket.take("number", moment=now_seconds):
        raise TooManyTriesError(_BUSY, retry_after_seconds=1)


def _body(message: WhatsAppMessage, sender: Sender, *, by: str) -> dict[str, Any]:
    """The request as the reference writes it: `to` a number, `recipient` a user id."""
    text = decrypt(message.text_encrypted, restaurant_id=PLATFORM)
    if by:
        text = f"*{by}*\n{text}"
    whom = {"to": sender.phone} if sender.phone else {"recipient": sender.user_id}
    common = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}
    if message.template_encrypted:
        chosen = json.loads(decrypt(message.template_encrypted, restaurant_id=PLATFORM))
        return common | {"type": "template", "template": templates.request(chosen)}
    buttons = [line.split("=", 1) for line in message.buttons.splitlines()]
    if not buttons:
        return common | {"type": "text", "text": {"preview_url": False, "body": text}}
    replies = [{"type": "reply", "reply": {"id": one, "title": title}} for one, title in buttons]
    return common | {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": text},
            "action": {"buttons": replies},
        },
    }


async def _post(body: dict[str, Any], *, message_id: UUID) -> str | None:
    """Hand a message to WhatsApp; returns WhatsApp's id of it, if it said one."""
    known = settings()
    if not can_send():
        raise UnavailableError(_AWAY, permanent=True)
    url = f"{known.whatsapp_api_url}/{known.whatsapp_phone_number_id}/messages"
    try:
        async with gateway.client() as client:
            answer = await client.post(url, json=body, headers=gateway.headers())
    except httpx.HTTPError as error:
        # Its message holds the address only, but nothing is gained by keeping it.
        log.warning("whatsapp_away", kind=type(error).__name__)
        raise UnavailableError(_AWAY) from None
    if answer.is_success:
        return _id_in(answer, message_id=message_id)
    code = gateway.error_code(answer)
    log.warning(
        "whatsapp_refused", message_id=str(message_id), status=answer.status_code, code=code
    )
    is_passing = answer.status_code >= 500 or answer.status_code == 429 or code in TRANSIENT
    if not is_passing:
        async with transaction() as session:
            await _note(session, message_id, message_status=MessageStatus.FAILED, error_code=code)
    raise UnavailableError(_AWAY if is_passing else _REFUSED, permanent=not is_passing)


def _id_in(answer: httpx.Response, *, message_id: UUID) -> str | None:
    """WhatsApp's id of a message it took; None when it does not say: it went out all the same."""
    try:
        return str(answer.json()["messages"][0]["id"])
    except (ValueError, LookupError, TypeError):
        log.warning("whatsapp_sent_without_id", message_id=str(message_id))
        return None


async def _note(session: AsyncSession, message_id: UUID, **values: object) -> None:
    await session.execute(
        sa.update(WhatsAppMessage).where(col(WhatsAppMessage.id) == message_id).values(**values)
    )
