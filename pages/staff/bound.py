"""Vars of a component taken from the State whose attributes have the same names."""

import dataclasses
from typing import Any, TypeVar

import reflex as rx

T = TypeVar("T")


def bound(kind: type[T], state: type[rx.State], **given: Any) -> T:
    """A component's Vars: `title` is the state's `title`, `on_close` its handler `close`.

    Args:
        kind: a dataclass of Vars and handlers.
        state: where those that are not given come from; a name it lacks is an error at once.
        given: by field.
    """
    wanted = {field.name for field in dataclasses.fields(kind)} - given.keys()  # pyright: ignore[reportArgumentType]
    return kind(**given, **{name: getattr(state, name.removeprefix("on_")) for name in wanted})
