"""An evening as it went, to be played again: what every table was at every moment.

The room is read once; what a table looked like at a moment follows from its sittings, their orders'
stamps and the journal, by the same rule as the live floor.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.enums import TableStatus
from models.journal import AuditEntry
from models.ordering import Order
from models.seating import Sitting, SittingMove, Table
from models.visits import Visit
from services.analytics.room_days import Stay
from services.analytics.room_facts import LOOK_BACK, clock_of, stays_of
from services.floor.replay_rules import Happening, Played, play
from services.restaurants.types import RestaurantInfo
from services.seating.turns import UNDONE

_STATUS_STEPS = ("table_status_set", "table_status_undone", "sitting_released")
# Names the table the party came to, and in its data the one it left and what that became.
_MOVED = "sitting_moved"


@dataclass(frozen=True, slots=True)
class Replay:
    """A business day of the room, ready to be scrubbed.

    `first_day` is the earliest one there is anything of; None in an empty restaurant.
    """

    business_day: date
    first_day: date | None
    played: Played


async def load_replay(
    session: AsyncSession, *, restaurant: RestaurantInfo, business_day: date, now: datetime
) -> Replay:
    """One business day, up to the present moment.

    Args:
        session: open transaction.
        restaurant: whose room.
        business_day: which evening.
        now: aware UTC; nothing after it is known.
    """
    start, end = clock_of(restaurant).day(business_day)
    end = min(end, now)
    rows = (
        await session.scalars(
            sa.select(Sitting).where(
                col(Sitting.restaurant_id) == restaurant.id,
                col(Sitting.opened_at) >= start - LOOK_BACK,
                col(Sitting.opened_at) < end,
                sa.or_(col(Sitting.released_at).is_(None), col(Sitting.released_at) > start),
            )
        )
    ).all()
    sittings = [row for row in rows if row.release_reason != UNDONE]
    ids = [row.id for row in sittings]
    numbers = {
        row[0]: row[1]
        for row in await session.execute(
            sa.select(col(Table.id), col(Table.table_number)).where(
                col(Table.restaurant_id) == restaurant.id
            )
        )
    }
    phones = await _phones(session, restaurant.id, ids)
    moves = await _moves(session, restaurant.id, ids)
    orders = await _orders(session, restaurant.id, ids)
    statuses = await _statuses(session, restaurant.id, start, end)
    first = await session.scalar(
        sa.select(sa.func.min(col(Sitting.opened_at))).where(
            col(Sitting.restaurant_id) == restaurant.id
        )
    )
    return Replay(
        business_day=business_day,
        first_day=clock_of(restaurant).day_of(first) if first is not None else None,
        played=play(
            [
                _happening(row, phones.get(row.id, 0), moves.get(row.id, ()), orders, end)
                for row in sittings
            ],
            statuses=statuses,
            numbers=numbers,
            start=start,
            end=end,
        ),
    )


def _happening(
    row: Sitting,
    phones: int,
    moves: Sequence[SittingMove],
    orders: dict[UUID, list[Order]],
    end: datetime,
) -> Happening:
    stays = list(stays_of(row, moves))
    if row.released_at is None:
        # Still there: the last table is theirs until the end of what is known.
        since = moves[-1].moved_at if moves else row.opened_at
        stays.append(Stay(row.table_id, row.area_id, since, end))
    return Happening(
        guest_count=row.party_size or max(1, phones),
        opened_at=row.opened_at,
        released_at=row.released_at,
        stays=tuple(stays),
        orders=tuple(orders.get(row.id, ())),
    )


async def _phones(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Iterable[UUID]
) -> dict[UUID, int]:
    rows = await session.execute(
        sa.select(col(Visit.sitting_id), sa.func.count())
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.sitting_id).in_(list(sitting_ids)),
        )
        .group_by(col(Visit.sitting_id))
    )
    return {sitting_id: int(count) for sitting_id, count in rows if sitting_id is not None}


async def _moves(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Iterable[UUID]
) -> dict[UUID, list[SittingMove]]:
    found: dict[UUID, list[SittingMove]] = defaultdict(list)
    for move in await session.scalars(
        sa.select(SittingMove)
        .where(
            col(SittingMove.restaurant_id) == restaurant_id,
            col(SittingMove.sitting_id).in_(list(sitting_ids)),
        )
        .order_by(col(SittingMove.moved_at), col(SittingMove.id))
    ):
        found[move.sitting_id].append(move)
    return found


async def _orders(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Iterable[UUID]
) -> dict[UUID, list[Order]]:
    found: dict[UUID, list[Order]] = defaultdict(list)
    for order in await session.scalars(
        sa.select(Order)
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id).in_(list(sitting_ids)),
        )
        .order_by(col(Order.placed_at), col(Order.id))
    ):
        if order.sitting_id is not None:
            found[order.sitting_id].append(order)
    return found


async def _statuses(
    session: AsyncSession, restaurant_id: UUID, start: datetime, end: datetime
) -> dict[UUID, list[tuple[datetime, TableStatus]]]:
    """What staff had set by table, the state at the start first."""
    of_tables = (
        col(AuditEntry.restaurant_id) == restaurant_id,
        col(AuditEntry.action).in_(_STATUS_STEPS),
    )
    newest = aliased(AuditEntry)
    later = (
        sa.select(sa.literal(1))
        .where(
            col(newest.restaurant_id) == restaurant_id,
            col(newest.subject_id) == col(AuditEntry.subject_id),
            col(newest.action).in_(_STATUS_STEPS),
            col(newest.happened_at) < start,
            sa.tuple_(col(newest.happened_at), col(newest.id))
            > sa.tuple_(col(AuditEntry.happened_at), col(AuditEntry.id)),
        )
        .exists()
    )
    before = await session.scalars(
        sa.select(AuditEntry).where(*of_tables, col(AuditEntry.happened_at) < start, ~later)
    )
    during = await session.scalars(
        sa.select(AuditEntry)
        .where(
            col(AuditEntry.restaurant_id) == restaurant_id,
            col(AuditEntry.action).in_((*_STATUS_STEPS, _MOVED)),
            col(AuditEntry.happened_at).between(start, end),
        )
        .order_by(col(AuditEntry.happened_at), col(AuditEntry.id))
    )
    found: dict[UUID, list[tuple[datetime, TableStatus]]] = defaultdict(list)
    for entry in [*before, *during]:
        left = entry.data["after"].get("table_id") if entry.action == _MOVED else None
        table_id = UUID(left) if left else entry.subject_id
        if table_id is not None:
            found[table_id].append((max(entry.happened_at, start), _after(entry.data)))
    return found


def _after(data: dict[str, Any]) -> TableStatus:
    """What a step left behind; nobody sits at an occupied table without a sitting."""
    status = TableStatus(data["after"]["status"])
    return TableStatus.AVAILABLE if status is TableStatus.OCCUPIED else status
