"""Replacing printed codes: one, an area's or all, and taking that back."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import CodeKind
from models.seating import Table, TableCode
from services import journal
from services.accounts.types import Actor
from services.codes.codes import made_of, store_codes
from services.codes.errors import CodesChangedError, UnknownCodeError
from services.codes.types import Replaced

_ACTION = "code_rotated"


async def replace_code(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    code_id: UUID,
    by: Actor | None,
    now: datetime,
    rng: Random,
) -> Replaced:
    """Replace one code.

    Raises:
        UnknownCodeError: it is not this restaurant's, or was replaced already.
    """
    which = [col(TableCode.id) == code_id]
    done = await _replace(session, which, restaurant_id=restaurant_id, by=by, now=now, rng=rng)
    if not done.made:
        raise UnknownCodeError
    return done


async def replace_area(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    area_id: UUID,
    by: Actor | None,
    now: datetime,
    rng: Random,
    seen_at: datetime | None = None,
) -> Replaced:
    """Replace the codes of an area and of every table that stands in it.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose codes.
        area_id: the area; nothing is replaced when it is not this restaurant's.
        by: who does it.
        now: aware UTC.
        rng: makes the codes; edges pass `random.SystemRandom()`.
        seen_at: when the codes were looked at; what somebody made since then stays.
    """
    there = sa.select(col(Table.id)).where(
        col(Table.restaurant_id) == restaurant_id, col(Table.area_id) == area_id
    )
    which = [
        sa.or_(
            sa.and_(col(TableCode.kind) == CodeKind.AREA, col(TableCode.area_id) == area_id),
            col(TableCode.table_id).in_(there),
        ),
        *_not_newer(seen_at),
    ]
    return await _replace(session, which, restaurant_id=restaurant_id, by=by, now=now, rng=rng)


async def replace_all(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    by: Actor | None,
    now: datetime,
    rng: Random,
    seen_at: datetime | None = None,
) -> Replaced:
    """Replace every code of the room; those of campaigns are printed elsewhere and stay.

    `seen_at` as in `replace_area`: of two people who ask at once, one makes the new codes.
    """
    which = [col(TableCode.kind) != CodeKind.CAMPAIGN, *_not_newer(seen_at)]
    return await _replace(session, which, restaurant_id=restaurant_id, by=by, now=now, rng=rng)


async def undo_replacing(session: AsyncSession, *, entry_id: UUID, by: Actor, now: datetime) -> int:
    """Bring the codes back that were replaced at once, and take its new ones out of use.

    A code whose successor has been replaced or retired since stays as it is.

    Returns:
        How many codes are back.

    Raises:
        CodesChangedError: there is nothing left to take back.
    """
    entry = await journal.find_entry(
        session, restaurant_id=by.restaurant_id, entry_id=entry_id, actions=(_ACTION,)
    )
    if entry is None:
        raise CodesChangedError
    replaced = {UUID(new): UUID(old) for old, new in entry.data["replaced"].items()}
    # The update decides, as in `_replace`: a second undo at the same moment finds nothing.
    ended = await session.scalars(
        sa.update(TableCode)
        .where(
            col(TableCode.restaurant_id) == by.restaurant_id,
            col(TableCode.id).in_(replaced),
            col(TableCode.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .returning(col(TableCode.id))
        .execution_options(synchronize_session=False)
    )
    undone = {new: replaced[new] for new in ended}
    back = list(undone.values())
    if not back:
        raise CodesChangedError
    # The new ones are replaced in their turn: they cannot be taken into use beside the old.
    await session.execute(
        sa.update(TableCode), [{"id": new, "replaced_by_id": old} for new, old in undone.items()]
    )
    await session.execute(
        sa.update(TableCode)
        .where(col(TableCode.restaurant_id) == by.restaurant_id, col(TableCode.id).in_(back))
        .values(revoked_at=None, replaced_by_id=None)
        .execution_options(synchronize_session=False)
    )
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="code_rotation_undone",
        subject_type="table_code",
        subject_id=None,
        now=now,
        data={"entry_id": str(entry_id), "count": len(back)},
    )
    await session.flush()
    return len(back)


def _not_newer(seen_at: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [col(TableCode.created_at) <= seen_at] if seen_at is not None else []


async def _replace(
    session: AsyncSession,
    which: Sequence[sa.ColumnElement[bool]],
    *,
    restaurant_id: UUID,
    by: Actor | None,
    now: datetime,
    rng: Random,
) -> Replaced:
    # The update decides: of two people who replace at once, one makes the new code.
    revoked = (
        await session.execute(
            sa.update(TableCode)
            .where(
                col(TableCode.restaurant_id) == restaurant_id,
                col(TableCode.revoked_at).is_(None),
                *which,
            )
            .values(revoked_at=now)
            .returning(
                col(TableCode.id),
                col(TableCode.kind),
                col(TableCode.table_id),
                col(TableCode.area_id),
                col(TableCode.label),
                col(TableCode.category_id),
            )
            .execution_options(synchronize_session=False)
        )
    ).all()
    if not revoked:
        return Replaced(made=(), entry_id=None)
    successors = {
        old_id: TableCode(
            restaurant_id=restaurant_id,
            kind=kind,
            code="",
            table_id=table_id,
            area_id=area_id,
            label=label,
            category_id=category_id,
            created_at=now,
        )
        for old_id, kind, table_id, area_id, label, category_id in revoked
    }
    await store_codes(session, list(successors.values()), rng)
    await session.execute(
        sa.update(TableCode),
        [{"id": old, "replaced_by_id": new.id} for old, new in successors.items()],
    )
    entry = journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action=_ACTION,
        subject_type="table_code",
        subject_id=revoked[0].id if len(revoked) == 1 else None,
        now=now,
        data={"replaced": {str(old): str(new.id) for old, new in successors.items()}},
    )
    entry.id = entry.id or new_id()
    await session.flush()
    made = tuple(made_of(new, replaced=old) for old, new in successors.items())
    return Replaced(made=made, entry_id=entry.id)
