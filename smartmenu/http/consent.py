"""A guest's choice whether to be remembered: only an HTTP answer can set an HttpOnly cookie."""

import random
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from models.enums import ConsentLevel
from services import live
from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import ForbiddenError, InvalidInputError, NotFoundError, SmartMenuError
from services.base.texts import N_
from services.guests import consent
from services.guests.consent import NOTICE_SOURCE
from services.identity import fingerprint as fingerprints
from services.identity.types import ConsentGiven
from services.privacy import policy
from smartmenu.http.answers import refusal
from smartmenu.http.body import content_type, read_form, read_json, unreadable
from smartmenu.http.client import same_origin
from smartmenu.http.guests import (
    clear_client_cookies,
    get_guest,
    get_restaurant,
    language_of,
    set_client_cookies,
    signals,
)

JSON_BYTES = 4096
NO_STORE = {"cache-control": "no-store"}
MAX_PATH_LENGTH = 500


@dataclass(frozen=True, slots=True)
class _Choice:
    level: ConsentLevel
    allows_fingerprint: bool
    is_notice: bool
    is_form: bool


async def give(request: Request) -> Response:
    """POST /menu/{slug}/consent: do what the guest has chosen and set or remove the cookies.

    JSON is answered with the token for the browser's storage, a form with the page it came from.
    """
    is_form = not _is_json(request)
    try:
        _refuse_foreign(request)
        choice = await _choice(request)
        given = await _give(request, choice)
    except NotFoundError as error:
        # A form's page begins a new visit when it is loaded again, and asks again.
        return _go(back_path(request)) if is_form else refusal(error)
    except SmartMenuError as error:
        return refusal(error)
    guest = given.guest
    await live.publish(
        [live.visit_topic(guest.visit_id), live.floor_topic(guest.restaurant_id)],
        "consent",
        guest.visit_id,
    )
    response = (
        _go(back_path(request))
        if choice.is_form
        else JSONResponse({"client_token": given.client_token}, headers=NO_STORE)
    )
    if given.client_id:
        set_client_cookies(response, given.client_id)
    else:
        clear_client_cookies(response)
    return response


async def restore(request: Request) -> Response:
    """POST /menu/{slug}/identity: give back the signal this browser has lost.

    The answer says whether the browser is known here, whether it now has a cookie it did not have
    (the page then starts again), and the token to store where that was missing.
    """
    try:
        _refuse_foreign(request)
        body = await _json(request)
        token = body.get("client_token") or ""
        if not isinstance(token, str):
            raise unreadable()
        async with transaction() as session:
            restaurant = await get_restaurant(session, request)
            restored = await consent.restore_cookie(
                session,
                restaurant=restaurant,
                signals=signals(request, client_token=token),
                now=clock.now(),
            )
    except SmartMenuError as error:
        return refusal(error)
    response = JSONResponse(
        {
            "is_known": restored.is_known,
            "has_new_cookie": restored.client_id is not None,
            "client_token": restored.client_token,
        },
        headers=NO_STORE,
    )
    if restored.client_id is not None:
        set_client_cookies(response, restored.client_id)
    return response


async def fingerprint(request: Request) -> Response:
    """POST /menu/{slug}/fingerprint: a device's features as one hash, after a guest agreed.

    204 whether it was kept or not; the service keeps it only where restaurant and guest agreed.
    """
    try:
        _refuse_foreign(request)
        value = (await _json(request)).get("value")
        if not isinstance(value, str) or not value:
            raise unreadable()
        async with transaction() as session:
            restaurant = await get_restaurant(session, request)
            guest = await get_guest(session, request, restaurant=restaurant)
            await fingerprints.store(
                session, restaurant=restaurant, guest=guest, value=value, now=clock.now()
            )
    except SmartMenuError as error:
        return refusal(error)
    return Response(status_code=204)


def back_path(request: Request) -> str:
    """The page of this restaurant's menu that a form was sent from, or the menu itself."""
    home = addresses.menu(request.path_params["slug"])
    with suppress(ValueError):
        parts = urlsplit(request.headers.get("referer", ""))
        path = parts.path
        is_ours = path == home or path.startswith(f"{home}/")
        is_plain = path.isprintable() and ".." not in unquote(path) and "//" not in path
        if is_ours and is_plain and "\\" not in path and len(path) <= MAX_PATH_LENGTH:
            return path
    return home


async def _give(request: Request, choice: _Choice) -> ConsentGiven:
    async with transaction() as session:
        restaurant = await get_restaurant(session, request)
        guest = await get_guest(session, request, restaurant=restaurant)
        now = clock.now()
        # Whatever was set a moment ago: the choice names the version that says it.
        said = await policy.current(session, restaurant=restaurant, now=now)
        return await consent.give_consent(
            session,
            restaurant=restaurant,
            guest=guest,
            level=choice.level,
            allows_fingerprint=choice.allows_fingerprint and restaurant.fingerprint_enabled,
            language=language_of(request, restaurant),
            source=NOTICE_SOURCE if choice.is_notice else _source(request),
            now=now,
            text_version=said.text_version,
            rng=random.SystemRandom(),
            has_privacy_control=request.headers.get("sec-gpc", "").strip() == "1",
            client_id=signals(request).client_id,
        )


async def _choice(request: Request) -> _Choice:
    is_form = not _is_json(request)
    fields: dict[str, object] = {}
    if is_form:
        fields.update(await read_form(request))
    else:
        fields.update(await _json(request))
    try:
        level = ConsentLevel(str(fields.get("level", "")))
    except ValueError as error:
        msg = N_("There is no such choice.")
        raise InvalidInputError(msg, field="level") from error
    return _Choice(
        level=level,
        # A form sends the value of a ticked box, JSON a boolean; anything else is no yes.
        allows_fingerprint=fields.get("allows_fingerprint") in (True, "1", "on"),
        is_notice=fields.get("source") == NOTICE_SOURCE,
        is_form=is_form,
    )


def _source(request: Request) -> str:
    """Where the guest chose: the menu, an order's page or the privacy page."""
    path = back_path(request)
    if path.endswith("/privacy"):
        return "privacy"
    return "order" if "/orders" in path else "menu"


async def _json(request: Request) -> dict[str, object]:
    found = await read_json(request, limit_bytes=JSON_BYTES)
    if not isinstance(found, dict):
        raise unreadable()
    return found


def _is_json(request: Request) -> bool:
    return content_type(request) == "application/json"


def _refuse_foreign(request: Request) -> None:
    if not same_origin(request):
        msg = N_("This came from another page. Please open the menu again.")
        raise ForbiddenError(msg)


def _go(path: str) -> Response:
    return RedirectResponse(path, 303, NO_STORE)


routes = [
    Route("/menu/{slug}/fingerprint", fingerprint, methods=["POST"]),
    Route("/menu/{slug}/consent", give, methods=["POST"]),
    Route("/menu/{slug}/identity", restore, methods=["POST"]),
]
