"""Messages that come in at the same time are kept with one statement and one commit.

A commit costs the database as much as a hundred rows: while one is under way the next messages
gather, and whoever sent them waits for no longer than two commits.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from services.base.database import transaction
from services.inbox import messages
from services.inbox.types import Letter

MOST_AT_ONCE = 200
MOST_BYTES = 8 * 1024 * 1024


@dataclass(slots=True)
class _Waiting:
    letter: Letter
    is_new: asyncio.Future[bool]


_gathered: list[_Waiting] = []
_storing: set[asyncio.Task[None]] = set()


async def keep(*, source: str, external_id: str, body: bytes, now: datetime) -> bool:
    """Keep one message for good; a repeated one changes nothing.

    Args:
        source: who sends, as "whatsapp"; its signature was checked.
        external_id: the sender's id of it, the same when it is sent again.
        body: as it came in.
        now: aware UTC.

    Returns:
        Whether it was new.

    Raises:
        UnavailableError: the database is locked or away; nothing of it was kept.
    """
    is_new: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    _gathered.append(_Waiting(Letter(source, external_id, body, now), is_new))
    _begin()
    return await is_new


def _begin() -> None:
    if _gathered and not _storing:
        task = asyncio.get_running_loop().create_task(_store())
        _storing.add(task)
        task.add_done_callback(_ended)


def _ended(task: asyncio.Task[None]) -> None:
    """Whoever came after the last look of a task that was about to end is not forgotten."""
    _storing.discard(task)
    if task.cancelled():
        # The process ends: nobody is told that anything was kept.
        _gathered.clear()
    else:
        _begin()


async def _store() -> None:
    """Keep what has gathered until nothing is left."""
    while _gathered:
        together = _take()
        try:
            # Whoever sends is told within milliseconds, or sends it all again.
            async with transaction(is_urgent=True) as session:
                new = await messages.store_all(session, letters=[one.letter for one in together])
        except BaseException as failure:
            for one in together:
                if not one.is_new.done():
                    one.is_new.set_exception(failure)
            if not isinstance(failure, Exception):
                raise
            continue
        for one in together:
            # Who hung up meanwhile is told nothing; the same message twice is new once.
            if not one.is_new.done():
                key = (one.letter.source, one.letter.external_id)
                one.is_new.set_result(key in new)
                new.discard(key)


def _take() -> list[_Waiting]:
    """The oldest ones, as many as fit into one statement."""
    count = byte_count = 0
    for one in _gathered[:MOST_AT_ONCE]:
        byte_count += len(one.letter.body)
        if count and byte_count > MOST_BYTES:
            break
        count += 1
    together = _gathered[:count]
    del _gathered[:count]
    return together
