"""Logging in and out with plain forms: only an HTTP answer can set an HttpOnly cookie."""

from contextlib import suppress
from urllib.parse import unquote, urlencode, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services import live
from services.accounts import login, sessions, switching
from services.accounts.errors import NotLoggedInError, WrongLoginError
from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import (
    InvalidInputError,
    SmartMenuError,
    TooManyTriesError,
    UnavailableError,
)
from services.base.texts import N_
from smartmenu.http.access import (
    clear_session_cookie,
    device_marks,
    session_token,
    set_device_marks,
    set_session_cookie,
)
from smartmenu.http.body import read_form
from smartmenu.http.client import client_address, same_origin
from smartmenu.http.home import start_page

SESSION_ENDED = "session_ended"
# What the log-in page finds in its address as `error`, and turns into a sentence.
WRONG, OFTEN, BUSY, ELSEWHERE = "wrong", "often", "busy", "elsewhere"


async def log_in(request: Request) -> Response:
    """Check the form, replace whatever log-in the browser had, and go to the wanted screen."""
    if not same_origin(request):
        return _back(ELSEWHERE, "")
    wanted = ""
    try:
        form = await read_form(request)
        wanted = staff_path(form.get("next", ""))
        done = await login.log_in(
            email=form.get("email", ""),
            password=form.get("password", ""),
            address=client_address(request.scope),
            device_marks=device_marks(request),
            now=clock.now(),
        )
        await _end(session_token(request))
    except SmartMenuError as error:
        return _back(_error_code(error), wanted)
    response = _go(wanted or await start_page(done.role, restaurant_id=done.restaurant_id))
    set_session_cookie(response, done.token)
    set_device_marks(response, done.device_marks)
    return response


async def log_out(request: Request) -> Response:
    """End the log-in here and on its open screens."""
    if not same_origin(request):
        return _go(addresses.LOGIN)
    # The cookie goes even when the database is away; the log-in then ends by its own expiry.
    with suppress(UnavailableError):
        await _end(session_token(request))
    response = _go(addresses.LOGIN)
    clear_session_cookie(response)
    return response


async def switch(request: Request) -> Response:
    """Go on at another restaurant of the same person; open screens of this one end."""
    if not same_origin(request):
        return _go(addresses.STAFF_RESTAURANTS)
    try:
        form = await read_form(request)
        async with transaction() as session:
            done = await switching.switch_restaurant(
                session,
                token=session_token(request),
                restaurant_id=_id(form.get("restaurant_id", "")),
                now=clock.now(),
            )
    except NotLoggedInError:
        return _go(addresses.LOGIN)
    except SmartMenuError:
        # Not theirs, or no longer: the page shows which ones are.
        return _go(addresses.STAFF_RESTAURANTS)
    await live.publish(
        [live.session_topic(done.ended_session_id)], SESSION_ENDED, done.ended_session_id
    )
    response = _go(await start_page(done.role, restaurant_id=done.restaurant_id))
    set_session_cookie(response, done.token)
    return response


def staff_path(wanted: str) -> str:
    """An address of our own staff screens as it was given, or an empty string for any other."""
    # Browsers read "\" as "/" and drop tabs and line ends, so "/\evil" would leave this site.
    if not wanted.isprintable() or "\\" in wanted or len(wanted) > 500:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path.startswith(("/staff/", "/platform/")):
        return ""
    if ".." in unquote(parts.path) or "//" in parts.path:
        return ""
    return wanted


async def _end(token: str) -> None:
    if not token:
        return
    async with transaction() as session:
        session_id = await sessions.end_session(session, token=token, now=clock.now())
    if session_id is not None:
        await live.publish([live.session_topic(session_id)], SESSION_ENDED, session_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        msg = N_("That cannot be.")
        raise InvalidInputError(msg, field="restaurant_id") from error


def _error_code(error: SmartMenuError) -> str:
    if isinstance(error, TooManyTriesError):
        return OFTEN
    if isinstance(error, WrongLoginError | InvalidInputError):
        return WRONG
    return BUSY


def _back(code: str, wanted: str) -> Response:
    query = {"error": code} | ({"next": wanted} if wanted else {})
    return _go(f"{addresses.LOGIN}?{urlencode(query)}")


def _go(path: str) -> Response:
    return RedirectResponse(path, 303, {"cache-control": "no-store"})


routes = [
    Route(addresses.AUTH_LOGIN, log_in, methods=["POST"]),
    Route(addresses.AUTH_LOGOUT, log_out, methods=["POST"]),
    Route(addresses.AUTH_RESTAURANT, switch, methods=["POST"]),
]
