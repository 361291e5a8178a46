"""Parties that move, sit at several tables (`party`), part again, or send some guests elsewhere.

Rows only change the sitting they name: no order line is ever copied, lost or sent again.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, TableStatus
from models.ordering import Order
from models.seating import Sitting
from models.visits import Visit
from services.accounts.types import Actor
from services.restaurants.types import RestaurantInfo
from services.seating import first_orders, party_steps, sittings
from services.seating.errors import (
    AlreadyTogetherError,
    NotTogetherError,
    SittingOverError,
    TableOutOfServiceError,
    TableTakenError,
    UnknownGuestError,
)
from services.seating.party import members
from services.seating.types import TableChange

MOVED, JOINED, PARTED, SPLIT = "sitting_moved", "tables_joined", "tables_parted", "guests_moved"


async def move(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    to_table_id: UUID,
    by: Actor,
    now: datetime,
) -> TableChange:
    """Seat the party of one table at a free one, with its guests and the orders still to come.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose tables.
        table_id: where the party sits.
        to_table_id: where it goes.
        by: who moves it.
        now: aware UTC.

    Raises:
        SameTableError: both are the same.
        UnknownTableError: the restaurant has no such table.
        SittingOverError: nobody sits there any more.
        TableTakenError: somebody sits at the other table; the tables can be put together instead.
        TableOutOfServiceError: nobody is seated there.
    """
    here, there = await party_steps.lock_both(session, restaurant.id, table_id, to_table_id)
    sitting = await party_steps.sitting_at(session, restaurant.id, here)
    if sitting is None:
        raise SittingOverError
    if await party_steps.sitting_at(session, restaurant.id, there) is not None:
        raise TableTakenError(table=there.table_number)
    if there.status == TableStatus.OUT_OF_SERVICE:
        raise TableOutOfServiceError(table=there.table_number)
    needs_cleaning = restaurant.uses_cleaning and sitting.first_order_at is not None
    left_as = TableStatus.CLEANING if needs_cleaning else TableStatus.AVAILABLE
    before = {"table_id": str(here.id), "status": there.status, "left_status": here.status}
    session.add(party_steps.step(sitting, there, now))
    sitting.table_id, sitting.area_id, sitting.last_activity_at = there.id, there.area_id, now
    here.status, there.status = left_as, TableStatus.AVAILABLE
    await session.flush()
    await party_steps.bring_along(session, sitting)
    return await party_steps.noted(
        session,
        sitting,
        MOVED,
        by=by,
        now=now,
        data={"before": before, "after": {"table_id": str(there.id), "status": left_as}},
    )


async def join(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    to_table_id: UUID,
    by: Actor,
    now: datetime,
) -> TableChange:
    """Put a table together with another: one party from now on, whoever sat at either.

    A free table is opened for the party. The other table's party leads.

    Raises:
        SameTableError, UnknownTableError, TableOutOfServiceError: as in `move`.
        AlreadyTogetherError: they are one party.
    """
    here, there = await party_steps.lock_both(session, restaurant.id, table_id, to_table_id)
    sat = [await party_steps.sitting_at(session, restaurant.id, one) for one in (there, here)]
    opened = [
        await sittings.join_or_open(
            session, restaurant_id=restaurant.id, table_id=one.id, now=now, opened_by="staff"
        )
        for one in (there, here)
    ]
    leading, joining = [await session.get_one(Sitting, one) for one in opened]
    lead_id = leading.joined_to_id or leading.id
    if lead_id == (joining.joined_to_id or joining.id):
        raise AlreadyTogetherError
    # Whoever belonged to the joining table's party comes along.
    was_lead_id = joining.joined_to_id or joining.id
    before = party_steps.bonds(
        await members(session, restaurant_id=restaurant.id, sitting_id=joining.id)
    )
    await session.execute(
        sa.update(Sitting)
        .where(
            col(Sitting.restaurant_id) == restaurant.id,
            sa.or_(col(Sitting.id) == was_lead_id, col(Sitting.joined_to_id) == was_lead_id),
            col(Sitting.released_at).is_(None),
        )
        .values(joined_to_id=lead_id)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(joining)
    was_there = {str(one.id) for one in sat if one is not None}
    return await party_steps.noted(
        session,
        joining,
        JOINED,
        by=by,
        now=now,
        data={
            "lead_sitting_id": str(lead_id),
            "before": before,
            "after": dict.fromkeys(before, str(lead_id)),
            "opened": [str(one) for one in opened if str(one) not in was_there],
        },
    )


async def part(
    session: AsyncSession, *, restaurant: RestaurantInfo, table_id: UUID, by: Actor, now: datetime
) -> TableChange:
    """Take one table out of its party again, with everything that was ordered there.

    When it led, the table that was opened first leads the others. A table at which nobody sits and
    nothing was ordered is free again.

    Raises:
        UnknownTableError: the restaurant has no such table. SittingOverError: nobody sits there.
        NotTogetherError: it stands alone.
    """
    await party_steps.parties_in_turn(session, restaurant.id)
    table = await sittings.lock_table(session, restaurant_id=restaurant.id, table_id=table_id)
    sitting = await party_steps.sitting_at(session, restaurant.id, table)
    if sitting is None:
        raise SittingOverError
    party = await members(session, restaurant_id=restaurant.id, sitting_id=sitting.id)
    others = [one for one in party if one.id != sitting.id]
    if not others:
        raise NotTogetherError
    lead = sitting.joined_to_id or others[0].id
    before = party_steps.bonds(party)
    for one in others:
        one.joined_to_id = None if one.id == lead else lead
    sitting.joined_to_id = None
    await session.flush()
    emptied = [
        one
        for one in (sitting, *others)
        if (one is sitting or len(others) == 1) and not await party_steps.is_used(session, one)
    ]
    change = await party_steps.noted(
        session,
        sitting,
        PARTED,
        by=by,
        now=now,
        data={
            "lead_sitting_id": str(lead),
            "before": before,
            "after": party_steps.bonds(party),
            "ended": [str(one.id) for one in emptied],
        },
    )
    for one in emptied:
        await sittings.end(
            session,
            one,
            after=TableStatus.AVAILABLE,
            now=now,
            by=by,
            reason="parted",
            open_orders=0,
        )
    return change


async def split(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    visit_ids: Collection[UUID],
    to_table_id: UUID,
    by: Actor,
    now: datetime,
) -> TableChange:
    """Seat some guests of a table at another one, with everything they ordered in this sitting.

    A free table is opened for them; at a taken one they join whoever sits there.

    Raises:
        SameTableError, UnknownTableError, SittingOverError, TableOutOfServiceError: as in `move`.
        UnknownGuestError: one of them does not sit at the table, or nobody was named.
    """
    here, there = await party_steps.lock_both(session, restaurant.id, table_id, to_table_id)
    sitting = await party_steps.sitting_at(session, restaurant.id, here)
    if sitting is None:
        raise SittingOverError
    wanted = set(visit_ids)
    theirs = sa.and_(
        col(Visit.restaurant_id) == restaurant.id,
        col(Visit.sitting_id) == sitting.id,
        col(Visit.id).in_(wanted),
    )
    found = (await session.scalars(sa.select(col(Visit.id)).where(theirs))).all()
    if not wanted or set(found) != wanted:
        raise UnknownGuestError
    opened = await sittings.join_or_open(
        session, restaurant_id=restaurant.id, table_id=there.id, now=now, opened_by="staff"
    )
    await session.execute(
        sa.update(Visit)
        .where(theirs)
        .values(sitting_id=opened, table_id=there.id, area_id=there.area_id)
        .execution_options(synchronize_session=False)
    )
    ordered = sa.and_(
        col(Order.restaurant_id) == restaurant.id,
        col(Order.sitting_id) == sitting.id,
        col(Order.visit_id).in_(wanted),
    )
    await session.execute(
        sa.update(Order)
        .where(ordered, col(Order.order_status).in_(OPEN_ORDER_STATUSES))
        .values(table_id=there.id, area_id=there.area_id)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        sa.update(Order)
        .where(ordered)
        .values(sitting_id=opened)
        .execution_options(synchronize_session=False)
    )
    for one in (sitting.id, opened):
        await first_orders.recount_first_order(session, restaurant_id=restaurant.id, sitting_id=one)
    joined = await session.get_one(Sitting, opened, populate_existing=True)
    return await party_steps.noted(
        session,
        joined,
        SPLIT,
        by=by,
        now=now,
        data={"from_sitting_id": str(sitting.id), "visit_ids": sorted(map(str, wanted))},
    )
