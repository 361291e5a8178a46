"""The Reflex app: pages, and the HTTP edge in front of them."""

import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from reflex.istate.manager.redis import (
    NOTIFY_KEYSPACE_EVENTS,
    StateManagerRedis,
    enable_keyspace_notifications,
)

import pages
from components.broken import broken_page
from services import live
from services.base import database
from services.base.settings import settings
from services.jobs import messages, runner
from services.privacy.access import looks
from smartmenu.gate import Gate
from smartmenu.http.edge import edge
from smartmenu.leavers import keep_open_tabs_forever
from smartmenu.reports import keep_words_out_of_logs, report, report_frontend
from smartmenu.rush import limit_tabs
from smartmenu.sampling import sample_forever
from smartmenu.sockets import socket_server
from smartmenu.wires import hang_up_all

keep_words_out_of_logs()


async def _connect_anew() -> None:
    """After Valkey was away: it may have forgotten the tabs, and that it announces their locks."""
    manager = app.state_manager
    if isinstance(manager, StateManagerRedis):
        with contextlib.suppress(*live.OUTAGES):
            await enable_keyspace_notifications(manager.redis, NOTIFY_KEYSPACE_EVENTS)
    await hang_up_all()


@contextlib.asynccontextmanager
async def _serving() -> AsyncIterator[None]:
    """What runs in every web process as long as it serves."""
    import asyncio

    listener = asyncio.create_task(live.listen(on_return=_connect_anew))
    sampler = asyncio.create_task(sample_forever(app))
    keeper = asyncio.create_task(keep_open_tabs_forever(app))
    async with runner.running() if settings().jobs_inside else contextlib.nullcontext():
        yield
    await messages.finish()
    listener.cancel()
    sampler.cancel()
    keeper.cancel()
    await looks.flush()
    await live.close()
    await database.dispose()


# Without Reflex's toasts and connection overlay: screens show both in their own look, and guests
# load less.
app = rx.App(
    sio=socket_server(),
    api_transformer=edge,
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): lambda _stateful: broken_page()},
    backend_exception_handler=report,
    frontend_exception_handler=report_frontend,
)
limit_tabs(app)
app.add_middleware(Gate())
app.register_lifespan_task(_serving)
pages.add_all(app)
