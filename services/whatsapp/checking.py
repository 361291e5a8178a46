"""Is WhatsApp set up right? Asked at Meta and at home, said in sentences with what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import DeliveryStatus
from models.journal import InboxMessage, OutboxMessage
from services.base.errors import InvalidInputError, UnavailableError
from services.base.settings import Settings, settings
from services.base.texts import N_
from services.ordering.rules import MOVED_OVER_WHATSAPP
from services.whatsapp import confirming, gateway, inbox, saying, shapes

MOST_SKEW = timedelta(seconds=60)
QUIET = timedelta(days=2)
BAD_TOKEN = 190
# What must be set, by the name of its setting.
NEEDED = (
    "whatsapp_verify_token",
    "whatsapp_app_secret",
    "whatsapp_number",
    "whatsapp_phone_number_id",
    "whatsapp_access_token",
    "whatsapp_business_account_id",
)
_AWAY = N_("Meta does not answer. Is there a way out to graph.facebook.com?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `found` and `to_do` are message ids, filled in with `facts`."""

    name: str
    is_good: bool
    found: str
    to_do: str = ""
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Messages that wait, and those that were given up."""

    to_send: int
    given_up: int
    to_work: int
    stuck: int


def missing() -> list[str]:
    """Settings that are empty, as environment variables."""
    return [variable(name) for name in NEEDED if not getattr(settings(), name)]


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"SMARTMENU_{name.upper()}"


async def examine(session: AsyncSession, *, now: datetime) -> list[Finding]:
    """Everything that can be wrong, in the order in which it is put right.

    Args:
        session: reads only.
        now: aware UTC.
    """
    lacking = missing()
    if lacking:
        found = N_("Not set: {names}")
        to_do = N_("Set them where SmartMenu is started, and start it again.")
        return [Finding("settings", False, found, to_do, {"names": ", ".join(lacking)})]
    findings = [Finding("settings", True, N_("Everything is set."))]
    findings += await _at_meta(settings(), now)
    findings += await _at_home(session, now)
    return findings


async def _at_meta(known: Settings, now: datetime) -> list[Finding]:
    fields = "display_phone_number,verified_name,quality_rating"
    try:
        answer = await _get(f"{known.whatsapp_phone_number_id}?fields={fields}")
    except UnavailableError:
        return [Finding("credentials", False, _AWAY)]
    clock = _clock(answer, now)
    code = gateway.error_code(answer)
    if code == BAD_TOKEN or answer.status_code == 401:
        found = N_("Meta does not take the access token.")
        to_do = N_("Make a permanent one for a system user, with whatsapp_business_messaging.")
        return [Finding("credentials", False, found, to_do), *clock]
    if not answer.is_success:
        found = N_("Meta does not know this phone number id, or the token may not use it.")
        to_do = N_("Copy “Phone number ID” from WhatsApp, API Setup: it is not the number itself.")
        return [Finding("number", False, found, to_do), *clock]
    told = answer.json()
    shown = str(told.get("display_phone_number", ""))
    good = Finding("credentials", True, N_("Meta takes the access token."))
    if _digits(shown) != _digits(known.whatsapp_number):
        found = N_(
            "Guests are sent to another number than the one that belongs to the id: {number}"
        )
        to_do = N_("Set SMARTMENU_WHATSAPP_NUMBER to it.")
        return [good, Finding("number", False, found, to_do, {"number": shown}), *clock]
    found = N_("The number is {number}, “{name}”. Quality: {quality}.")
    facts = {
        "number": shown,
        "name": str(told.get("verified_name", "")),
        "quality": str(told.get("quality_rating", "?")),
    }
    return [good, Finding("number", True, found, "", facts), *clock]


def _clock(answer: httpx.Response, now: datetime) -> list[Finding]:
    """Windows of 24 hours and pacing need the right time."""
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return []
    skew = abs(now - theirs)
    if skew <= MOST_SKEW:
        return [Finding("clock", True, N_("This machine’s clock is right."))]
    found = N_("This machine’s clock is {seconds} seconds off.")
    to_do = N_("Let it follow a time server.")
    seconds = str(int(skew.total_seconds()))
    return [Finding("clock", False, found, to_do, {"seconds": seconds})]


async def _at_home(session: AsyncSession, now: datetime) -> list[Finding]:
    signs = await shapes.load_signs(session)
    came_at = await session.scalar(
        sa.select(sa.func.max(col(InboxMessage.received_at))).where(
            col(InboxMessage.source).in_(inbox.SOURCES)
        )
    )
    wrong_at = signs.get("signature_wrong")
    findings: list[Finding] = []
    if "verified" not in signs and came_at is None:
        found = N_("Meta has not asked for this webhook yet.")
        to_do = N_("Enter address and verify token at Meta and press “Verify and save”.")
        findings.append(Finding("webhook", False, found, to_do))
    elif came_at is None or came_at < now - QUIET:
        found = N_("The webhook is verified, but nothing has come for two days.")
        to_do = N_("Subscribe to the fields below, and write to the number once.")
        findings.append(Finding("webhook", False, found, to_do))
    else:
        findings.append(Finding("webhook", True, N_("Webhooks come in.")))
    if wrong_at is not None and (came_at is None or wrong_at > came_at):
        found = N_("The last delivery had a wrong signature and was refused.")
        to_do = N_(
            "Copy “App secret” from the app’s basic settings: it was renewed, or is another app’s."
        )
        findings.append(Finding("signature", False, found, to_do))
    else:
        findings.append(Finding("signature", True, N_("Signatures fit.")))
    return findings


async def pull_templates() -> list[dict[str, Any]]:
    """The account's templates, as Meta tells them.

    Raises:
        UnavailableError: Meta does not answer, or refuses.
    """
    account = settings().whatsapp_business_account_id
    fields = "name,language,category,status,components"
    answer = await _get(f"{account}/message_templates?limit=200&fields={fields}")
    if not answer.is_success:
        raise UnavailableError(N_("Meta does not hand out the templates of this account."))
    return [one for one in answer.json().get("data", []) if isinstance(one, dict)]


async def send_test(number: str) -> None:
    """Send Meta's own test template to one number, past the outbox.

    Raises:
        InvalidInputError: no such number.
        UnavailableError: Meta refused; the sentence holds its code.
    """
    digits = _digits(number)
    if not 8 <= len(digits) <= 15:
        raise InvalidInputError(N_("With the country: +49 …"), field="number")
    body = {
        "messaging_product": "whatsapp",
        "to": digits,
        "type": "template",
        "template": {"name": "hello_world", "language": {"code": "en_US"}},
    }
    known = settings()
    try:
        async with gateway.client() as client:
            answer = await client.post(
                f"{known.whatsapp_api_url}/{known.whatsapp_phone_number_id}/messages",
                json=body,
                headers=gateway.headers(),
            )
    except httpx.HTTPError:
        raise UnavailableError(_AWAY) from None
    if not answer.is_success:
        error = UnavailableError(N_("Meta refused the message, with code {code}."))
        error.facts["code"] = str(gateway.error_code(answer))
        raise error


async def count_queue(session: AsyncSession) -> Queue:
    """What waits of WhatsApp's messages, both ways, in all restaurants."""

    async def out(status: DeliveryStatus) -> int:
        kinds = (saying.KIND, MOVED_OVER_WHATSAPP, confirming.KIND)
        statement = (
            sa.select(sa.func.count())
            .select_from(OutboxMessage)
            .where(col(OutboxMessage.status) == status, col(OutboxMessage.kind).in_(kinds))
        )
        return await session.scalar(statement) or 0

    async def came(status: DeliveryStatus) -> int:
        statement = (
            sa.select(sa.func.count())
            .select_from(InboxMessage)
            .where(col(InboxMessage.status) == status, col(InboxMessage.source).in_(inbox.SOURCES))
        )
        return await session.scalar(statement) or 0

    return Queue(
        to_send=await out(DeliveryStatus.WAITING),
        given_up=await out(DeliveryStatus.FAILED),
        to_work=await came(DeliveryStatus.WAITING),
        stuck=await came(DeliveryStatus.FAILED),
    )


async def _get(path: str) -> httpx.Response:
    known = settings()
    try:
        async with gateway.client() as client:
            return await client.get(f"{known.whatsapp_api_url}/{path}", headers=gateway.headers())
    except httpx.HTTPError:
        # Its message holds nothing but the address.
        raise UnavailableError(_AWAY) from None


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
