"""Every handler is an open door on the internet: who is asking, for which restaurant, with what?

A public method of a State can be called by anyone, with any arguments, on any page. A handler
therefore goes below `@rx.event` through exactly one of the decorators made here; a test walks all
handlers and fails for one that does not. Arguments are checked against their annotations before the
handler sees them: Reflex only warns and hands over the raw payload.
"""

import asyncio
import functools
import inspect
import time
import typing
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, cast
from uuid import UUID

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from reflex.istate.proxy import StateProxy
from reflex_base.event.context import EventContext
from starlette.requests import cookie_parser

from services import live
from services.base import metrics
from services.base.errors import InvalidInputError, SmartMenuError, UnavailableError
from services.base.texts import N_, SOURCE_LANGUAGE, sentence
from state.notice import tell

# How long a screen that follows something waits before it asks a database that was away again.
RETRY_SECONDS = 5.0
# The pages of one tab follow four things at most; more are there while one page follows another.
MOST_FOLLOWERS = 16
# What follows something now, by tab.
_followers: dict[str, set[asyncio.Task[Any]]] = {}
# A browser's cookies of this length are kept read; nobody fills the memory with longer ones.
MOST_COOKIES_KEPT = 2048
Handler = Callable[..., Any]
# A handler behind its door. `rx.event` wants every argument's type known, which no decorator that
# takes one away can promise; the doors check arguments themselves.
EventBody = Any
# Finds out who asks: returns what is put before the handler's own arguments, or raises.
Admit = Callable[[Any], Awaitable[object]]
# Tells the person what was refused; may return events (a redirect).
Refuse = Callable[[Any, SmartMenuError], Awaitable[Any]]


def door(*, name: str, admit: Admit, refuse: Refuse) -> Callable[[Handler], EventBody]:
    """Make the decorator of one audience.

    Args:
        name: what the door test finds on the handler as `__door__`.
        admit: called with the state before the handler; its result is the handler's first argument.
        refuse: called with the state and the error when somebody or something is refused.
    """

    def decorate(handler: Handler) -> EventBody:
        checks = _argument_checks(handler)

        async def run(self: Any, payload: dict[str, object]) -> AsyncIterator[Any]:  # noqa: ANN401
            started = time.perf_counter()
            try:
                who = await admit(self)
                arguments = _checked(checks, payload)
                result = handler(self, who, **arguments)
                if inspect.isasyncgen(result):
                    async for event in result:
                        yield event
                else:
                    yield await result
            except SmartMenuError as error:
                yield await refuse(self, error)
            finally:
                metrics.EVENT_SECONDS.labels(name).observe(time.perf_counter() - started)

        @functools.wraps(handler)
        async def guarded(self: Any, /, *args: object, **kwargs: object) -> AsyncIterator[Any]:  # noqa: ANN401
            names = list(checks)
            async for event in run(self, dict(zip(names, args, strict=False)) | kwargs):
                yield event

        return _signed(guarded, handler, name)

    return decorate


def background_door(*, name: str, admit: Admit, refuse: Refuse) -> Callable[[Handler], EventBody]:
    """The same for `@rx.event(background=True)`: locks the state only to ask and to refuse.

    Such handlers follow something as long as a screen is open, and start from the beginning when
    the database was away: a screen must not stay dead after an outage of a minute.
    """

    def decorate(handler: Handler) -> EventBody:
        checks = _argument_checks(handler)

        @functools.wraps(handler)
        async def guarded(self: Any, /, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
            payload = dict(zip(list(checks), args, strict=False)) | kwargs

            async def run() -> Any:  # noqa: ANN401
                async with _locked(self):
                    who = await admit(self)
                return await handler(self, who, **_checked(checks, payload))

            return await _as_follower(self, _until_done(self, run, refuse))

        return _signed(guarded, handler, name)

    return decorate


def anyone(handler: Handler) -> EventBody:
    """Below `@rx.event`, for handlers that only touch what this screen shows.

    They reach no data and need nobody's permission. Their arguments are checked like those of any
    door. It fits above background handlers too.
    """
    checks = _argument_checks(handler, skip=1)

    @functools.wraps(handler)
    async def guarded(self: Any, /, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
        try:
            arguments = _checked(checks, dict(zip(list(checks), args, strict=False)) | kwargs)
        except InvalidInputError:
            return None
        work = _until_done(self, functools.partial(handler, self, **arguments), _say)
        return await _as_follower(self, work)

    guarded.__door__ = "anyone"  # type: ignore[attr-defined]
    return guarded


async def _as_follower(self: Any, work: Awaitable[Any]) -> Any:  # noqa: ANN401
    """Do what may last as long as the tab; a tab that follows too much already follows no more.

    A page starts a handful itself, and a script can send their events without end.
    """
    if not _is_background(self):
        return await work
    token = EventContext.get().token
    followers = _followers.setdefault(token, set())
    mine = cast("asyncio.Task[Any]", asyncio.current_task())
    if len(followers) >= MOST_FOLLOWERS:
        cast("Coroutine[Any, Any, Any]", work).close()
        return None
    followers.add(mine)
    try:
        return await work
    finally:
        followers.discard(mine)
        if not followers and _followers.get(token) is followers:
            del _followers[token]


def end_followers(token: str) -> None:
    """End what follows something for a tab that is gone.

    Args:
        token: the tab's, as its socket was linked to it.
    """
    for task in tuple(_followers.pop(token, ())):
        task.cancel()


async def _until_done(self: Any, run: Callable[[], Awaitable[Any]], refuse: Refuse) -> Any:  # noqa: ANN401
    """Run a handler; refusals become a sentence, and what follows something tries again."""
    is_told = False
    while True:
        try:
            return await run()
        except live.OUTAGES:
            # The store of open tabs is away, and with it every state. What follows something ends
            # quietly: the tab connects anew when the store is back, and begins again.
            if not _is_background(self):
                raise
            return None
        except SmartMenuError as error:
            answer = None
            if not is_told:
                async with _locked(self):
                    answer = await refuse(self, error)
            waits = isinstance(error, UnavailableError) and not error.permanent
            if not (waits and _is_background(self)):
                return answer
            is_told = True
        await asyncio.sleep(RETRY_SECONDS)


def _is_background(state: object) -> bool:
    """Whether a handler got a proxy of its state, which it locks to change it."""
    return isinstance(state, StateProxy)


def _locked(state: Any) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401
    return state if _is_background(state) else nullcontext()


async def _say(state: rx.State, error: SmartMenuError) -> None:
    await tell(state, sentence(SOURCE_LANGUAGE, error), tone="bad")


def _argument_checks(handler: Handler, skip: int = 2) -> dict[str, tuple[TypeAdapter[Any], bool]]:
    """For every argument after self (and who): its check, and whether it may be left out."""
    # With extras: limits like `Annotated[int, Field(ge=1)]` are part of the check.
    hints = typing.get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())[skip:]
    return {
        p.name: (TypeAdapter(hints.get(p.name, str)), p.default is not inspect.Parameter.empty)
        for p in parameters
    }


def _checked(
    checks: dict[str, tuple[TypeAdapter[Any], bool]], payload: dict[str, object]
) -> dict[str, object]:
    unknown = set(payload) - set(checks)
    missing = {name for name, (_, optional) in checks.items() if not optional} - set(payload)
    if unknown or missing:
        msg = N_("That cannot be.")
        raise InvalidInputError(msg)
    checked: dict[str, object] = {}
    for name, value in payload.items():
        try:
            checked[name] = checks[name][0].validate_python(value)
        except ValidationError as error:
            msg = N_("That cannot be.")
            raise InvalidInputError(msg, field=name) from error
    return checked


def _signed(guarded: Handler, handler: Handler, name: str) -> Handler:
    """Hide the second argument: Reflex maps a payload to the names it sees in the signature."""
    signature = inspect.signature(handler)
    self_parameter, _who, *rest = signature.parameters.values()
    who_name = list(signature.parameters)[1]
    guarded.__signature__ = signature.replace(parameters=[self_parameter, *rest])  # type: ignore[attr-defined]
    guarded.__annotations__ = {
        key: hint
        for key, hint in typing.get_type_hints(handler).items()
        if key not in {who_name, "return"}
    }
    guarded.__door__ = name  # type: ignore[attr-defined]
    del guarded.__wrapped__  # type: ignore[attr-defined]
    return guarded


def row_id(text: str) -> UUID:
    """An id that came as text, where Reflex's trigger hands over text.

    Raises:
        InvalidInputError: it is no id.
    """
    try:
        return UUID(text)
    except ValueError as error:
        msg = N_("That cannot be.")
        raise InvalidInputError(msg) from error


def cookie(state: rx.State, name: str) -> str:
    """A cookie of the socket's handshake; scripts never see it when it is HttpOnly."""
    return _cookies(state.router.headers.cookie or "").get(name, "")


def _cookies(header: str) -> dict[str, str]:
    """By name. Every news that reaches a screen asks, and a socket's handshake never changes.

    Read as plain requests are: to the standard library one cookie of a neighbouring site, as JSON
    or named "version", hides all others, and a guest would be somebody else on the socket.
    """
    # The server takes 400 KB of headers, from whoever makes them up.
    return (_kept_cookies if len(header) <= MOST_COOKIES_KEPT else cookie_parser)(header)


_kept_cookies = functools.lru_cache(maxsize=2048)(cookie_parser)


__all__ = ["anyone", "background_door", "cookie", "door", "row_id"]
