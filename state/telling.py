"""Vars that follow the room, told to a tab without going through its State each time.

A handler in the background that locks its State, assigns and lets go costs a tab a millisecond of
the process, and the State's way to Valkey and back where several processes share it: most of what
an order costs while fifty boards show it. A delta says the same to the browser. The State keeps
what was told only now and then, for a socket that connects anew: it shows that for as long as the
screen takes to read again.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

# Tabs that were opened together do not keep together.
KEEP_SECONDS = (60.0, 120.0)


@dataclass(slots=True)
class Once:
    """A value that many tabs are told; the socket server writes it for the first of them."""

    value: Any
    written: bytes | None = field(default=None, compare=False, repr=False)


class Told:
    """What one tab was told of some Vars of its State, among them `is_ready`."""

    def __init__(self, state: Any) -> None:  # noqa: ANN401 - a background handler's proxy of its state
        """Begin with a tab that was told nothing.

        Args:
            state: as the handler in the background got it.
        """
        self._state = state
        self._name: str = state.get_full_name()
        self._told: dict[str, Any] = {}
        # What of it the State holds.
        self._kept: dict[str, Any] = {}
        self._keep_at = 0.0

    async def tell(self, values: Mapping[str, Any]) -> None:
        """Tell what differs from what was told; all tabs get the very same values of one reading.

        Args:
            values: Vars by name, large ones as `Once`. They are never written to afterwards.
        """
        if time.monotonic() >= self._keep_at:
            await self._keep(values)
        elif changed := _changed(self._told, values):
            delta = {name + FIELD_MARKER: value for name, value in changed.items()}
            await EventContext.get().emit_delta({self._name: delta})
        self._told |= values

    def keep_now(self) -> None:
        """Let the State keep what is told next."""
        self._keep_at = 0.0

    async def _keep(self, values: Mapping[str, Any]) -> None:
        async with self._state as state:
            if not state.is_ready:
                # A new tab, or one whose state was lost with its store.
                self._kept = {}
            for name, value in _changed(self._kept, values).items():
                setattr(state, name, value.value if isinstance(value, Once) else value)
            state.is_ready = True
        self._kept |= values
        self._keep_at = time.monotonic() + random.uniform(*KEEP_SECONDS)  # noqa: S311 - no secret


def _changed(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in values.items() if name not in before or before[name] != value
    }
