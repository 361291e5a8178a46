"""The door of staff screens: a log-in and a permission."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from services.accounts import sessions
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import ForbiddenError, SmartMenuError
from services.base.settings import settings
from services.base.texts import N_, SOURCE_LANGUAGE, sentence
from state.doors import EventBody, Handler, background_door, cookie, door
from state.notice import tell

# HttpOnly, set by the log-in form; "__Host-" binds it to this host where TLS is used.
COOKIE = "smartmenu_session"
SECURE_COOKIE = "__Host-smartmenu_session"
LANGUAGE = SOURCE_LANGUAGE


class NotLoggedInError(ForbiddenError):
    """No log-in, or one that has ended."""


async def find_actor(state: rx.State) -> Actor | None:
    """Who looks at this screen, from the cookie and the database: never from state or route."""
    # With TLS only the cookie bound to this host counts: a neighbouring host could plant the other.
    token = cookie(state, SECURE_COOKIE if settings().uses_tls else COOKIE)
    if not token:
        return None
    async with reading() as session:
        return await sessions.find_actor(session, token=token, now=clock.now())


async def get_actor(state: rx.State, permission: Permission) -> Actor:
    """Who acts, if they may.

    Raises:
        NotLoggedInError: nobody is logged in.
        ForbiddenError: their role does not allow it.
    """
    actor = await find_actor(state)
    if actor is None:
        msg = N_("Please log in.")
        raise NotLoggedInError(msg)
    if not actor.can(permission):
        msg = N_("Your role does not allow this.")
        raise ForbiddenError(msg)
    return actor


def staff(permission: Permission) -> Callable[[Handler], EventBody]:
    """Below `@rx.event`: the handler gets the `Actor` after self, and needs this permission."""
    return door(name=f"staff:{permission}", admit=_admit(permission), refuse=_refuse)


def staff_background(permission: Permission) -> Callable[[Handler], EventBody]:
    """Below `@rx.event(background=True)`: the same."""
    return background_door(name=f"staff:{permission}", admit=_admit(permission), refuse=_refuse)


def _admit(permission: Permission) -> Callable[[rx.State], Any]:
    async def admit(state: rx.State) -> Actor:
        return await get_actor(state, permission)

    return admit


async def _refuse(state: rx.State, error: SmartMenuError) -> Any:  # noqa: ANN401 - an event or nothing
    if isinstance(error, NotLoggedInError):
        return rx.redirect(addresses.LOGIN)
    await tell(state, sentence(LANGUAGE, error), tone="bad")
    return None
