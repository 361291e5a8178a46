"""The door of staff screens: a log-in and a permission."""

from collections.abc import Callable
from typing import Any, NamedTuple

import reflex as rx

from services import live
from services.accounts import sessions
from services.accounts.errors import NotLoggedInError
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import SmartMenuError
from services.base.texts import SOURCE_LANGUAGE, sentence
from services.base.together import Gathered
from state.doors import EventBody, Handler, background_door, door
from state.log_in import session_token
from state.notice import tell

LANGUAGE = SOURCE_LANGUAGE


class Heard(NamedTuple):
    """What an open screen has heard, and who looks at it."""

    news: list[live.News]
    actor: Actor


async def find_present_actor(token: str) -> Actor | None:
    """Who looks at an open screen by now, in their present role, or None when the log-in is over.

    All screens that wake ask together.

    Args:
        token: of the log-in. It is that of the socket's handshake and never changes: an open screen
            asks its state for it once, which costs as much as a tenth of telling it something.
    """
    return await _people.get(token)


async def get_actor(state: rx.State, permission: Permission) -> Actor:
    """Who acts, if they may.

    Raises:
        NotLoggedInError: nobody is logged in.
        ForbiddenError: their role does not allow it.
    """
    async with reading() as session:
        return await sessions.get_actor(
            session, token=session_token(state), permission=permission, now=clock.now()
        )


async def next_news(
    state: Any,  # noqa: ANN401 - a background handler's proxy of its state
    permission: Permission,
    news: live.Subscription,
    *,
    timeout_seconds: float,
) -> Heard:
    """What an open screen hears next, once more made sure that whoever looks there may.

    A log-in ends and roles change while screens stay open; a door is passed only once.

    Args:
        state: of the screen. Its cookie is that of the socket's handshake and never changes, so
            it is read without locking the state.
        permission: the one the screen was opened with.
        news: what it follows.
        timeout_seconds: how long to wait at most; then the answer is empty.

    Returns:
        The news, and the person in their present role: what a screen offers follows it.

    Raises:
        NotLoggedInError, ForbiddenError: as in `get_actor`; the door tells the person.
    """
    heard = await news.next(timeout_seconds=timeout_seconds)
    return Heard(heard, await present_actor(session_token(state), permission))


async def present_actor(token: str, permission: Permission) -> Actor:
    """Who looks at an open screen by now, made sure that they may; errors as in `get_actor`."""
    return sessions.permitted(await find_present_actor(token), permission)


def staff(permission: Permission) -> Callable[[Handler], EventBody]:
    """Below `@rx.event`: the handler gets the `Actor` after self, and needs this permission."""
    return door(name=f"staff:{permission}", admit=_admit(permission), refuse=_refuse)


def staff_background(permission: Permission) -> Callable[[Handler], EventBody]:
    """Below `@rx.event(background=True)`: the same."""
    return background_door(name=f"staff:{permission}", admit=_admit(permission), refuse=_refuse)


async def _find_people(tokens: frozenset[str]) -> dict[str, Actor]:
    async with reading() as session:
        return await sessions.find_actors(session, tokens=tokens, now=clock.now())


# One order wakes the screens of everybody: who they are is looked up once for all of them.
_people = Gathered(_find_people)


def _admit(permission: Permission) -> Callable[[rx.State], Any]:
    async def admit(state: rx.State) -> Actor:
        return await get_actor(state, permission)

    return admit


async def _refuse(state: rx.State, error: SmartMenuError) -> Any:  # noqa: ANN401 - an event or nothing
    if isinstance(error, NotLoggedInError):
        return rx.redirect(addresses.LOGIN)
    await tell(state, sentence(LANGUAGE, error), tone="bad")
    return None
