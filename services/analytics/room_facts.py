"""Reads the sittings and orders of one business day as they are counted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.seating import Sitting, SittingMove
from models.visits import Visit
from services.analytics.room_days import Clock, OrderFact, SittingFact, Stay
from services.restaurants.hours import hours_of
from services.restaurants.types import RestaurantInfo
from services.seating.turns import UNDONE, turn_minutes

# An order belongs to a business day, its sitting may have begun the evening before.
LOOK_BACK = timedelta(days=1)


def clock_of(restaurant: RestaurantInfo) -> Clock:
    """How a restaurant counts its days."""
    hours = hours_of(restaurant)
    return Clock(ZoneInfo(restaurant.time_zone), restaurant.day_cutoff, hours.week, hours.special)


async def read_ratings(
    session: AsyncSession, *, restaurant_id: UUID, clock: Clock, business_day: date
) -> list[tuple[UUID, int]]:
    """Stars that guests of a business day gave, each with the table they sat at."""
    start, end = clock.day(business_day)
    rows = await session.execute(
        sa.select(col(Visit.table_id), col(Visit.stars)).where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.visited_at) >= start,
            col(Visit.visited_at) < end,
            col(Visit.stars).is_not(None),
            col(Visit.table_id).is_not(None),
        )
    )
    return [(table_id, stars) for table_id, stars in rows if table_id and stars]


async def read_day(
    session: AsyncSession, *, restaurant_id: UUID, clock: Clock, business_day: date
) -> tuple[list[SittingFact], list[OrderFact]]:
    """What `count_day` counts: sittings that may touch the day, and its completed orders."""
    start, end = clock.day(business_day)
    in_time = (
        col(Sitting.restaurant_id) == restaurant_id,
        col(Sitting.opened_at) >= start - LOOK_BACK,
        col(Sitting.opened_at) < end,
    )
    rows = (
        await session.execute(
            sa.select(
                col(Sitting.id),
                col(Sitting.table_id),
                col(Sitting.area_id),
                col(Sitting.opened_at),
                col(Sitting.released_at),
                col(Sitting.opened_by),
                col(Sitting.first_order_at),
                col(Sitting.release_reason),
                col(Sitting.party_size),
            ).where(*in_time)
        )
    ).all()
    wanted = sa.select(col(Sitting.id)).where(*in_time)
    phone_counts = await session.execute(
        sa.select(col(Visit.sitting_id), sa.func.count())
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.sitting_id).in_(wanted))
        .group_by(col(Visit.sitting_id))
    )
    phones = {row[0]: row[1] for row in phone_counts}
    moves: dict[UUID, list[SittingMove]] = defaultdict(list)
    for move in await session.scalars(
        sa.select(SittingMove)
        .where(
            col(SittingMove.restaurant_id) == restaurant_id,
            col(SittingMove.sitting_id).in_(wanted),
        )
        .order_by(col(SittingMove.moved_at), col(SittingMove.id))
    ):
        moves[move.sitting_id].append(move)
    sittings = [
        _sitting(row, row.party_size or max(1, phones.get(row.id, 0)), moves.get(row.id, ()))
        for row in rows
        if row.release_reason != UNDONE
    ]
    return sittings, await _orders(session, restaurant_id, business_day)


def stays_of(sitting: Any, moves: Sequence[SittingMove]) -> tuple[Stay, ...]:  # noqa: ANN401 - a row
    """Where a party sat when; open ended while it is there, and then without its last stay.

    Args:
        sitting: a sitting's row: table, area, opened and released.
        moves: of this sitting, in order of time.
    """
    found: list[Stay] = []
    start = sitting.opened_at
    for move in moves:
        found.append(Stay(move.from_table_id, move.from_area_id, start, move.moved_at))
        start = move.moved_at
    if sitting.released_at is not None:
        found.append(Stay(sitting.table_id, sitting.area_id, start, sitting.released_at))
    return tuple(found)


def _sitting(row: Any, guest_count: int, moves: Sequence[SittingMove]) -> SittingFact:  # noqa: ANN401
    minutes = turn_minutes(row)
    return SittingFact(
        id=row.id,
        table_id=row.table_id,
        area_id=row.area_id,
        opened_at=row.opened_at,
        released_at=row.released_at,
        turn_minutes=None if minutes is None else int(minutes),
        guest_count=guest_count,
        stays=stays_of(row, moves),
    )


async def _orders(
    session: AsyncSession, restaurant_id: UUID, business_day: date
) -> list[OrderFact]:
    rows = await session.execute(
        sa.select(
            col(Order.sitting_id),
            col(Order.table_id),
            col(Order.area_id),
            col(Order.total_minor),
            col(Order.placed_at),
            col(Order.accepted_at),
            col(Order.ready_at),
            col(Order.served_at),
            col(Order.completed_at),
        ).where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.business_day) == business_day,
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.table_id).is_not(None),
            col(Order.area_id).is_not(None),
        )
    )
    return [OrderFact(*row) for row in rows]
