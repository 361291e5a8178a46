"""Screens without a browser: a State with a log-in's cookie, and its handlers called."""

import asyncio
from collections.abc import Mapping
from typing import Any, Self, TypeVar

import pytest
import reflex as rx
from reflex.istate.data import RouterData
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext
from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import Role
from services.accounts import sessions
from services.base import clock
from services.base.database import transaction
from state.notice import NoticeState
from tests.builders import make_user

S = TypeVar("S", bound=rx.State)


class Background:
    """What a background handler gets instead of its state: locked while it is changed."""

    def __init__(self, state: Any) -> None:
        object.__setattr__(self, "_state", state)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._state, name, value)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def follow(
    screen: rx.State, handler: str, heard: dict[str, Any] | None = None
) -> asyncio.Task[Any]:
    """Start a handler in the background.

    Args:
        screen: whose.
        handler: by name.
        heard: gets what the browser is told without the State.
    """

    async def emit(token: str, delta: Mapping[str, Mapping[str, Any]]) -> None:
        for name, value in delta.get(screen.get_full_name(), {}).items():
            assert name.endswith(FIELD_MARKER)
            (heard if heard is not None else {})[name.removesuffix(FIELD_MARKER)] = value

    async def enqueue(*events: object, **_: object) -> Any:
        pytest.fail(f"what follows the room sends {events}")

    async def run() -> Any:
        context = EventContext(
            token="a tab",
            state_manager=StateManagerMemory(),
            enqueue_impl=enqueue,
            emit_delta_impl=emit,
        )
        with context:
            return await type(screen).event_handlers[handler].fn(Background(screen))

    return asyncio.create_task(run())


async def log_in(session: AsyncSession, restaurant: Any, role: Role = Role.WAITER) -> str:
    """A cookie of somebody who works at a restaurant."""
    made = await make_user(session, restaurant=restaurant, role=role)
    return await sessions.start_session(
        session, user_id=made.user.id, restaurant_id=restaurant.id, now=clock.now()
    )


async def open_screen(state: type[S], cookie: str = "") -> S:
    """One tab's state, as a browser with this cookie has it; without one it is a stranger's."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    header = f"smartmenu_session={cookie}" if cookie else ""
    root.router = RouterData.from_router_data({"headers": {"cookie": header}})
    return await root.get_state(state)


async def logged_in_screen(state: type[S], restaurant: Any, role: Role = Role.WAITER) -> S:
    """The tab of somebody who works at a restaurant."""
    async with transaction() as session:
        cookie = await log_in(session, restaurant, role)
    return await open_screen(state, cookie)


async def call(screen: rx.State, handler: str, *words: object, **payload: object) -> list[Any]:
    """Call a handler with a browser's payload, by name or in order; the events it returned."""
    function = type(screen).event_handlers[handler].fn
    answer = function(screen, *words, **payload)
    if hasattr(answer, "__aiter__"):
        return [event async for event in answer if event is not None]
    event = await answer
    return [event] if event is not None else []


async def told(screen: rx.State) -> tuple[str, str]:
    """What the toast says and how: sentence and tone."""
    notice = await screen.get_state(NoticeState)
    return notice.sentence, notice.tone
