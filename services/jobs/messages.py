"""Who delivers what of the outbox, and who works on what came in."""

import asyncio
import contextlib
from datetime import datetime, timedelta

from services.base import clock
from services.base.database import reading, transaction
from services.base.settings import settings
from services.expiry_notices import delivering, planning
from services.inbox import messages as inbox
from services.inbox.types import Workers
from services.inbox.working import work_due
from services.jobs import mail
from services.ordering import deliveries
from services.outbox import messages as outbox
from services.outbox.delivery import deliver_due
from services.outbox.types import Handlers
from services.reports import mailing
from services.reservations import reminders
from services.whatsapp import confirming, notices, saying, sending, tokens, working
from services.whatsapp import inbox as whatsapp_inbox

FINISH_SECONDS = 3
# How long words to guests wait while others of them write.
PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.1
# By kind. A channel adds its line here: this is the one place that knows them all.
HANDLERS: Handlers = {
    **dict.fromkeys(reminders.KINDS, mail.deliver_reservation),
    mailing.KIND: mail.deliver_report,
    saying.KIND: sending.deliver,
    notices.KIND: notices.deliver,
    confirming.KIND: confirming.deliver,
    planning.KIND: delivering.deliver,
}
# By source, the most urgent first.
WORKERS: Workers = dict.fromkeys(whatsapp_inbox.SOURCES, working.work)


async def deliver_outbox(now: datetime) -> None:
    """Deliver what is due, when no guest waits to be heard."""
    await deliver_due(now, handlers=HANDLERS, give_way=_hear_guests_first)


async def _hear_guests_first() -> None:
    """An order goes before the words about others; but those wait only for moments."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + PATIENCE_SECONDS
    while loop.time() < ends_at and not settings().inbox_paused:
        async with reading() as session:
            sources = (whatsapp_inbox.SOURCE,)
            if not await inbox.has_due(session, sources=sources, now=clock.now()):
                return
        await asyncio.sleep(LOOK_SECONDS)


async def next_in_seconds(now: datetime, *, within: timedelta) -> float | None:
    """How long until something of the outbox is due, as a message that waits for its turn."""
    async with reading() as session:
        moment = await outbox.find_soonest(session, kinds=HANDLERS.keys(), now=now, within=within)
    return None if moment is None else (moment - now).total_seconds()


async def work_inbox(now: datetime) -> None:
    """Work on what came in, unless that is paused."""
    if settings().inbox_paused:
        return
    await work_due(now, workers=WORKERS)


async def finish() -> None:
    """Before a process ends: let the answers go out that nobody would send again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FINISH_SECONDS):
            await sending.sent()


async def purge_messages(now: datetime) -> None:
    """Delete what was delivered, worked on or given up long ago."""
    async with transaction() as session:
        await outbox.purge(session, now=now)
        await inbox.purge(session, now=now)
        await tokens.purge(session, now=now)
        await saying.purge(session, now=now)
        await deliveries.purge(session, now=now)
