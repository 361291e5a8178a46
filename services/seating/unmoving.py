"""Taking back what staff did with parties: a move, tables put together, a table taken out.

The journal's entry knows what was before and what came of it; when anything else has happened to
those sittings since, nothing is taken back.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import TableStatus
from models.journal import AuditEntry
from models.seating import Sitting, Table
from services import journal
from services.accounts.types import Actor
from services.base.locks import all_or_none
from services.seating import moving, party_steps, reopening, sittings
from services.seating.errors import TableChangedError, UnknownTableError
from services.seating.types import TableChange

UNDOABLE = (moving.MOVED, moving.JOINED, moving.PARTED)


async def take_back(
    session: AsyncSession, entry: AuditEntry, *, by: Actor, now: datetime
) -> TableChange:
    """Take back one step with a party, as part of `tables.undo`.

    Args:
        session: open transaction; flushed, not committed.
        entry: one of `UNDOABLE`, of the restaurant of whoever asks.
        by: who takes it back.
        now: aware UTC.

    Raises:
        TableChangedError: something has happened there since.
        TableTakenError: the next party sits at a table that this step had freed.
    """
    if entry.action == moving.MOVED:
        sitting = await _move_back(session, entry, by=by, now=now)
    else:
        sitting = await _bind_again(session, entry, by=by, now=now)
    await session.refresh(sitting)
    done = journal.record(
        session,
        restaurant_id=entry.restaurant_id,
        by=by,
        action=f"{entry.action}_undone",
        subject_type="table",
        subject_id=sitting.table_id,
        now=now,
        data={"entry_id": str(entry.id), "sitting_id": str(sitting.id)},
    )
    await session.flush()
    return TableChange(
        restaurant_id=entry.restaurant_id,
        table_id=sitting.table_id,
        status=TableStatus.OCCUPIED if sitting.released_at is None else TableStatus.AVAILABLE,
        sitting_id=sitting.id,
        released_sitting_id=None,
        entry_id=done.id,
    )


async def _move_back(
    session: AsyncSession, entry: AuditEntry, *, by: Actor, now: datetime
) -> Sitting:
    del by
    before, after = entry.data["before"], entry.data["after"]
    origin_id, goal_id = UUID(before["table_id"]), UUID(after["table_id"])

    async def hold() -> dict[UUID, Table]:
        held = await _lock_tables(session, entry.restaurant_id, (origin_id, goal_id))
        await party_steps.hold_people(session, entry.restaurant_id, held)
        return held

    held = await all_or_none(session, hold)
    origin, goal = held[origin_id], held[goal_id]
    (sitting,) = await _lock_sittings(
        session, entry.restaurant_id, (UUID(entry.data["sitting_id"]),)
    )
    taken = await sittings.find_open(session, restaurant_id=entry.restaurant_id, table_id=origin_id)
    is_as_left = (
        sitting.released_at is None
        and sitting.table_id == goal_id
        and taken is None
        and origin.status == after["status"]
    )
    if not is_as_left:
        raise TableChangedError
    session.add(party_steps.step(sitting, origin, now))
    sitting.table_id, sitting.area_id, sitting.last_activity_at = origin.id, origin.area_id, now
    origin.status, goal.status = before["left_status"], before["status"]
    await session.flush()
    await party_steps.bring_along(session, sitting)
    return sitting


async def _bind_again(
    session: AsyncSession, entry: AuditEntry, *, by: Actor, now: datetime
) -> Sitting:
    """Give every sitting the bond it had before; open what was ended, end what was opened."""
    before, after = entry.data["before"], entry.data["after"]
    ended, opened = entry.data.get("ended", []), entry.data.get("opened", [])
    ids = [UUID(one) for one in {**after, **dict.fromkeys(opened)}]
    table_ids = await session.scalars(
        sa.select(col(Sitting.table_id)).where(
            col(Sitting.restaurant_id) == entry.restaurant_id, col(Sitting.id).in_(ids)
        )
    )
    await _lock_tables(session, entry.restaurant_id, set(table_ids))
    found = {str(one.id): one for one in await _lock_sittings(session, entry.restaurant_id, ids)}
    if any(not _is_as_left(found[one], bond, one in ended) for one, bond in after.items()):
        raise TableChangedError
    if await _is_joined_since(session, entry.restaurant_id, [UUID(one) for one in after]):
        raise TableChangedError
    for one in ended:
        await reopening.reopen(
            session, restaurant_id=entry.restaurant_id, sitting_id=UUID(one), now=now
        )
    for one, bond in before.items():
        found[one].joined_to_id = UUID(bond) if bond is not None else None
    await session.flush()
    for one in opened:
        await _end_unused(session, found[one], by=by, now=now)
    return found[entry.data["sitting_id"]]


def _is_as_left(sitting: Sitting, bond: str | None, was_ended: bool) -> bool:
    is_bound = sitting.joined_to_id == (UUID(bond) if bond is not None else None)
    return is_bound and (sitting.released_at is not None) is was_ended


async def _is_joined_since(
    session: AsyncSession, restaurant_id: UUID, ids: Collection[UUID]
) -> bool:
    """Whether another table was put to one of them: its bond would hang in the air."""
    found = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.joined_to_id).in_(ids),
            col(Sitting.id).not_in(ids),
            col(Sitting.released_at).is_(None),
        )
        .limit(1)
    )
    return found is not None


async def _end_unused(session: AsyncSession, sitting: Sitting, *, by: Actor, now: datetime) -> None:
    """A table that was opened for the party alone is free again; its first guests keep it."""
    if sitting.released_at is not None or await party_steps.is_used(session, sitting):
        return
    await sittings.end(
        session,
        sitting,
        after=TableStatus.AVAILABLE,
        now=now,
        by=by,
        reason="undone",
        open_orders=0,
    )


async def _lock_tables(
    session: AsyncSession, restaurant_id: UUID, table_ids: Iterable[UUID]
) -> dict[UUID, Table]:
    try:
        return {
            one: await sittings.lock_table(session, restaurant_id=restaurant_id, table_id=one)
            for one in sorted(table_ids)
        }
    except UnknownTableError as error:
        raise TableChangedError from error


async def _lock_sittings(
    session: AsyncSession, restaurant_id: UUID, ids: Iterable[UUID]
) -> list[Any]:
    rows = await session.scalars(
        sa.select(Sitting)
        .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id).in_(list(ids)))
        .order_by(col(Sitting.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(rows)
