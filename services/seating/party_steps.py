"""What every step with a party needs: tables held, people brought along, a journal entry."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, TableStatus
from models.ordering import Order
from models.seating import Sitting, SittingMove, Table
from models.visits import Visit
from services import journal
from services.accounts.types import Actor
from services.base.locks import all_or_none, one_at_a_time
from services.seating import sittings
from services.seating.errors import SameTableError
from services.seating.types import TableChange


async def lock_both(
    session: AsyncSession, restaurant_id: UUID, table_id: UUID, to_table_id: UUID
) -> tuple[Table, Table]:
    """Two different active tables with whoever sits there, held until the transaction ends.

    Raises:
        SameTableError: they are one.
        UnknownTableError: the restaurant has no such table.
    """
    if table_id == to_table_id:
        raise SameTableError
    await parties_in_turn(session, restaurant_id)

    async def hold() -> dict[UUID, Table]:
        # In one order everywhere, or two people who swap parties wait for each other.
        held = {
            one: await sittings.lock_table(session, restaurant_id=restaurant_id, table_id=one)
            for one in sorted((table_id, to_table_id))
        }
        await hold_people(session, restaurant_id, held)
        return held

    held = await all_or_none(session, hold)
    return held[table_id], held[to_table_id]


async def hold_people(
    session: AsyncSession, restaurant_id: UUID, table_ids: Collection[UUID]
) -> None:
    """Hold the parties of tables with their visits and orders, at once: see `locks.all_or_none`.

    Whoever orders holds their visit before the sitting, and the board an order before the tables;
    here it is the other way round.
    """
    found = await session.scalars(
        sa.select(col(Sitting.id))
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id).in_(table_ids),
            col(Sitting.released_at).is_(None),
        )
        .order_by(col(Sitting.id))
        .with_for_update(key_share=True)
    )
    ids = found.all()
    for row in (Visit, Order):
        await session.execute(
            sa.select(col(row.id))
            .where(col(row.restaurant_id) == restaurant_id, col(row.sitting_id).in_(ids))
            .with_for_update(key_share=True, nowait=True)
        )


async def parties_in_turn(session: AsyncSession, restaurant_id: UUID) -> None:
    """Let the steps of a restaurant's parties follow one another.

    A step holds the tables it names, not all those of both parties: two at once would leave a party
    whose leader has a leader.
    """
    await one_at_a_time(session, f"party:{restaurant_id}")


def bonds(party: Iterable[Sitting]) -> dict[str, str | None]:
    """Which sitting each of them is joined to, as the journal keeps it."""
    return {
        str(one.id): str(one.joined_to_id) if one.joined_to_id is not None else None
        for one in party
    }


def step(sitting: Sitting, there: Table, now: datetime) -> SittingMove:
    """Where the party was before, for whoever counts tables or looks back."""
    return SittingMove(
        restaurant_id=sitting.restaurant_id,
        sitting_id=sitting.id,
        from_table_id=sitting.table_id,
        from_area_id=sitting.area_id,
        to_table_id=there.id,
        to_area_id=there.area_id,
        moved_at=now,
        created_at=now,
    )


async def sitting_at(session: AsyncSession, restaurant_id: UUID, table: Table) -> Sitting | None:
    """The open sitting of a table, held."""
    return await session.scalar(
        sa.select(Sitting)
        .where(
            col(Sitting.restaurant_id) == restaurant_id,
            col(Sitting.table_id) == table.id,
            col(Sitting.released_at).is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def bring_along(session: AsyncSession, sitting: Sitting) -> None:
    """Guests sit where their sitting is, and what is not served yet is carried there."""
    place = {"table_id": sitting.table_id, "area_id": sitting.area_id}
    await session.execute(
        sa.update(Visit)
        .where(
            col(Visit.restaurant_id) == sitting.restaurant_id, col(Visit.sitting_id) == sitting.id
        )
        .values(**place)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == sitting.restaurant_id,
            col(Order.sitting_id) == sitting.id,
            col(Order.order_status).in_(OPEN_ORDER_STATUSES),
        )
        .values(**place)
        .execution_options(synchronize_session=False)
    )


async def is_used(session: AsyncSession, sitting: Sitting) -> bool:
    """Whether somebody sits there by phone, was counted there, or ordered there."""
    if sitting.first_order_at is not None or sitting.party_size is not None:
        return True
    found = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(Visit.restaurant_id) == sitting.restaurant_id,
            col(Visit.sitting_id) == sitting.id,
        )
        .limit(1)
    )
    return found is not None


async def noted(
    session: AsyncSession,
    sitting: Sitting,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: dict[str, object],
) -> TableChange:
    """Write what was done into the journal, as the table's last step."""
    entry = journal.record(
        session,
        restaurant_id=sitting.restaurant_id,
        by=by,
        action=action,
        subject_type="table",
        subject_id=sitting.table_id,
        now=now,
        data={"sitting_id": str(sitting.id)} | data,
    )
    await session.flush()
    return TableChange(
        restaurant_id=sitting.restaurant_id,
        table_id=sitting.table_id,
        status=TableStatus.OCCUPIED,
        sitting_id=sitting.id,
        released_sitting_id=None,
        entry_id=entry.id,
    )
