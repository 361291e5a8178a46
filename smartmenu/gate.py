"""The wall around the doors: an event that leads to no door is dropped before it touches a State.

Every public method of a State is open to the internet, and Reflex adds to each State a `setvar`
that calls any of its setters. What carries no `__door__` and is not the framework's own is not run.
"""

from secrets import token_hex
from types import NoneType
from typing import cast

import reflex as rx
import structlog
from reflex.istate.manager import get_state_manager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import BaseState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from services.base import metrics
from smartmenu.untouched import forget_untouched
from state.viewer import clear_for_another

log = structlog.get_logger()
_ROOT = State.get_full_name()
# What the framework's own script sends when a page starts, and when one fails, with its arguments.
FRAMEWORK: dict[str, dict[str, tuple[type, ...]]] = {
    f"{_ROOT}.hydrate": {},
    f"{_ROOT}.hydrate_and_load": {"vars": (dict, NoneType), "hashes": (list, NoneType)},
    f"{_ROOT}.set_is_hydrated": {"value": (bool,)},
    f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal": {},
    f"{_ROOT}.reflex___state____on_load_internal_state.set_is_hydrated": {"value": (bool,)},
    f"{_ROOT}.reflex___state____update_vars_internal_state.update_vars_internal": {"vars": (dict,)},
    f"{_ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception": {
        "info": (str,),
        "component_stack": (str,),
    },
}
# These send a page everything that its tab's state holds.
HYDRATING = {f"{_ROOT}.hydrate", f"{_ROOT}.hydrate_and_load"}
# The next one of a page, when all of that is sent.
HYDRATED = f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal"


class Gate(rx.Middleware):
    """Runs before every event of every socket."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002 - the framework's
        """Drop an event without a door; None lets it pass."""
        if isinstance(event.payload, dict) and (has_door(event.name) or _is_framework(event)):
            if event.name in HYDRATING:
                await clear_for_another(cast(rx.State, state))
            elif event.name == HYDRATED and isinstance(get_state_manager(), StateManagerMemory):
                forget_untouched(state._get_root_state())  # noqa: SLF001 - told nowhere else
            metrics.EVENTS.labels(event.name.removeprefix(f"{_ROOT}.")).inc()
            # Every line that its handler logs says which event it was.
            structlog.contextvars.bind_contextvars(handler=event.name, event_id=token_hex(4))
            return None
        metrics.EVENTS.labels("dropped").inc()
        log.warning("event without a door", handler=event.name)
        return StateUpdate()


def has_door(name: str) -> bool:
    """Whether a registered handler went through one of the decorators of `state.doors`."""
    found = RegistrationContext.get().event_handlers.get(name)
    return found is not None and hasattr(found.handler.fn, "__door__")


def _is_framework(event: Event) -> bool:
    wanted = FRAMEWORK.get(event.name)
    if wanted is None or not set(event.payload) <= set(wanted):
        return False
    # No var of ours lives in the browser: whoever sends one has made it up.
    if event.payload.get("vars"):
        return False
    return all(isinstance(event.payload.get(name), kinds) for name, kinds in wanted.items())
