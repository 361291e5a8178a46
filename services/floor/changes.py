"""One change of the room: which tables it concerns, and those alone read again.

News say that something changed and name it: a table, a sitting, an order, a call, a visit. What a
change can reach besides is known: the party of the table, before and now, and whoever is expected.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.ordering import Order
from models.seating import Sitting, Table, TableCall
from models.visits import Visit
from services.floor.queries import floor_table, open_sittings, together_of
from services.floor.types import Floor, FloorTable
from services.floor.waiters import tables_with_waiters
from services.reservations.queries import load_due
from services.reservations.types import Due

# News whose change lies at the tables they lead to; any other may have changed everything.
NARROW_NEWS = frozenset(
    {
        "table",
        "order",
        "call",
        "visit",
        "consent",
        "note",
        "reservation",
        "reservations",
        "waitlist",
    }
)
# When so many things changed, the whole room is read as fast.
MOST_SUBJECTS = 40


@dataclass(frozen=True, slots=True)
class FloorChange:
    """The room after a change, and the tables that were read again."""

    floor: Floor
    table_ids: frozenset[UUID]


async def read_change(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    floor: Floor,
    subjects: Collection[UUID],
    now: datetime,
) -> FloorChange | None:
    """The room after some changes, or None when it has to be read whole.

    The number of statements depends neither on the tables of the room nor on the changes.

    Args:
        session: open transaction.
        restaurant_id: whose room.
        floor: the room as it was read before.
        subjects: what changed: ids of tables, sittings, orders, calls or visits.
        now: aware UTC; says who is expected.
    """
    if len(subjects) > MOST_SUBJECTS:
        return None
    found = await _located(session, restaurant_id, subjects) if subjects else set[UUID]()
    touched = await _with_parties(session, restaurant_id, floor, found) if found else found
    due = await load_due(session, restaurant_id=restaurant_id, now=now)
    touched |= {one.id for one in floor.tables if _expected(one) != due.get(one.id)}
    if not touched:
        return FloorChange(floor, frozenset())
    known = {one.id for one in floor.tables}
    rows = await tables_with_waiters(session, restaurant_id=restaurant_id, table_ids=touched)
    if not touched <= known or len(rows) < len(touched):
        return None
    sittings = await open_sittings(session, restaurant_id=restaurant_id, table_ids=touched)
    areas = {area.id: area.waiter for area in floor.areas}
    fresh = {
        row.id: replace(
            floor_table(row, sittings.get(row.id), due.get(row.id)),
            waiter=waiter or areas.get(row.area_id),
        )
        for row, waiter in rows
    }
    tables = _seated_together([fresh.get(one.id, one) for one in floor.tables])
    differ = (new.id for old, new in zip(floor.tables, tables, strict=True) if new is not old)
    return FloorChange(replace(floor, tables=tables), frozenset(differ))


async def _located(
    session: AsyncSession, restaurant_id: UUID, subjects: Collection[UUID]
) -> set[UUID]:
    """The tables that some ids lead to; an order without a table leads to none."""
    at_sittings = sa.union(
        sa.select(col(Order.sitting_id)).where(
            col(Order.restaurant_id) == restaurant_id, col(Order.id).in_(subjects)
        ),
        sa.select(col(TableCall.sitting_id)).where(
            col(TableCall.restaurant_id) == restaurant_id, col(TableCall.id).in_(subjects)
        ),
        sa.select(col(Visit.sitting_id)).where(
            col(Visit.restaurant_id) == restaurant_id, col(Visit.id).in_(subjects)
        ),
    )
    rows = await session.scalars(
        sa.union(
            sa.select(col(Table.id)).where(
                col(Table.restaurant_id) == restaurant_id, col(Table.id).in_(subjects)
            ),
            sa.select(col(Order.table_id)).where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.id).in_(subjects),
                col(Order.table_id).is_not(None),
            ),
            sa.select(col(Sitting.table_id)).where(
                col(Sitting.restaurant_id) == restaurant_id,
                sa.or_(
                    col(Sitting.id).in_(subjects),
                    col(Sitting.id).in_(sa.select(at_sittings.subquery().c.sitting_id)),
                ),
            ),
        )
    )
    return {one for one in rows if one is not None}


async def _with_parties(
    session: AsyncSession, restaurant_id: UUID, floor: Floor, found: set[UUID]
) -> set[UUID]:
    """These tables and all others of the parties that sat or sit at them."""
    before = {one.id: one.sitting.lead_id for one in floor.tables if one.sitting is not None}
    leads = {before[one] for one in found if one in before}
    own = _leads(restaurant_id, found)
    rows = await session.execute(
        sa.select(
            col(Sitting.table_id), sa.func.coalesce(col(Sitting.joined_to_id), col(Sitting.id))
        ).where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.released_at).is_(None),
            sa.or_(
                col(Sitting.id).in_(leads),
                col(Sitting.joined_to_id).in_(leads),
                col(Sitting.id).in_(own),
                col(Sitting.joined_to_id).in_(own),
            ),
        )
    )
    now = {row[0]: row[1] for row in rows}
    leads.update(now.values())
    return found | now.keys() | {one for one, lead in before.items() if lead in leads}


def _leads(restaurant_id: UUID, table_ids: Iterable[UUID]) -> sa.Select[UUID]:
    """The sittings that lead the parties at some tables now, as a subquery."""
    return sa.select(sa.func.coalesce(col(Sitting.joined_to_id), col(Sitting.id))).where(
        col(Sitting.restaurant_id) == restaurant_id,
        col(Sitting.table_id).in_(list(table_ids)),
        col(Sitting.released_at).is_(None),
    )


def _expected(table: FloorTable) -> Due | None:
    """What `load_due` had said of a table."""
    if table.reservation_id is None or table.reserved_at is None or table.reserved_for is None:
        return None
    return Due(table.reservation_id, table.id, table.reserved_at, table.reserved_for)


def _seated_together(tables: Iterable[FloorTable]) -> tuple[FloorTable, ...]:
    """The same tables, each with the others of its party."""
    rows = tuple(tables)
    together = together_of(
        (one.id, one.number, one.sitting.lead_id) for one in rows if one.sitting is not None
    )
    return tuple(
        one
        if one.together == together.get(one.id, ())
        else replace(one, together=together.get(one.id, ()))
        for one in rows
    )
