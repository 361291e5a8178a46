"""Reads of the room.

A snapshot asks for open sittings and their orders only, however long the history is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CallKind, OrderStatus, TableStatus
from models.ordering import Order
from models.seating import Area, Sitting, Table, TableCall
from models.visits import Visit
from services.floor.drawn import box_of, drawn_table
from services.floor.layout import lay_out
from services.floor.rules import phase_of
from services.floor.types import (
    Floor,
    FloorArea,
    FloorCall,
    FloorOrder,
    FloorTable,
    OpenSitting,
    Waiter,
)
from services.floor.waiters import areas_with_waiters, tables_with_waiters
from services.reservations.queries import load_due
from services.reservations.types import Due


async def load_floor(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime | None = None
) -> Floor:
    """The room as it is now: active areas and tables, their open sittings and open orders.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        now: aware UTC; tables of parties that come soon are reserved. Without it nobody comes.
    """
    areas = await areas_with_waiters(session, restaurant_id=restaurant_id)
    known = {area.id: waiter for area, waiter in areas}
    found = [
        (table, waiter or known[table.area_id])
        for table, waiter in await tables_with_waiters(session, restaurant_id=restaurant_id)
        if table.area_id in known
    ]
    found.sort(key=lambda one: _natural(one[0].table_number))
    rows = [table for table, _ in found]
    sittings = await open_sittings(session, restaurant_id=restaurant_id)
    due = await load_due(session, restaurant_id=restaurant_id, now=now) if now else {}
    together = together_of(
        (row.id, row.table_number, sittings[row.id].lead_id) for row in rows if row.id in sittings
    )
    plan = lay_out(
        [(area.id, box_of(area)) for area, _ in areas], [drawn_table(row) for row in rows]
    )
    return Floor(
        plan=plan,
        areas=tuple(_area(area, rows, waiter) for area, waiter in areas),
        tables=tuple(
            replace(
                floor_table(row, sittings.get(row.id), due.get(row.id)),
                waiter=waiter,
                together=together.get(row.id, ()),
            )
            for row, waiter in found
        ),
    )


async def open_sittings(
    session: AsyncSession, *, restaurant_id: UUID, table_ids: Collection[UUID] | None = None
) -> dict[UUID, OpenSitting]:
    """Open sittings by table.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        table_ids: only these tables'.
    """
    wanted = [col(Sitting.restaurant_id) == restaurant_id, col(Sitting.released_at).is_(None)]
    if table_ids is not None:
        wanted.append(col(Sitting.table_id).in_(table_ids))
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
            col(Order.paid_at),
        )
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.sitting_id).in_(ids))
        .order_by(col(Order.placed_at), col(Order.id))
    ):
        orders[order.sitting_id].append(order)
    calls: dict[UUID, list[TableCall]] = defaultdict(list)
    for call in await session.scalars(
        sa.select(TableCall)
        .where(
            col(TableCall.restaurant_id) == restaurant_id,
            col(TableCall.sitting_id).in_(ids),
            # That the bill was asked for still counts when somebody is on the way with it.
            sa.or_(col(TableCall.answered_at).is_(None), col(TableCall.kind) == str(CallKind.BILL)),
        )
        .order_by(col(TableCall.called_at), col(TableCall.id))
    ):
        calls[call.sitting_id].append(call)
    return {
        row.table_id: _sitting(row, aliases[row.id], orders[row.id], calls[row.id]) for row in rows
    }


async def table_numbers(
    session: AsyncSession, *, restaurant_id: UUID, table_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Numbers of some tables."""
    rows = await session.execute(
        sa.select(col(Table.id), col(Table.table_number)).where(
            col(Table.restaurant_id) == restaurant_id, col(Table.id).in_(table_ids)
        )
    )
    return {row[0]: row[1] for row in rows}


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
        reservation_id=due.reservation_id if due is not None else None,
        reserved_for=due.party_size if due is not None else None,
    )


def _sitting(
    row: Sitting, aliases: list[str], orders: Sequence[Any], calls: Sequence[TableCall]
) -> OpenSitting:
    statuses = [OrderStatus(order.order_status) for order in orders]
    alive = [order for order, status in zip(orders, statuses, strict=True) if not status.is_refused]
    # Somebody may have come from another table since the others paid.
    has_debts = any(order.paid_at is None for order in alive)
    bills = [call.called_at for call in calls if call.kind == CallKind.BILL]
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
        phase=phase_of(
            statuses,
            last_order_at=max((order.placed_at for order in alive), default=None),
            bill_called_at=max(bills, default=None),
            paid_at=None if has_debts else row.paid_at,
        ),
        lead_id=row.joined_to_id or row.id,
        calls=tuple(
            FloorCall(call.id, CallKind(call.kind), call.called_at)
            for call in calls
            if call.answered_at is None
        ),
        paid_at=row.paid_at,
    )


def together_of(
    seated: Iterable[tuple[UUID, str, UUID | None]],
) -> dict[UUID, tuple[str, ...]]:
    """For every table of a party of several, the numbers of the others.

    Args:
        seated: occupied tables in the order of the room: id, number, the sitting that leads.
    """
    parties: dict[UUID | None, list[tuple[UUID, str]]] = defaultdict(list)
    for table_id, number, lead_id in seated:
        parties[lead_id].append((table_id, number))
    return {
        table_id: tuple(number for other, number in party if other != table_id)
        for party in parties.values()
        for table_id, _ in party
        if len(party) > 1
    }


def _area(area: Area, tables: Sequence[Table], waiter: Waiter | None) -> FloorArea:
    own = [table for table in tables if table.area_id == area.id]
    return FloorArea(
        id=area.id,
        name=area.name,
        area_type=area.area_type,
        table_count=len(own),
        seat_count=sum(table.capacity for table in own),
        waiter=waiter,
        outline=_outline(area),
    )


def _outline(area: Area) -> tuple[tuple[float, float], ...]:
    corners: list[list[float]] = area.floor_plan_coordinates.get("outline") or []
    return tuple((float(x), float(y)) for x, y in corners)


def _natural(number: str) -> tuple[str, int, str]:
    """B2 before B10."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return letters, int(digits) if digits.isdecimal() else 0, number
