"""The log-in behind a socket: whoever looks, on a guest's screen or on one of the staff."""

import reflex as rx

from services.accounts import sessions
from services.accounts.types import Actor
from services.base import clock
from services.base.cookies import SECURE_SESSION_COOKIE, SESSION_COOKIE
from services.base.database import reading
from services.base.settings import settings
from state.doors import cookie


async def find_actor(state: rx.State) -> Actor | None:
    """Who looks at this screen, from the cookie and the database: never from state or route."""
    async with reading() as session:
        return await sessions.find_actor(session, token=session_token(state), now=clock.now())


def session_token(state: rx.State) -> str:
    """The value of the log-in's cookie in the socket's handshake, or an empty string."""
    # With TLS only the cookie bound to this host counts: a neighbouring host could plant the other.
    return cookie(state, SECURE_SESSION_COOKIE if settings().uses_tls else SESSION_COOKIE)
