"""A guest asks staff to come: once is enough, however often they tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import CallKind
from models.seating import Sitting, TableCall
from models.visits import Visit
from services import journal
from services.accounts.types import Actor
from services.base.upserts import insert
from services.identity.types import Guest
from services.seating.errors import NotSeatedError, SittingOverError, UnknownCallError
from services.seating.types import CallChange


@dataclass(frozen=True, slots=True)
class LastCall:
    """What a guest's table asked for; somebody is on the way since `answered_at`."""

    kind: CallKind
    called_at: datetime
    answered_at: datetime | None


async def call(session: AsyncSession, *, guest: Guest, kind: CallKind, now: datetime) -> bool:
    """Ask staff to come to the guest's table.

    Args:
        session: open transaction; flushed, not committed.
        guest: somebody at a table.
        kind: what for.
        now: aware UTC.

    Returns:
        False when the table has called for it already and waits.

    Raises:
        NotSeatedError: the guest sits nowhere, or the table was released.
    """
    is_open = guest.sitting_id is not None and await session.scalar(
        sa.select(sa.literal(1)).where(
            col(Sitting.restaurant_id) == guest.restaurant_id,
            col(Sitting.id) == guest.sitting_id,
            col(Sitting.released_at).is_(None),
        )
    )
    if not is_open:
        raise NotSeatedError
    made = await session.scalar(
        insert(session, TableCall)
        .values(
            id=new_id(),
            created_at=now,
            restaurant_id=guest.restaurant_id,
            sitting_id=guest.sitting_id,
            kind=kind,
            called_at=now,
        )
        .on_conflict_do_nothing(
            index_elements=["sitting_id", "kind"], index_where=sa.text("answered_at IS NULL")
        )
        .returning(col(TableCall.id))
    )
    return made is not None


async def answer(
    session: AsyncSession, *, restaurant_id: UUID, call_id: UUID, by: Actor, now: datetime
) -> CallChange:
    """Somebody goes there. A call that was answered a moment ago by somebody else stays theirs.

    Raises:
        UnknownCallError: the restaurant has no such call.
    """
    found = await session.scalar(
        sa.select(TableCall).where(
            col(TableCall.restaurant_id) == restaurant_id, col(TableCall.id) == call_id
        )
    )
    if found is None:
        raise UnknownCallError
    answered = await session.scalar(
        sa.update(TableCall)
        .where(col(TableCall.id) == call_id, col(TableCall.answered_at).is_(None))
        .values(answered_at=now, answered_by_id=by.user_id)
        .returning(col(TableCall.sitting_id))
        .execution_options(synchronize_session=False)
    )
    change = CallChange(restaurant_id, found.sitting_id)
    if answered is None:
        return change
    table_id = await session.scalar(
        sa.select(col(Sitting.table_id)).where(col(Sitting.id) == answered)
    )
    journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action="call_answered",
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={"call_id": str(call_id), "kind": found.kind},
    )
    await session.flush()
    return change


async def last_calls(
    session: AsyncSession, *, restaurant_id: UUID, visit_id: UUID
) -> tuple[LastCall, ...] | None:
    """What a guest's table has called for, one of a kind: the last.

    Args:
        session: open transaction.
        restaurant_id: whose guest.
        visit_id: the guest; they may have been seated elsewhere since they came.

    Returns:
        None for a guest who sits nowhere.
    """
    sitting_id = await session.scalar(
        sa.select(col(Sitting.id))
        .join(Visit, col(Visit.sitting_id) == col(Sitting.id))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.id) == visit_id,
            col(Sitting.released_at).is_(None),
        )
    )
    if sitting_id is None:
        return None
    rows = await session.scalars(
        sa.select(TableCall)
        .where(
            col(TableCall.restaurant_id) == restaurant_id,
            col(TableCall.sitting_id) == sitting_id,
        )
        .order_by(col(TableCall.called_at), col(TableCall.id))
    )
    last = {row.kind: LastCall(CallKind(row.kind), row.called_at, row.answered_at) for row in rows}
    return tuple(last.values())


async def ask_for_bill(
    session: AsyncSession, *, restaurant_id: UUID, table_id: UUID, by: Actor, now: datetime
) -> CallChange:
    """A guest asked staff for the bill in words: a call that somebody is on the way with.

    Raises:
        SittingOverError: nobody sits there.
    """
    sitting_id = await session.scalar(
        sa.select(col(Sitting.id)).where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id) == table_id,
            col(Sitting.released_at).is_(None),
        )
    )
    if sitting_id is None:
        raise SittingOverError
    await answer_bills(
        session, restaurant_id=restaurant_id, sitting_ids=[sitting_id], by=by, now=now
    )
    session.add(
        TableCall(
            restaurant_id=restaurant_id,
            sitting_id=sitting_id,
            kind=CallKind.BILL,
            called_at=now,
            answered_at=now,
            answered_by_id=by.user_id,
            created_at=now,
        )
    )
    journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action="bill_asked",
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={"sitting_id": str(sitting_id)},
    )
    await session.flush()
    return CallChange(restaurant_id, sitting_id)


async def answer_bills(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    sitting_ids: Sequence[UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Whoever waits for the bill gets it."""
    await session.execute(
        sa.update(TableCall)
        .where(
            col(TableCall.restaurant_id) == restaurant_id,
            col(TableCall.sitting_id).in_(sitting_ids),
            col(TableCall.kind) == str(CallKind.BILL),
            col(TableCall.answered_at).is_(None),
        )
        .values(answered_at=now, answered_by_id=by.user_id)
        .execution_options(synchronize_session=False)
    )
