"""Who of the staff looked at which guest, when, from which screen.

Opening a card must not wait for a writer: notes are gathered in the process and written together,
a second later at most. Handing data out (an export, a file) is noted in its own transaction, so
that nothing leaves without its line.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.customers import Customer
from models.privacy import CustomerAccess
from services.accounts.types import Actor
from services.base.database import transaction
from services.base.errors import SmartMenuError

log = structlog.get_logger()
GATHER_SECONDS = 1.0
# A card that stays open and reads itself again is looked at once.
SAME_LOOK = timedelta(minutes=10)
MOST_WAITING = 1000


class Access(StrEnum):
    """What somebody saw or took."""

    CARD = "card"
    # One guest's file.
    EXPORT = "export"
    LIST_EXPORT = "list_export"
    # A search by a whole phone number, name or e-mail address.
    SEARCH = "search"
    ERASE_PREVIEW = "erase_preview"


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One line of the log, newest first. `alias` is empty for more than one guest."""

    id: UUID
    what: Access
    screen: str
    by_name: str
    customer_id: UUID | None
    alias: str
    guest_count: int
    opened_at: datetime


async def record(
    session: AsyncSession,
    *,
    by: Actor,
    what: Access,
    screen: str,
    customer_id: UUID | None,
    guest_count: int = 1,
    now: datetime,
) -> None:
    """Note one look in the caller's transaction: for whatever leaves the screen.

    Args:
        session: open transaction; flushed, not committed.
        by: who looks.
        what: what is looked at or taken.
        screen: the page's short name, as "customers".
        customer_id: whose; None for more than one guest.
        guest_count: how many guests a file or search holds.
        now: aware UTC.
    """
    session.add(_row(by, what, screen, customer_id, guest_count, now))
    await session.flush()


class AccessLog:
    """The looks of one process that are not written yet."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        self._waiting: list[CustomerAccess] = []
        self._last: dict[tuple[UUID, UUID | None, Access, int], datetime] = {}
        self._writer: asyncio.Task[None] | None = None

    def note(
        self,
        *,
        by: Actor,
        what: Access,
        screen: str,
        customer_id: UUID | None,
        now: datetime,
        guest_count: int = 1,
        apart: int = 0,
    ) -> None:
        """Note a look from inside an event loop; the caller waits for nothing.

        The same look of the same person counts once in ten minutes.

        Args:
            by: who looks.
            what: what is looked at.
            screen: the page's short name.
            customer_id: whose; None for a search.
            now: aware UTC.
            guest_count: how many guests a search found.
            apart: tells two looks apart that are otherwise the same; not written.
        """
        key = (by.user_id, customer_id, what, apart)
        last = self._last.get(key)
        if last is not None and timedelta(0) <= now - last < SAME_LOOK:
            return
        if len(self._last) >= MOST_WAITING:
            self._last.clear()
        self._last[key] = now
        self._waiting.append(_row(by, what, screen, customer_id, guest_count, now))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())

    async def flush(self) -> None:
        """Write what is noted; a server that stops calls it."""
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        try:
            async with transaction() as session:
                session.add_all(rows)
        except SmartMenuError:
            # The database is away for a moment: keep the newest for the next time.
            self._waiting = [_again(row) for row in rows[-MOST_WAITING:]] + self._waiting
            log.warning("accesses_not_written", count=len(rows))

    async def _write_soon(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER_SECONDS)
            await self.flush()


looks = AccessLog()


async def page(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    before: datetime | None = None,
    limit: int = 50,
) -> tuple[AccessRow, ...]:
    """The newest lines of a restaurant's log, or those before a moment.

    Args:
        session: for reading.
        restaurant_id: whose log.
        before: the moment of the last line of the page before.
        limit: lines of a page, at most 200.
    """
    rows = await session.execute(
        sa.select(CustomerAccess, col(User.name), col(Customer.alias), col(Customer.erased_at))
        .join(User, col(User.id) == col(CustomerAccess.user_id))
        .outerjoin(Customer, col(Customer.id) == col(CustomerAccess.customer_id))
        .where(
            col(CustomerAccess.restaurant_id) == restaurant_id,
            *([col(CustomerAccess.opened_at) < before] if before is not None else []),
        )
        .order_by(col(CustomerAccess.opened_at).desc(), col(CustomerAccess.id).desc())
        .limit(min(limit, 200))
    )
    return tuple(
        AccessRow(
            id=row.id,
            what=Access(row.what),
            screen=row.screen,
            by_name=name,
            customer_id=row.customer_id if erased_at is None else None,
            alias=(alias or "") if erased_at is None else "",
            guest_count=row.guest_count,
            opened_at=row.opened_at,
        )
        for row, name, alias, erased_at in rows
    )


async def times_opened(
    session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]
) -> tuple[int, datetime | None]:
    """How often staff opened or handed out these records, and when last: for the guest."""
    count, last = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.max(col(CustomerAccess.opened_at))).where(
                col(CustomerAccess.restaurant_id) == restaurant_id,
                col(CustomerAccess.customer_id).in_(ids),
            )
        )
    ).one()
    return count, last


def _row(
    by: Actor,
    what: Access,
    screen: str,
    customer_id: UUID | None,
    guest_count: int,
    now: datetime,
) -> CustomerAccess:
    return CustomerAccess(
        restaurant_id=by.restaurant_id,
        customer_id=customer_id,
        user_id=by.user_id,
        what=what,
        screen=screen[:40],
        guest_count=guest_count,
        opened_at=now,
        created_at=now,
    )


def _again(row: CustomerAccess) -> CustomerAccess:
    """A row that no session holds."""
    return CustomerAccess(**row.model_dump())
