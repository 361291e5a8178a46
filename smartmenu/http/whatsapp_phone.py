"""A stand-in for WhatsApp in the demo: Meta's side of the Cloud API, and a phone to play with.

It speaks the same requests and signs the same webhooks, with the same limits, so that everything
but Meta itself is the real thing. Without the demo's secrets none of it exists.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import count
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.base import addresses, outgoing
from services.base.errors import SmartMenuError
from services.base.settings import settings
from smartmenu.http.answers import refusal
from smartmenu.http.body import read_body
from smartmenu.http.guest_page import sheet_style
from smartmenu.http.policy import policy

BODY_BYTES = 64 * 1024
KEPT = 500
GAP_SECONDS = 6.0
# Of a phone's number, and of where somebody has read to.
MOST_DIGITS = 18
PAIR_RATE = {"error": {"code": 131056, "message": "Pair rate limit hit"}}
# As an account has them: Meta's own for tests, and one for restaurants.
TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "hello_world",
        "language": "en_US",
        "category": "UTILITY",
        "status": "APPROVED",
        "components": [{"type": "BODY", "text": "Hello World. Welcome and congratulations!"}],
    },
    {
        "name": "about_your_order",
        "language": "en",
        "category": "UTILITY",
        "status": "APPROVED",
        "components": [{"type": "BODY", "text": "About your order at {{1}}: {{2}}"}],
    },
    {
        "name": "come_back",
        "language": "en",
        "category": "MARKETING",
        "status": "PENDING",
        "components": [{"type": "BODY", "text": "We miss you at {{1}}."}],
    },
]
_MISSING = PlainTextResponse("There is nothing at this address.", 404)
_ids = count(1)


@dataclass
class Phones:
    """What the phones of this process show, and when each was last written to."""

    messages: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    written_at: dict[str, float] = field(default_factory=dict)
    background: set[asyncio.Task[None]] = field(default_factory=set)


_phones = Phones()


async def show(request: Request) -> Response:
    """The phone as a page; `text` stands ready to be sent, as after a wa.me link."""
    del request
    if not settings().has_whatsapp_stand_in:
        return _MISSING
    html = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>WhatsApp stand-in · SmartMenu demo</title>"
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f"{sheet_style('tokens.css')}{sheet_style('whatsapp-phone.css')}"
        '<script src="/whatsapp-phone.js" defer></script></head><body>'
        '<main class="phone"><header><h1>SmartMenu</h1><p>Stand-in for WhatsApp, demo only</p>'
        '</header><ol id="talk" aria-live="polite"></ol>'
        '<form id="write"><label class="hidden" for="words">Message</label>'
        '<textarea id="words" rows="3" dir="auto" placeholder="Message" '
        'data-testid="wa-input"></textarea>'
        '<button data-testid="wa-send">Send</button></form></main>'
        '<span hidden data-live="true"></span></body></html>'
    )
    headers = {"content-security-policy": policy(html), "cache-control": "no-store"}
    return HTMLResponse(html, 200, headers)


async def messages(request: Request) -> Response:
    """What one phone has sent and received since a number."""
    if not settings().has_whatsapp_stand_in:
        return _MISSING
    me, after = request.query_params.get("me", ""), request.query_params.get("after", "0")
    since = int(after) if after.isdecimal() and len(after) <= MOST_DIGITS else 0
    found = [one for one in _phones.messages if one["phone"] == me and one["n"] > since]
    return JSONResponse(found, headers={"cache-control": "no-store"})


async def write(request: Request) -> Response:
    """The guest sends a text or presses a button: a signed webhook, as Meta would send it."""
    if not settings().has_whatsapp_stand_in:
        return _MISSING
    try:
        told = json.loads(await read_body(request, limit_bytes=BODY_BYTES))
        me, text, button = (_whole(told.get(name, ""))[:4096] for name in ("me", "text", "button"))
    except SmartMenuError as error:
        return refusal(error)
    except (ValueError, AttributeError, RecursionError):
        return PlainTextResponse("That is no message.", 422)
    if not me.isdecimal() or len(me) > MOST_DIGITS or not (text or button):
        return PlainTextResponse("That is no message.", 422)
    n = next(_ids)
    _phones.messages.append({"n": n, "phone": me, "from": "guest", "text": text, "buttons": []})
    part: dict[str, Any] = {"type": "text", "text": {"body": text}}
    if button:
        reply = {"type": "button_reply", "button_reply": {"id": button, "title": text}}
        part = {"type": "interactive", "interactive": reply}
    message = {
        "id": f"wamid.in.{time.time_ns()}.{n}",
        "from": me,
        "from_user_id": f"DE.{me}",
        "timestamp": str(int(time.time())),
    }
    contact = {"wa_id": me, "user_id": f"DE.{me}", "profile": {"name": "Demo guest"}}
    status = await _webhook({"contacts": [contact], "messages": [message | part]})
    return JSONResponse({"n": n}, 200 if status == 200 else 502)


async def graph(request: Request) -> Response:
    """POST /{phone_number_id}/messages of the Graph API."""
    if not settings().has_whatsapp_stand_in:
        return _MISSING
    if not _may_ask(request):
        return JSONResponse({"error": {"code": 190, "message": "Bad token"}}, 401)
    try:
        told = json.loads(await read_body(request, limit_bytes=BODY_BYTES))
        phone = _whole(told.get("to") or str(told["recipient"]).removeprefix("DE."))
        text, buttons = _shown(told)
    except SmartMenuError as error:
        return refusal(error)
    except (ValueError, LookupError, AttributeError, TypeError, StopIteration, RecursionError):
        return JSONResponse({"error": {"code": 100, "message": "Invalid parameter"}}, 400)
    now = time.monotonic()
    if now - _phones.written_at.get(phone, -GAP_SECONDS) < GAP_SECONDS:
        return JSONResponse(PAIR_RATE, 400)
    _phones.written_at[phone] = now
    n = next(_ids)
    external_id = f"wamid.out.{time.time_ns()}.{n}"
    _phones.messages.append(
        {"n": n, "phone": phone, "from": "restaurant", "text": text, "buttons": buttons}
    )
    task = asyncio.create_task(_deliver(external_id))
    _phones.background.add(task)
    task.add_done_callback(_phones.background.discard)
    return JSONResponse({"messaging_product": "whatsapp", "messages": [{"id": external_id}]})


async def tell(request: Request) -> Response:
    """GET /{id} of the Graph API: the number, or the account's templates."""
    if not settings().has_whatsapp_stand_in:
        return _MISSING
    if not _may_ask(request):
        return JSONResponse({"error": {"code": 190, "message": "Bad token"}}, 401)
    headers = {"date": formatdate(usegmt=True)}
    if request.url.path.endswith("/message_templates"):
        return JSONResponse({"data": TEMPLATES}, headers=headers)
    told = {
        "id": request.path_params["number"],
        "display_phone_number": f"+{settings().whatsapp_number}",
        "verified_name": "SmartMenu demo",
        "quality_rating": "GREEN",
    }
    return JSONResponse(told, headers=headers)


def _may_ask(request: Request) -> bool:
    """Whether a request carries our token, compared as bytes: a header may hold any sign."""
    wanted = f"Bearer {settings().whatsapp_access_token}"
    told = request.headers.get("authorization", "")
    return hmac.compare_digest(told.encode(), wanted.encode())


def _whole(told: object) -> str:
    """A text that can be written as UTF-8: half of an emoji becomes a question mark."""
    return str(told).encode(errors="replace").decode()


def _shown(told: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    if told["type"] == "template":
        return _of_template(told["template"]), []
    if told["type"] != "interactive":
        return _whole(told["text"]["body"]), []
    part = told["interactive"]
    replies = [one["reply"] for one in part["action"]["buttons"]]
    return _whole(part["body"]["text"]), [
        {"id": _whole(r["id"]), "title": _whole(r["title"])} for r in replies
    ]


def _of_template(wanted: dict[str, Any]) -> str:
    """The text of an approved template with its gaps filled; any other is no parameter of ours."""
    chosen = next(
        one
        for one in TEMPLATES
        if (one["name"], one["language"]) == (wanted["name"], wanted["language"]["code"])
    )
    text = chosen["components"][0]["text"]
    parts = wanted.get("components") or [{"parameters": []}]
    for number, value in enumerate(parts[0]["parameters"], 1):
        text = text.replace(f"{{{{{number}}}}}", _whole(value["text"]))
    return text


async def _deliver(external_id: str) -> None:
    """Tell that the phone has the message, a moment later."""
    await asyncio.sleep(1)
    await _webhook({"statuses": [{"id": external_id, "status": "delivered"}]})


async def _webhook(value: dict[str, Any]) -> int:
    change = {"field": "messages", "value": {"messaging_product": "whatsapp"} | value}
    envelope = {"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}
    body = json.dumps(envelope).encode()
    sum_ = hmac.new(settings().whatsapp_app_secret.encode(), body, hashlib.sha256).hexdigest()
    url = f"http://127.0.0.1:{settings().port}{addresses.WHATSAPP_WEBHOOK}"
    try:
        async with outgoing.client(timeout_seconds=10) as client:
            answer = await client.post(
                url, content=body, headers={"x-hub-signature-256": f"sha256={sum_}"}
            )
    except httpx.HTTPError:
        return 503
    return answer.status_code


_GRAPH = f"{addresses.WHATSAPP_PHONE}/graph/{{number}}"
routes = [
    Route(addresses.WHATSAPP_PHONE, show, methods=["GET"]),
    Route(f"{addresses.WHATSAPP_PHONE}/messages", messages, methods=["GET"]),
    Route(f"{addresses.WHATSAPP_PHONE}/messages", write, methods=["POST"]),
    Route(f"{_GRAPH}/messages", graph, methods=["POST"]),
    Route(_GRAPH, tell, methods=["GET"]),
    Route(f"{_GRAPH}/message_templates", tell, methods=["GET"]),
]
