"""No restaurant ever sees WhatsApp's user id, nor a number that its guest keeps to themselves."""

import io
import json
import random
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from models.enums import Role
from models.whatsapp import WhatsAppConversation
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.inbox.working import work_due
from services.outbox.delivery import deliver_due
from services.whatsapp import confirming, inbox, replying, sending, tokens, working
from tests.security import test_doors, test_routes, test_tenants
from tests.security.sockets import Sockets, open_sockets
from tests.security.worlds import World, make_world
from tests.whatsapp import envelope, message

USER, PHONE = "DE.Kx8vvQpL0secret", "4915155544642"
MASKED = "+49 ••• ••42"
# As they are written, with a plus, split up, and the digits that the mask hides.
SECRETS = ("Kx8vvQpL0", "15155544642", "155544642", "555446")
WORDS = "Is the halloumi grilled?"


async def _arrive(part: dict[str, Any], kind: str = "text") -> None:
    told = message(kind, part, user_id=USER, phone=PHONE, at=clock.now())
    contact = {"wa_id": PHONE, "user_id": USER, "profile": {"name": "Ana"}}
    body = json.dumps(envelope({"messages": [told], "contacts": [contact]})).encode()
    await inbox.keep(body=body, now=clock.now())
    await work_due(clock.now(), workers=dict.fromkeys(inbox.SOURCES, working.work))
    await sending.sent()
    await deliver_due(clock.now(), handlers={confirming.KIND: confirming.deliver})


@pytest.fixture
async def here(sqlite_database: object) -> World:
    """A guest ordered over WhatsApp, keeps the number, wrote, and was answered."""
    world = await make_world(slug="brasa")
    async with transaction() as session:
        submit_key = await session.scalar(sa.text("SELECT submit_key FROM carts"))
        token = await tokens.create(
            session,
            guest=world.guest,
            submit_key=str(submit_key),
            language="en",
            now=clock.now(),
            rng=random.Random(7),
        )
    await _arrive({"body": tokens.written(token)})
    async with reading() as session:
        token_id = (await session.scalars(sa.text("SELECT id FROM order_tokens"))).one()
    reply = {"id": f"share:{token_id}:no", "title": "No"}
    await _arrive({"type": "button_reply", "button_reply": reply}, "interactive")
    await _arrive({"body": WORDS})
    async with transaction() as session:
        chosen = (await session.scalars(sa.select(WhatsAppConversation))).one()
        world.ids["conversation_id"] = chosen.id
        await replying.reply(
            session,
            by=world.people[Role.WAITER].actor,
            conversation_id=chosen.id,
            text="It is.",
            now=clock.now(),
        )
    return world


@pytest.fixture
async def sockets(sqlite_database: object) -> AsyncIterator[Sockets]:
    async with open_sockets() as opened:
        yield opened


def _leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("role", [Role.OWNER, Role.WAITER])
async def test_no_screen_of_staff_shows_them(role: Role, here: World, sockets: Sockets) -> None:
    """Every handler of every staff screen, with this restaurant's ids."""
    tab = sockets.tab(cookie=here.staff_cookie(role), path="/staff/messages")
    for name, handler in test_doors._own().items():
        if test_doors._needed(handler) is not None:
            await tab.send(name, test_doors._plausible(handler, here))
    shown = str(sockets.namespace.updates)
    # The screens were looked at: they show the words and the masked number.
    assert WORDS in shown
    assert MASKED in shown
    assert _leaks(shown) == []


async def test_no_file_page_or_answer_of_the_edge_holds_them(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_routes._built.__wrapped__(monkeypatch)  # type: ignore[attr-defined]
    leaks: list[tuple[str, str, list[str]]] = []
    for method, path in test_routes.ROUTES:
        if path in {"/auth/logout", "/metrics"}:
            continue
        address = test_routes._address(path, here)
        for cookie in (here.staff_cookie(Role.OWNER), here.guest_cookie):
            async with test_routes.browser(cookie) as client:
                answer = await client.request(
                    method, address, headers=test_routes.OURS, data={"format": "csv"}
                )
            found = _leaks(_readable(answer))
            if found:
                leaks.append((method, path, found))
    assert leaks == []


def _readable(answer: httpx.Response) -> str:
    """The text of an answer; of packed files, that of all their parts."""
    body = answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return f"{dict(answer.headers)} {body.decode('latin-1')}"


async def test_no_read_of_any_service_returns_them(here: World) -> None:
    """What exports, reports and future screens are made of."""
    leaks = []
    for function in test_tenants._reads():
        arguments = test_tenants._arguments(function, here, here)
        if arguments is None:
            continue
        async with reading() as session:
            try:
                answer = repr(await function(session, **arguments))
            except SmartMenuError:
                continue
        if _leaks(answer):
            leaks.append(f"{function.__module__}.{function.__name__}")
    assert leaks == []
