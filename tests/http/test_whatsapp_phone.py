"""The stand-in for WhatsApp: whatever is sent to it is answered, never with an error of ours."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.base.settings import settings
from smartmenu.http import whatsapp_phone
from tests.http.app import client_of

TOKEN = "token of the tests"
GRAPH = "/dev/whatsapp/graph/demo"
AUTHORIZED = {"authorization": f"Bearer {TOKEN}"}
HELLO = {"to": "4930901842", "type": "text", "text": {"body": "Hello"}}


@pytest.fixture
async def phones(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[whatsapp_phone.Phones]:
    """A stand-in of its own; what it would tell a second later is never told."""
    made = whatsapp_phone.Phones()
    monkeypatch.setattr(whatsapp_phone, "_phones", made)
    monkeypatch.setattr(type(settings()), "has_whatsapp_stand_in", True)
    monkeypatch.setattr(settings(), "whatsapp_access_token", TOKEN)
    yield made
    for task in tuple(made.background):
        task.cancel()
    await asyncio.gather(*made.background, return_exceptions=True)


@pytest.mark.usefixtures("phones")
@pytest.mark.parametrize(
    "told", ["Bearer é", "Bearer ÿ\x80", "", "Bearer", f"bearer {TOKEN}", f"Bearer {TOKEN}é"]
)
async def test_whatever_stands_in_the_header_it_is_401_without_the_token(told: str) -> None:
    headers = [(b"authorization", told.encode("latin-1"))]
    async with client_of(whatsapp_phone.routes) as client:
        sent = await client.post(f"{GRAPH}/messages", json=HELLO, headers=headers)
        asked = await client.get(GRAPH, headers=headers)
    assert (sent.status_code, asked.status_code) == (401, 401)


@pytest.mark.usefixtures("phones")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"7",
        b"[" * 60_000,
        b'{"to": "49", "type": "text"}',
        b'{"to": "49", "type": "interactive", "interactive": {"action": []}}',
        b'{"to": "49", "type": "template", "template": {"name": "x", "language": {"code": "y"}}}',
        b'{"type": "text", "text": {"body": "to nobody"}}',
    ],
)
async def test_what_is_no_message_is_an_invalid_parameter(body: bytes) -> None:
    async with client_of(whatsapp_phone.routes) as client:
        answer = await client.post(f"{GRAPH}/messages", content=body, headers=AUTHORIZED)
        typed = await client.post("/dev/whatsapp/messages", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)
    assert typed.status_code == 422


@pytest.mark.parametrize("announced", ["²", "9" * 5000, "-1", "é"])
async def test_an_odd_length_in_the_header_is_no_error(
    announced: str, phones: whatsapp_phone.Phones
) -> None:
    headers = AUTHORIZED | {"content-length": announced}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    async with client_of(whatsapp_phone.routes) as client:
        request = client.build_request("POST", f"{GRAPH}/messages", json=HELLO)
        request.headers = httpx.Headers(raw)
        answer = await client.send(request)
    assert answer.status_code == (413 if announced.startswith("9") else 200)
    assert len(phones.messages) == (0 if announced.startswith("9") else 1)


async def test_half_of_an_emoji_is_shown_as_a_question_mark(
    phones: whatsapp_phone.Phones,
) -> None:
    body = b'{"to": "4930901842", "type": "text", "text": {"body": "pizza \\ud83c"}}'
    async with client_of(whatsapp_phone.routes) as client:
        sent = await client.post(f"{GRAPH}/messages", content=body, headers=AUTHORIZED)
        shown = await client.get(
            "/dev/whatsapp/messages", params={"me": "4930901842", "after": "9" * 5000}
        )
    assert (sent.status_code, len(phones.messages)) == (200, 1)
    assert [one["text"] for one in shown.json()] == ["pizza ?"]
