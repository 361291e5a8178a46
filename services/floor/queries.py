"""Reads of the room.

A snapshot asks for open sittings and their orders only, however long the history is.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus, TableStatus
from models.ordering import Order
from models.seating import Area, Sitting, Table
from models.visits import Visit
from services.floor.layout import Box, DrawnTable, lay_out
from services.floor.rules import phase_of
from services.floor.types import Floor, FloorArea, FloorOrder, FloorTable, OpenSitting
from services.reservations.queries import load_due
from services.reservations.types import Due

_SIDES = ("x", "y", "width", "height")


async def load_floor(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime | None = None
) -> Floor:
    """The room as it is now: active areas and tables, their open sittings and open orders.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        now: aware UTC; tables of parties that come soon are reserved. Without it nobody comes.
    """
    areas = (
        await session.scalars(
            sa.select(Area)
            .where(col(Area.restaurant_id) == restaurant_id, col(Area.is_active))
            .order_by(col(Area.position), col(Area.id))
        )
    ).all()
    known = {area.id for area in areas}
    rows = [
        table
        for table in await session.scalars(
            sa.select(Table).where(col(Table.restaurant_id) == restaurant_id, col(Table.is_active))
        )
        if table.area_id in known
    ]
    rows.sort(key=lambda table: _natural(table.table_number))
    sittings = await open_sittings(session, restaurant_id=restaurant_id)
    due = await load_due(session, restaurant_id=restaurant_id, now=now) if now else {}
    plan = lay_out([(area.id, _box(area)) for area in areas], [_drawn(row) for row in rows])
    return Floor(
        plan=plan,
        areas=tuple(_area(area, rows) for area in areas),
        tables=tuple(floor_table(row, sittings.get(row.id), due.get(row.id)) for row in rows),
    )


async def open_sittings(
    session: AsyncSession, *, restaurant_id: UUID, table_id: UUID | None = None
) -> dict[UUID, OpenSitting]:
    """Open sittings by table.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        table_id: only this table's.
    """
    wanted = [col(Sitting.restaurant_id) == restaurant_id, col(Sitting.released_at).is_(None)]
    if table_id is not None:
        wanted.append(col(Sitting.table_id) == table_id)
    rows = (await session.scalars(sa.select(Sitting).where(*wanted))).all()
    ids = sa.select(col(Sitting.id)).where(*wanted)
    aliases: dict[UUID, list[str]] = defaultdict(list)
    for sitting_id, alias in await session.execute(
        sa.select(col(Visit.sitting_id), col(Visit.guest_alias))
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.sitting_id).in_(ids))
        .order_by(col(Visit.visited_at), col(Visit.id))
    ):
        if sitting_id is not None:
            aliases[sitting_id].append(alias)
    orders: dict[UUID, list[Any]] = defaultdict(list)
    for order in await session.execute(
        sa.select(
            col(Order.sitting_id),
            col(Order.id),
            col(Order.number),
            col(Order.order_status),
            col(Order.placed_at),
            col(Order.ready_at),
        )
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.sitting_id).in_(ids))
        .order_by(col(Order.placed_at), col(Order.id))
    ):
        orders[order.sitting_id].append(order)
    return {row.table_id: _sitting(row, aliases[row.id], orders[row.id]) for row in rows}


def floor_table(row: Table, sitting: OpenSitting | None, due: Due | None = None) -> FloorTable:
    """A table with its effective state."""
    status = TableStatus(row.status)
    if sitting is not None:
        status = TableStatus.OCCUPIED
    elif status is TableStatus.OCCUPIED:
        # Nobody sits there: the word was left behind by an import or an older release.
        status = TableStatus.AVAILABLE
    if status is TableStatus.AVAILABLE and due is not None:
        status = TableStatus.RESERVED
    return FloorTable(
        id=row.id,
        area_id=row.area_id,
        number=row.table_number,
        name=row.table_name or "",
        seats=row.capacity,
        status=status,
        sitting=sitting,
        reserved_at=due.starts_at if due is not None else None,
    )


def _sitting(row: Sitting, aliases: list[str], orders: Sequence[Any]) -> OpenSitting:
    statuses = [OrderStatus(order.order_status) for order in orders]
    return OpenSitting(
        id=row.id,
        opened_at=row.opened_at,
        party_size=row.party_size,
        aliases=tuple(aliases),
        orders=tuple(
            FloorOrder(order.id, order.number, status, order.placed_at, order.ready_at)
            for order, status in zip(orders, statuses, strict=True)
            if status.is_open
        ),
        phase=phase_of(statuses),
    )


def _area(area: Area, tables: Sequence[Table]) -> FloorArea:
    own = [table for table in tables if table.area_id == area.id]
    return FloorArea(
        id=area.id,
        name=area.name,
        area_type=area.area_type,
        table_count=len(own),
        seat_count=sum(table.capacity for table in own),
    )


def _box(area: Area) -> Box | None:
    place = area.floor_plan_coordinates
    if not all(isinstance(place.get(side), int | float) for side in _SIDES):
        return None
    return Box(**{side: float(place[side]) for side in _SIDES})


def _drawn(row: Table) -> DrawnTable:
    return DrawnTable(
        id=row.id,
        area_id=row.area_id,
        x=row.floor_plan_x,
        y=row.floor_plan_y,
        width=row.floor_plan_width,
        height=row.floor_plan_height,
        rotation=row.floor_plan_rotation,
        shape=row.shape,
        seats=row.capacity,
    )


def _natural(number: str) -> tuple[str, int, str]:
    """B2 before B10."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return letters, int(digits) if digits.isdecimal() else 0, number
