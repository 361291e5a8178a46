"""Every handler is an open door on the internet: who is asking, for which restaurant, with what?

A public method of a State can be called by anyone, with any arguments, on any page. A handler
therefore goes below `@rx.event` through exactly one of the decorators made here; a test walks all
handlers and fails for one that does not. Arguments are checked against their annotations before the
handler sees
them: Reflex only warns and hands over the raw payload.
"""

import functools
import inspect
import typing
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx
import structlog
from pydantic import TypeAdapter, ValidationError

from services.base.errors import InvalidInputError, SmartMenuError
from services.base.texts import N_

log = structlog.get_logger()
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

        @functools.wraps(handler)
        async def guarded(self: Any, *args: object, **kwargs: object) -> AsyncIterator[Any]:  # noqa: ANN401
            names = list(checks)
            async for event in run(self, dict(zip(names, args, strict=False)) | kwargs):
                yield event

        return _signed(guarded, handler, name)

    return decorate


def background_door(*, name: str, admit: Admit, refuse: Refuse) -> Callable[[Handler], EventBody]:
    """The same for `@rx.event(background=True)`: locks the state only to ask and to refuse."""

    def decorate(handler: Handler) -> EventBody:
        checks = _argument_checks(handler)

        @functools.wraps(handler)
        async def guarded(self: Any, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
            payload = dict(zip(list(checks), args, strict=False)) | kwargs
            try:
                async with self:
                    who = await admit(self)
                await handler(self, who, **_checked(checks, payload))
            except SmartMenuError as error:
                async with self:
                    return await refuse(self, error)

        return _signed(guarded, handler, name)

    return decorate


def anyone(handler: Handler) -> EventBody:
    """Below `@rx.event`, for handlers that only touch what this screen shows.

    They reach no data and need nobody's permission. Their arguments are checked like those of any
    door.
    """
    checks = _argument_checks(handler, skip=1)

    @functools.wraps(handler)
    async def guarded(self: Any, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
        try:
            arguments = _checked(checks, dict(zip(list(checks), args, strict=False)) | kwargs)
        except InvalidInputError:
            return None
        return await handler(self, **arguments)

    guarded.__door__ = "anyone"  # type: ignore[attr-defined]
    return guarded


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
    from http.cookies import CookieError, SimpleCookie  # noqa: PLC0415

    try:
        jar = SimpleCookie(state.router.headers.cookie or "")
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


__all__ = ["anyone", "background_door", "cookie", "door", "row_id"]
