"""Meta's webhook: verify the subscription, keep what is signed, answer at once."""

import contextlib
import time

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import SmartMenuError
from services.base.settings import settings
from services.jobs.hurry import hurry
from services.whatsapp import inbox, shapes
from services.whatsapp.rules import is_signed, is_verify_token
from smartmenu.http.answers import refusal
from smartmenu.http.body import read_body

log = structlog.get_logger()
# "Payloads can be up to 3 MB" (Cloud API, Webhooks).
BODY_BYTES = 3 * 1024 * 1024
CHALLENGE_LENGTH = 200
NOTE_SECONDS = 10.0
_next_note: dict[str, float] = {}


async def verify(request: Request) -> Response:
    """Answer Meta's question whether this address is ours, with the challenge it sent."""
    if not settings().whatsapp_verify_token:
        return _not_set_up("SMARTMENU_WHATSAPP_VERIFY_TOKEN")
    query = request.query_params
    challenge = query.get("hub.challenge", "")
    is_ours = is_verify_token(
        query.get("hub.verify_token", ""), verify_token=settings().whatsapp_verify_token
    )
    if query.get("hub.mode") != "subscribe" or not is_ours:
        return _plain("The verify token is another one.", 403)
    if not 0 < len(challenge) <= CHALLENGE_LENGTH:
        return _plain("There is no challenge to answer.", 400)
    await _note("verified")
    return _plain(challenge, 200)


async def receive(request: Request) -> Response:
    """Keep a delivery and answer 200, also to one that came before; the work is a job's.

    Without a database the answer is 503: Meta sends the delivery again, for up to seven days.
    """
    secret = settings().whatsapp_app_secret
    if not secret:
        return _not_set_up("SMARTMENU_WHATSAPP_APP_SECRET")
    signature = request.headers.get("x-hub-signature-256", "")
    if not signature:
        return _plain("The signature is missing.", 401)
    try:
        body = await read_body(request, limit_bytes=BODY_BYTES)
        if not is_signed(body, signature=signature, app_secret=secret):
            log.warning("whatsapp_signature_wrong", byte_count=len(body))
            await _note("signature_wrong")
            return _plain("The signature does not fit the body.", 401)
        is_new = await inbox.keep(body=body, now=clock.now())
    except ClientDisconnect:
        return _plain("The body did not arrive.", 400)
    except SmartMenuError as error:
        return refusal(error)
    log.info("whatsapp_delivery", is_new=is_new, byte_count=len(body))
    if is_new:
        hurry()
    return _plain("Received.", 200)


async def _note(sign: str) -> None:
    """Let the operator's page tell. Whoever knocks without end writes a row in ten seconds."""
    moment = time.monotonic()
    if moment < _next_note.get(sign, 0.0):
        return
    _next_note[sign] = moment + NOTE_SECONDS
    with contextlib.suppress(SmartMenuError):
        async with transaction() as session:
            await shapes.note_sign(session, name=sign, now=clock.now())


def _not_set_up(setting: str) -> Response:
    return _plain(f"WhatsApp is not set up here: {setting} is empty.", 503)


def _plain(text: str, status: int) -> Response:
    # The challenge comes from whoever asks: never let a browser read it as a page.
    safe = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return PlainTextResponse(text, status, safe)


routes = [
    Route(addresses.WHATSAPP_WEBHOOK, verify, methods=["GET"]),
    Route(addresses.WHATSAPP_WEBHOOK, receive, methods=["POST"]),
]
