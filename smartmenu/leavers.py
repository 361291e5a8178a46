"""States of tabs in this process's memory: kept while their tab is here, and a little longer.

Reflex forgets a state an hour after its last event, whether its tab is open or closed. A full house
of 300 that changes every three quarters of an hour left more states behind than it used, and
a phone that was only looked at for an hour lost the one it had.
"""

import asyncio

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory

# A phone that comes back from a locked screen sooner finds the dialog that was open; later, what a
# new tab finds. Carts, orders and log-ins are in the database.
KEPT_SECONDS = 300
EVERY_SECONDS = 60


async def keep_open_tabs_forever(app: rx.App) -> None:
    """Keep the states of open tabs alive until cancelled; all others end `KEPT_SECONDS` later."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await keep_open_tabs(app)


async def keep_open_tabs(app: rx.App) -> None:
    """Once; states in Valkey have their own time."""
    manager, tabs = app.state_manager, app.event_namespace
    if not isinstance(manager, StateManagerMemory) or tabs is None:
        return
    for token in list(tabs.token_to_sid):
        # A tab that has just connected has none yet, and must not get an empty one.
        if token in manager.states:
            await manager.get_state(rx.BaseStateToken(ident=token, cls=rx.State))
