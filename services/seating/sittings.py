"""Sittings: one party's use of one table. Every step locks the sitting's row first.

Joining, ordering and releasing at the same moment therefore follow one another: whoever joins a
sitting that is being released waits, and then opens the next one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, TableStatus
from models.ordering import Order
from models.seating import Sitting, Table
from services import journal
from services.accounts.types import Actor
from services.base.upserts import insert
from services.restaurants.types import RestaurantInfo
from services.seating import party
from services.seating.errors import (
    OpenOrdersError,
    SittingOverError,
    TableOutOfServiceError,
    UnknownTableError,
)
from services.seating.types import Seat, TableChange


async def join_or_open(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    table_id: UUID,
    now: datetime,
    opened_by: str = "scan",
) -> UUID:
    """The table's open sitting, or a new one. Any number of phones get the same.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose table.
        table_id: where somebody sits down.
        now: aware UTC; a sign of life of the sitting.
        opened_by: "scan", "order" or "staff".

    Raises:
        UnknownTableError: the restaurant has no such table, or it was taken away.
        TableOutOfServiceError: nobody is seated there; nothing was written.
    """
    await _get_table(session, restaurant_id=restaurant_id, table_id=table_id)
    while True:
        joined = await _touch_open(session, table_id=table_id, now=now)
        if joined is not None:
            return joined
        # Held until the end: the table cannot be archived between here and the new sitting.
        table = await _get_table(
            session, restaurant_id=restaurant_id, table_id=table_id, shared=True
        )
        if table.status == TableStatus.OUT_OF_SERVICE:
            raise TableOutOfServiceError(table=table.table_number)
        opened = await _try_to_open(session, table, now=now, opened_by=opened_by)
        if opened is not None:
            return opened
        # Somebody was faster: their sitting is joined in the next round.


async def touch(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, now: datetime
) -> bool:
    """Note a sign of life; False when the sitting is over."""
    touched = await session.scalar(
        sa.update(Sitting)
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.id) == sitting_id,
            col(Sitting.released_at).is_(None),
        )
        .values(last_activity_at=now)
        .returning(col(Sitting.id))
        .execution_options(synchronize_session=False)
    )
    return touched is not None


async def note_order(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, now: datetime
) -> Seat | None:
    """Note that a sitting orders, a sign of life; where it sits, or None when it is over."""
    noted = await session.execute(
        _NOTE_ORDER, {"whose": restaurant_id, "which": sitting_id, "now": now}
    )
    row: Sequence[Any] | None = noted.first()
    return Seat(*row) if row is not None else None


# Sent with every order: the table itself and built once, or building costs more than sending.
_sittings = Sitting.metadata.tables[Sitting.__tablename__]
_NOW = sa.bindparam("now", type_=_sittings.c.last_activity_at.type)
_NOTE_ORDER = (
    sa.update(_sittings)
    .where(
        _sittings.c.restaurant_id == sa.bindparam("whose"),
        _sittings.c.id == sa.bindparam("which"),
        _sittings.c.released_at.is_(None),
    )
    .values(
        last_activity_at=_NOW,
        first_order_at=sa.func.coalesce(_sittings.c.first_order_at, _NOW),
    )
    .returning(_sittings.c.id, _sittings.c.table_id, _sittings.c.area_id)
)


async def set_party_size(
    session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID, party_size: int | None
) -> None:
    """Note how many people sit there; None when nobody has counted."""
    await session.execute(
        sa.update(Sitting)
        .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == sitting_id)
        .values(party_size=party_size)
    )


async def release(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    sitting_id: UUID,
    now: datetime,
    by: Actor | None = None,
    reason: str = "staff",
    force: bool = False,
    status: TableStatus | None = None,
) -> TableChange:
    """End a sitting, and those of all tables the party sits at: the party has left.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose sitting; decides whether the table is cleaned before the next party.
        sitting_id: an open sitting.
        now: aware UTC.
        by: the staff member; None when the system does it.
        reason: "staff", "orders_completed" or "idle".
        force: release although orders are open; they stay as they are.
        status: what this table is afterwards; by default available, or cleaning where the
            restaurant wants that step and the party has ordered.

    Raises:
        SittingOverError: it is over already.
        OpenOrdersError: orders are open and `force` was not given.
    """
    held = await party.lock_members(session, restaurant_id=restaurant.id, sitting_id=sitting_id)
    open_orders = await count_open_orders(
        session, restaurant_id=restaurant.id, sitting_id=sitting_id
    )
    if open_orders and not force:
        raise OpenOrdersError(count=open_orders)
    changes: dict[UUID, TableChange] = {}
    for sitting in held:
        needs_cleaning = restaurant.uses_cleaning and sitting.first_order_at is not None
        after = TableStatus.CLEANING if needs_cleaning else TableStatus.AVAILABLE
        changes[sitting.id] = await end(
            session,
            sitting,
            after=status or after if sitting.id == sitting_id else after,
            now=now,
            by=by,
            reason=reason,
            open_orders=open_orders,
        )
    others = tuple(one for one in changes if one != sitting_id)
    return replace(changes[sitting_id], others_released=others)


async def find_open(session: AsyncSession, *, restaurant_id: UUID, table_id: UUID) -> UUID | None:
    """The open sitting of a table."""
    return await session.scalar(
        sa.select(col(Sitting.id)).where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id) == table_id,
            col(Sitting.released_at).is_(None),
        )
    )


async def count_open_orders(session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID) -> int:
    """How many orders of a sitting, and of its party, are still somebody's work."""
    return (
        await session.scalar(
            sa.select(sa.func.count())
            .select_from(Order)
            .where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.sitting_id).in_(party.sitting_ids(restaurant_id, sitting_id)),
                col(Order.order_status).in_(OPEN_ORDER_STATUSES),
            )
        )
        or 0
    )


async def lock_table(session: AsyncSession, *, restaurant_id: UUID, table_id: UUID) -> Table:
    """An active table, held until the transaction ends. Tables are locked before sittings.

    Raises:
        UnknownTableError: the restaurant has no such table.
    """
    return await _get_table(session, restaurant_id=restaurant_id, table_id=table_id, lock=True)


async def _get_table(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    table_id: UUID,
    lock: bool = False,
    shared: bool = False,
) -> Table:
    query = sa.select(Table).where(
        col(Table.restaurant_id) == restaurant_id,
        col(Table.id) == table_id,
        col(Table.is_active).is_(True),
    )
    if lock:
        # key_share: rows that merely name the table (an order, a visit) need not wait.
        query = query.with_for_update(key_share=True)
    elif shared:
        query = query.with_for_update(read=True)
    table = await session.scalar(query.execution_options(populate_existing=True))
    if table is None:
        raise UnknownTableError
    return table


async def _touch_open(session: AsyncSession, *, table_id: UUID, now: datetime) -> UUID | None:
    return await session.scalar(
        sa.update(Sitting)
        .where(col(Sitting.table_id) == table_id, col(Sitting.released_at).is_(None))
        .values(last_activity_at=now)
        .returning(col(Sitting.id))
        .execution_options(synchronize_session=False)
    )


async def _try_to_open(
    session: AsyncSession, table: Table, *, now: datetime, opened_by: str
) -> UUID | None:
    row = Sitting(
        restaurant_id=table.restaurant_id,
        table_id=table.id,
        area_id=table.area_id,
        opened_at=now,
        opened_by=opened_by,
        last_activity_at=now,
        created_at=now,
    )
    opened = await session.scalar(
        insert(session, Sitting)
        .values(**row.model_dump())
        .on_conflict_do_nothing(
            index_elements=["table_id"], index_where=sa.text("released_at IS NULL")
        )
        .returning(col(Sitting.id))
    )
    if opened is not None:
        journal.record(
            session,
            restaurant_id=table.restaurant_id,
            by=None,
            action="sitting_opened",
            subject_type="table",
            subject_id=table.id,
            now=now,
            is_guest=opened_by != "staff",
            data={
                "before": {"status": table.status, "sitting_id": None},
                "after": {"status": TableStatus.OCCUPIED, "sitting_id": str(opened)},
                "opened_by": opened_by,
            },
        )
        await session.flush()
    return opened


async def lock_open(session: AsyncSession, *, restaurant_id: UUID, sitting_id: UUID) -> Sitting:
    """An open sitting with its table, both held. Table first, as everywhere: no deadlocks.

    Raises:
        SittingOverError: it was released, or is not this restaurant's.
    """
    mine = sa.and_(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == sitting_id)
    table_id = await session.scalar(sa.select(col(Sitting.table_id)).where(mine))
    if table_id is None:
        raise SittingOverError
    await session.execute(
        sa.select(col(Table.id)).where(col(Table.id) == table_id).with_for_update(key_share=True)
    )
    sitting = await session.scalar(
        sa.select(Sitting)
        .where(mine, col(Sitting.released_at).is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if sitting is None:
        raise SittingOverError
    return sitting


async def end(
    session: AsyncSession,
    sitting: Sitting,
    *,
    after: TableStatus,
    now: datetime,
    by: Actor | None,
    reason: str,
    open_orders: int,
) -> TableChange:
    """Write the end of a sitting that `lock_open` holds; whether it may end was decided before."""
    before = await session.scalar(
        sa.select(col(Table.status)).where(col(Table.id) == sitting.table_id)
    )
    await session.execute(
        sa.update(Table)
        .where(col(Table.id) == sitting.table_id)
        .values(status=after)
        .execution_options(synchronize_session=False)
    )
    sitting.released_at, sitting.release_reason = now, reason
    entry = journal.record(
        session,
        restaurant_id=sitting.restaurant_id,
        by=by,
        action="sitting_released",
        subject_type="table",
        subject_id=sitting.table_id,
        now=now,
        data={
            "before": {"status": before, "sitting_id": str(sitting.id)},
            "after": {"status": after, "sitting_id": None},
            "reason": reason,
            "open_orders": open_orders,
        },
    )
    await session.flush()
    return TableChange(
        restaurant_id=sitting.restaurant_id,
        table_id=sitting.table_id,
        status=after,
        sitting_id=None,
        released_sitting_id=sitting.id,
        entry_id=entry.id,
    )
