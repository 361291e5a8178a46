"""The log-in behind a plain request: cookie, actor, permission."""

import functools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.accounts import sessions
from services.accounts.errors import NotLoggedInError
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.cookies import DEVICE_COOKIE, SECURE_SESSION_COOKIE, SESSION_COOKIE
from services.base.database import reading
from services.base.errors import SmartMenuError
from services.base.settings import settings
from smartmenu.http.answers import refusal

DEVICE_LIFETIME = timedelta(days=365)
Handler = Callable[[Request], Awaitable[Response]]


def staff_only(handler: Handler, *, back_to: str) -> Handler:
    """A handler of the staff side: who is not logged in is led there, a refusal becomes an answer.

    Args:
        handler: asks with `get_actor` who it is.
        back_to: the page that one comes to after logging in.
    """

    @functools.wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except NotLoggedInError:
            return RedirectResponse(f"{addresses.LOGIN}?{urlencode({'next': back_to})}", 303)
        except SmartMenuError as error:
            return refusal(error)

    return guarded


def session_token(request: Request) -> str:
    """The value of the log-in's cookie, or an empty string.

    Over TLS only the "__Host-" cookie counts: a neighbouring host cannot plant one of that name.
    """
    return request.cookies.get(_cookie_name(), "")


async def find_actor(request: Request) -> Actor | None:
    """Who sends this request, or None."""
    async with reading() as session:
        return await sessions.find_actor(session, token=session_token(request), now=clock.now())


async def get_actor(request: Request, permission: Permission) -> Actor:
    """Who sends this request, if they may.

    Raises:
        NotLoggedInError: nobody is logged in.
        ForbiddenError: their role does not allow it.
    """
    async with reading() as session:
        return await sessions.get_actor(
            session, token=session_token(request), permission=permission, now=clock.now()
        )


def set_session_cookie(response: Response, token: str) -> None:
    """Hand over a log-in: scripts cannot read it, other sites cannot send it with a form."""
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path="/",
        secure=settings().uses_tls,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take every log-in cookie back, also one from before TLS was switched on."""
    for name in (SESSION_COOKIE, SECURE_SESSION_COOKIE):
        response.delete_cookie(
            name, path="/", secure=name == SECURE_SESSION_COOKIE, httponly=True, samesite="lax"
        )


def device_marks(request: Request) -> str:
    """The accounts that have logged in on this device, as the device tells."""
    return request.cookies.get(DEVICE_COOKIE, "")


def set_device_marks(response: Response, marks: str) -> None:
    """Let the device keep them; only the log-in is sent this cookie."""
    response.set_cookie(
        DEVICE_COOKIE,
        marks,
        max_age=int(DEVICE_LIFETIME.total_seconds()),
        path=addresses.AUTH_LOGIN,
        secure=settings().uses_tls,
        httponly=True,
        samesite="lax",
    )


def _cookie_name() -> str:
    return SECURE_SESSION_COOKIE if settings().uses_tls else SESSION_COOKIE
