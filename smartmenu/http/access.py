"""The log-in behind a plain request: cookie, actor, permission."""

from starlette.requests import Request
from starlette.responses import Response

from services.accounts import sessions
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading
from services.base.settings import settings
from state.staff.access import COOKIE, SECURE_COOKIE


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
    for name in (COOKIE, SECURE_COOKIE):
        response.delete_cookie(
            name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax"
        )


def _cookie_name() -> str:
    return SECURE_COOKIE if settings().uses_tls else COOKIE
