"""Encrypting personal data anew under the first key, while guests order.

Rows are gone through in small transactions, restaurant by restaurant. What is under the first key
already is read and left alone, so a run that was stopped is begun again and finishes the rest. A
row that somebody changes at that moment keeps their change.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.customers import Customer
from models.ordering import OrderDelivery
from models.reservations import TableReservation, WaitlistEntry
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.base.secrets import PLATFORM, UnreadableError, encrypt_anew

AT_ONCE = 500
SUFFIX = "_encrypted"
# What the installation keeps for itself, under a key that is no restaurant's.
OWN_TABLES: tuple[sa.Table, ...] = tuple(
    SQLModel.metadata.tables[model.__tablename__] for model in (WhatsAppSender, WhatsAppMessage)
)
# A test holds this against every table there is.
TABLES: tuple[sa.Table, ...] = (
    *(
        SQLModel.metadata.tables[model.__tablename__]
        for model in (Customer, OrderDelivery, TableReservation, WaitlistEntry)
    ),
    *OWN_TABLES,
)


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """Of how many texts: now under the first key, under it before, opened by none."""

    changed: int = 0
    current: int = 0
    unreadable: int = 0

    def __add__(self, other: "Rekeyed") -> "Rekeyed":
        """Both together."""
        return Rekeyed(
            self.changed + other.changed,
            self.current + other.current,
            self.unreadable + other.unreadable,
        )


def encrypted_columns(table: sa.Table) -> tuple[str, ...]:
    """The columns of a table that hold personal data encrypted."""
    return tuple(one.name for one in table.columns if one.name.endswith(SUFFIX))


async def rekey(*, at_once: int = AT_ONCE, writes: bool = True) -> AsyncIterator[Rekeyed]:
    """Go through everything; yields what each small transaction did.

    Args:
        at_once: rows of one transaction.
        writes: False only counts what a run would change.
    """
    async with reading() as session:
        restaurants = list(
            await session.scalars(sa.select(col(Restaurant.id)).order_by(col(Restaurant.id)))
        )
    whose = [(one, table) for one in restaurants for table in TABLES if table not in OWN_TABLES]
    whose += [(PLATFORM, table) for table in OWN_TABLES]
    for owner, table in whose:
        batch = _Batch(owner, table, at_once=at_once, writes=writes)
        while not batch.is_over:
            done = await batch.work()
            if done != Rekeyed():
                yield done


class _Batch:
    """One table of one restaurant, or of the installation itself, in the order of ids."""

    def __init__(self, restaurant_id: UUID, table: sa.Table, *, at_once: int, writes: bool) -> None:
        self.restaurant_id, self.table = restaurant_id, table
        self.columns = encrypted_columns(table)
        self.at_once, self.writes = at_once, writes
        self.is_over = False
        self._last: UUID | None = None
        is_own = restaurant_id == PLATFORM
        self._mine = sa.true() if is_own else table.c.restaurant_id == restaurant_id

    async def work(self) -> Rekeyed:
        """The next rows."""
        if not self.writes:
            async with reading() as session:
                return await self._rows(session)
        async with transaction() as session:
            return await self._rows(session)

    async def _rows(self, session: AsyncSession) -> Rekeyed:
        c = self.table.c
        rows = (
            await session.execute(
                sa.select(c.id, *(c[name] for name in self.columns))
                .where(
                    self._mine,
                    sa.or_(*(c[name].is_not(None) for name in self.columns)),
                    *([c.id > self._last] if self._last is not None else []),
                )
                .order_by(c.id)
                .limit(self.at_once)
            )
        ).all()
        self.is_over = len(rows) < self.at_once
        if rows:
            self._last = rows[-1].id
        done = Rekeyed()
        for name in self.columns:
            done += await self._column(
                session, name, [(row.id, getattr(row, name)) for row in rows]
            )
        return done

    async def _column(
        self, session: AsyncSession, name: str, values: Sequence[tuple[UUID, str | None]]
    ) -> Rekeyed:
        changed: list[dict[str, object]] = []
        current = unreadable = 0
        for row_id, old in values:
            if not old:
                continue
            try:
                new = encrypt_anew(old, restaurant_id=self.restaurant_id)
            except UnreadableError:
                unreadable += 1
                continue
            if new is None:
                current += 1
            else:
                changed.append({"of": row_id, "old": old, "new": new})
        if changed and self.writes:
            c = self.table.c
            await session.execute(
                sa.update(self.table)
                .where(
                    self._mine,
                    c.id == sa.bindparam("of"),
                    # Changed meanwhile: that text is under the first key already, or gone.
                    c[name] == sa.bindparam("old"),
                )
                .values({name: sa.bindparam("new")}),
                changed,
            )
        return Rekeyed(len(changed), current, unreadable)
