"""Whose eyes a tab's state was filled for: it never outlives their log-in or their visit.

Reflex keeps a state for an hour under the tab's token, and a page that starts is sent all of it.
A tablet on which somebody logs out, or hands over, is the same tab.
"""

import reflex as rx

from services.base.cookies import VISIT_COOKIE
from services.base.errors import UnavailableError
from services.base.secrets import installation_hash
from state.doors import cookie
from state.log_in import find_actor, session_token

# A log-in that has ended while its cookie is still there.
ENDED = "ended"


class ViewerState(rx.State):
    """Who looked at this tab last. Never sent to the browser."""

    _visit: str = ""
    _log_in: str = ""
    _role: str = ""


async def clear_for_another(state: rx.State) -> None:
    """Empty every State of a tab when somebody else looks at it now, before anything is sent.

    Args:
        state: the root, locked, with the headers of the new handshake.
    """
    viewer = await state.get_state(ViewerState)
    before = (viewer._visit, viewer._log_in, viewer._role)  # noqa: SLF001 - this module's own
    visit, log_in, role = await _looking(state, before)
    if _is_another(before[0], visit) or _is_another(before[1:], (log_in, role)):
        state.reset()
    viewer._visit, viewer._log_in, viewer._role = visit, log_in, role  # noqa: SLF001


def _is_another(before: str | tuple[str, str], now: str | tuple[str, str]) -> bool:
    return any(before) and before != now


async def _looking(state: rx.State, before: tuple[str, str, str]) -> tuple[str, str, str]:
    visit = _mark(cookie(state, VISIT_COOKIE))
    token = session_token(state)
    if not token:
        return visit, "", ""
    try:
        actor = await find_actor(state)
    except UnavailableError:
        # The same cookie as before: a screen keeps what it shows through an outage.
        return visit, _mark(token), before[2] if before[1] == _mark(token) else ENDED
    return visit, _mark(token), str(actor.role) if actor is not None else ENDED


def _mark(secret: str) -> str:
    return installation_hash(secret, purpose="viewer") if secret else ""
