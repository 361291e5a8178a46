"""A party sits down: the one way to seat it, from the floor, a reservation or the waitlist."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import TableStatus
from models.journal import AuditEntry
from models.seating import Sitting, Table
from services.accounts.types import Actor
from services.seating import party, party_steps, sittings
from services.seating.errors import TableChangedError, TableOutOfServiceError, TableTakenError
from services.seating.types import TableChange

SEATED = "party_seated"


async def seat_party(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    table_ids: Sequence[UUID],
    party_size: int,
    by: Actor,
    now: datetime,
    joins: bool = False,
) -> TableChange:
    """Seat one party at a table, or at several that are pushed together: they are one from then on.

    Of two people who choose one table the second is told.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose tables.
        table_ids: where; the first leads.
        party_size: people, counted once for all tables.
        by: who seats them.
        now: aware UTC.
        joins: those who sit there already are this party, whose phones were faster.

    Raises:
        UnknownTableError: the restaurant has no such table.
        TableTakenError: somebody sits there, and `joins` was not given.
        TableOutOfServiceError: nobody is seated there.
    """
    held, taken = await _hold(session, restaurant_id, table_ids, joins=joins)
    statuses = {str(table.id): table.status for table in held}
    for table in held:
        # What staff had put there, reserved or cleaning, is over.
        table.status = TableStatus.AVAILABLE
    await session.flush()
    opened = [
        await sittings.join_or_open(
            session, restaurant_id=restaurant_id, table_id=one, now=now, opened_by="staff"
        )
        for one in table_ids
    ]
    bonds = await _bonds(session, restaurant_id, opened)
    lead = await _put_together(session, restaurant_id, opened)
    await sittings.set_party_size(
        session, restaurant_id=restaurant_id, sitting_id=lead.id, party_size=party_size
    )
    first = await session.get_one(Sitting, opened[0], populate_existing=True)
    return await party_steps.noted(
        session,
        first,
        SEATED,
        by=by,
        now=now,
        data={
            "party_size": party_size,
            "opened": [str(one) for one in opened if one not in taken],
            "statuses": statuses,
            # Of everybody in the party now: whom they belonged to before.
            "before": bonds,
        },
    )


async def _hold(
    session: AsyncSession, restaurant_id: UUID, table_ids: Sequence[UUID], *, joins: bool
) -> tuple[list[Table], set[UUID]]:
    """The tables, held until the transaction ends, and the sittings that are open there."""
    if len(table_ids) > 1:
        await party_steps.parties_in_turn(session, restaurant_id)
    # In one order everywhere, and tables before sittings: nobody waits in a circle.
    held = [
        await sittings.lock_table(session, restaurant_id=restaurant_id, table_id=one)
        for one in sorted(table_ids)
    ]
    taken: set[UUID] = set()
    for table in held:
        if table.status == TableStatus.OUT_OF_SERVICE:
            raise TableOutOfServiceError(table=table.table_number)
        found = await sittings.find_open(session, restaurant_id=restaurant_id, table_id=table.id)
        if found is not None and not joins:
            raise TableTakenError(table=table.table_number)
        if found is not None:
            taken.add(found)
    return held, taken


async def _put_together(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Sequence[UUID]
) -> Sitting:
    """Make sittings one party, with whoever belonged to any of them; the one that leads."""
    first = await session.get_one(Sitting, sitting_ids[0], populate_existing=True)
    lead_id = first.joined_to_id or first.id
    for one in sitting_ids[1:]:
        members = await party.members(session, restaurant_id=restaurant_id, sitting_id=one)
        for member in members:
            member.joined_to_id = lead_id if member.id != lead_id else None
    await session.flush()
    return await session.get_one(Sitting, lead_id, populate_existing=True)


async def take_back(
    session: AsyncSession, entry: AuditEntry, *, by: Actor, now: datetime
) -> TableChange:
    """Take a seating back, as part of `tables.undo`: the tables are what they were before.

    Raises:
        TableChangedError: guests have ordered there since, or the party was moved or put together.
    """
    restaurant_id = entry.restaurant_id
    ids = [UUID(one) for one in entry.data["opened"]]
    statuses: dict[str, str] = entry.data["statuses"]
    for table_id in sorted(statuses):
        await sittings.lock_table(session, restaurant_id=restaurant_id, table_id=UUID(table_id))
    rows = await session.scalars(
        sa.select(Sitting)
        .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id).in_(ids))
        .order_by(col(Sitting.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {one.id: one for one in rows}
    before: dict[str, str | None] = entry.data["before"]
    members = await _bonds(session, restaurant_id, ids)
    is_as_left = bool(ids) and all(
        one in found
        and found[one].released_at is None
        and found[one].first_order_at is None
        and str(found[one].table_id) in statuses
        for one in ids
    )
    if not is_as_left or members.keys() != before.keys():
        raise TableChangedError
    for one in members.keys() - {str(gone) for gone in ids}:
        # Whoever sat there before is what they were.
        sitting = await session.get_one(Sitting, UUID(one))
        lead_id = before[one]
        sitting.joined_to_id = UUID(lead_id) if lead_id is not None else None
    changes = [
        await sittings.end(
            session,
            found[one],
            after=TableStatus(statuses[str(found[one].table_id)]),
            now=now,
            by=by,
            reason="undone",
            open_orders=0,
        )
        for one in ids
    ]
    return changes[0]


async def _bonds(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Sequence[UUID]
) -> dict[str, str | None]:
    """Everybody who is one party with any of them, and whom they belong to."""
    found: dict[str, str | None] = {}
    for one in sitting_ids:
        members = await party.members(session, restaurant_id=restaurant_id, sitting_id=one)
        found |= party_steps.bonds(members)
    return found
