"""The state of a table, set by hand, with undo. The log keeps before and after of every step."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import TableStatus
from models.seating import Sitting, Table
from services import journal
from services.accounts.types import Actor
from services.restaurants.types import RestaurantInfo
from services.seating import moving, reopening, sittings, unmoving, welcoming
from services.seating.errors import TableChangedError
from services.seating.types import TableChange

_UNDOABLE = ("table_status_set", "sitting_released", welcoming.SEATED, *unmoving.UNDOABLE)
# What makes an earlier step of a table past.
_STEPS = (*_UNDOABLE, "table_status_undone", "sitting_opened", moving.SPLIT)


async def set_status(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    status: TableStatus,
    by: Actor,
    now: datetime,
    force: bool = False,
) -> TableChange:
    """Staff say what a table is.

    Occupied opens a sitting; anything else releases the one that is open.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose table.
        table_id: an active table.
        status: what it is from now on.
        by: who says so.
        now: aware UTC.
        force: release although orders are open.

    Raises:
        UnknownTableError: the restaurant has no such table.
        OpenOrdersError: orders are open and `force` was not given; nothing was written.
    """
    table = await sittings.lock_table(session, restaurant_id=restaurant.id, table_id=table_id)
    before_sitting = await sittings.find_open(
        session, restaurant_id=restaurant.id, table_id=table_id
    )
    before_status = table.status
    after_sitting, released = before_sitting, None
    if status is TableStatus.OCCUPIED:
        await _write_status(session, table_id, TableStatus.AVAILABLE)
        after_sitting = await sittings.join_or_open(
            session, restaurant_id=restaurant.id, table_id=table_id, now=now, opened_by="staff"
        )
    else:
        if before_sitting is not None:
            await sittings.release(
                session,
                restaurant=restaurant,
                sitting_id=before_sitting,
                now=now,
                by=by,
                force=force,
                status=status,
            )
        await _write_status(session, table_id, status)
        after_sitting, released = None, before_sitting
    return await _note(
        session,
        restaurant=restaurant,
        table_id=table_id,
        action="table_status_set",
        before=(before_status, before_sitting),
        after=(status, after_sitting),
        released=released,
        by=by,
        now=now,
    )


async def undo(
    session: AsyncSession, *, restaurant: RestaurantInfo, entry_id: UUID, by: Actor, now: datetime
) -> TableChange:
    """Take back a change of a table or its party, as long as nothing else has happened to it.

    Raises:
        TableChangedError: the table is not what that step left behind, or there was no such step.
        TableTakenError: the next party sits there already.
    """
    entry = await journal.find_entry(
        session, restaurant_id=restaurant.id, entry_id=entry_id, actions=_UNDOABLE
    )
    if entry is None or entry.subject_id is None:
        raise TableChangedError
    if entry.action in unmoving.UNDOABLE:
        return await unmoving.take_back(session, entry, by=by, now=now)
    if entry.action == welcoming.SEATED:
        return await welcoming.take_back(session, entry, by=by, now=now)
    table = await sittings.lock_table(
        session, restaurant_id=restaurant.id, table_id=entry.subject_id
    )
    # The table may look as that step left it and yet have had other guests in between.
    if not await journal.is_last(session, entry, actions=_STEPS):
        raise TableChangedError
    current = await sittings.find_open(session, restaurant_id=restaurant.id, table_id=table.id)
    before_status, before_sitting = _state(entry.data["before"])
    after_status, after_sitting = _state(entry.data["after"])
    has_changed = current != after_sitting or (current is None and table.status != after_status)
    if has_changed:
        raise TableChangedError
    if before_sitting is not None and before_sitting != current:
        await reopening.reopen(
            session, restaurant_id=restaurant.id, sitting_id=before_sitting, now=now
        )
    if current is not None and before_sitting is None:
        await _close_unused(session, restaurant=restaurant, sitting_id=current, by=by, now=now)
    await _write_status(session, table.id, before_status)
    return await _note(
        session,
        restaurant=restaurant,
        table_id=table.id,
        action="table_status_undone",
        before=(after_status, current),
        after=(before_status, before_sitting),
        released=current if before_sitting is None else None,
        by=by,
        now=now,
    )


async def set_note(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    table_id: UUID,
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    """Keep a note about a table ("wobbles", "near the socket"); at most 500 characters are kept.

    Raises:
        UnknownTableError: the restaurant has no such table.
    """
    table = await sittings.lock_table(session, restaurant_id=restaurant_id, table_id=table_id)
    before, table.notes = table.notes, note.strip()[:500]
    journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action="table_note_set",
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={"before": before, "after": table.notes},
    )
    await session.flush()


async def _close_unused(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    sitting_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """End the sitting that the step to undo had opened, unless guests have ordered there."""
    ordered = await session.scalar(
        sa.select(col(Sitting.first_order_at)).where(col(Sitting.id) == sitting_id)
    )
    if ordered is not None:
        raise TableChangedError
    await sittings.release(
        session, restaurant=restaurant, sitting_id=sitting_id, now=now, by=by, reason="undone"
    )


async def _note(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    action: str,
    before: tuple[str, UUID | None],
    after: tuple[str, UUID | None],
    released: UUID | None,
    by: Actor,
    now: datetime,
) -> TableChange:
    entry = journal.record(
        session,
        restaurant_id=restaurant.id,
        by=by,
        action=action,
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={"before": _as_data(before), "after": _as_data(after)},
    )
    await session.flush()
    return TableChange(
        restaurant_id=restaurant.id,
        table_id=table_id,
        status=TableStatus(after[0]),
        sitting_id=after[1],
        released_sitting_id=released,
        entry_id=entry.id,
    )


def _as_data(state: tuple[str, UUID | None]) -> dict[str, str | None]:
    status, sitting_id = state
    return {"status": str(status), "sitting_id": str(sitting_id) if sitting_id else None}


def _state(data: dict[str, Any]) -> tuple[TableStatus, UUID | None]:
    sitting_id = data["sitting_id"]
    return TableStatus(data["status"]), UUID(sitting_id) if sitting_id else None


async def _write_status(session: AsyncSession, table_id: UUID, status: TableStatus) -> None:
    await session.execute(
        sa.update(Table)
        .where(col(Table.id) == table_id)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
