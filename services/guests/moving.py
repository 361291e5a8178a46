"""Which rows go with a guest when two become one, and how they go there and back."""

from collections.abc import Collection
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink, MergeEntry
from models.loyalty import CustomerReward, LoyaltyPoint, LoyaltyReferral
from models.ordering import Order
from models.privacy import ContactChoice, CustomerAccess
from models.profiles import CustomerNote, CustomerTag
from models.reservations import TableReservation
from models.visits import Visit

OwnedRow: TypeAlias = (
    type[Visit]
    | type[Order]
    | type[CustomerEvent]
    | type[Consent]
    | type[IdentityLink]
    | type[TableReservation]
    | type[CustomerNote]
    | type[CustomerTag]
    | type[ContactChoice]
    | type[CustomerAccess]
    | type[LoyaltyPoint]
    | type[LoyaltyReferral]
    | type[CustomerReward]
)
MOVED_TABLES: tuple[OwnedRow, ...] = (
    Visit,
    Order,
    CustomerEvent,
    Consent,
    IdentityLink,
    TableReservation,
    CustomerNote,
    CustomerTag,
    ContactChoice,
    CustomerAccess,
    LoyaltyPoint,
    LoyaltyReferral,
    CustomerReward,
)
# These know no visit: what came to them since cannot be told apart.
_WITHOUT_VISIT = (
    Visit,
    IdentityLink,
    TableReservation,
    CustomerNote,
    CustomerTag,
    ContactChoice,
    CustomerAccess,
    LoyaltyPoint,
    LoyaltyReferral,
    CustomerReward,
)
_CHUNK = 500


async def hold_rows(session: AsyncSession, *, restaurant_id: UUID, ids: Collection[UUID]) -> None:
    """Hold what will go with some guests, at once or not at all: see `locks.all_or_none`.

    Whoever changes a visit or an order and then counts its guest holds the row before the record;
    here it is the other way round. Events are only added: nobody holds them.
    """
    for table in MOVED_TABLES:
        if table is not CustomerEvent:
            await session.execute(
                sa.select(col(table.id))
                .where(col(table.restaurant_id) == restaurant_id, col(table.customer_id).in_(ids))
                .with_for_update(key_share=True, nowait=True)
            )


async def move_all(
    session: AsyncSession,
    table: OwnedRow,
    *,
    kept: Customer,
    merged: Customer,
) -> list[str]:
    """Give a table's rows to the kept customer; returns the ids of what was given."""
    mine = [col(table.restaurant_id) == kept.restaurant_id, col(table.customer_id) == merged.id]
    if table is CustomerTag:
        # A tag that both have stays where it is: nobody sees it there, and unmerge finds it.
        theirs = sa.select(col(CustomerTag.tag)).where(col(CustomerTag.customer_id) == kept.id)
        mine.append(col(CustomerTag.tag).not_in(theirs))
    moved = await session.scalars(
        sa.update(table)
        .where(*mine)
        .values(customer_id=kept.id)
        .returning(col(table.id))
        .execution_options(synchronize_session=False)
    )
    return sorted(str(one) for one in moved)


async def move_back(session: AsyncSession, table: OwnedRow, entry: MergeEntry) -> None:
    """Only what still is with the kept customer: rows that were forgotten since stay forgotten."""

    async def give(which: sa.ColumnElement[bool]) -> None:
        await session.execute(
            sa.update(table)
            .where(
                col(table.restaurant_id) == entry.restaurant_id,
                col(table.customer_id) == entry.kept_customer_id,
                which,
            )
            .values(customer_id=entry.merged_customer_id)
            .execution_options(synchronize_session=False)
        )

    # A merge from before a table was moved knows nothing of it.
    for ids in _chunks(entry.moved.get(table_name(table), [])):
        await give(col(table.id).in_(ids))
    # What was added to a moved visit since then goes back with it.
    if table not in _WITHOUT_VISIT:
        visit_id = sa.inspect(table).columns["visit_id"]
        for ids in _chunks(entry.moved[table_name(Visit)]):
            await give(sa.and_(visit_id.in_(ids), col(table.created_at) > entry.merged_at))


def table_name(table: OwnedRow) -> str:
    """What the journal calls the rows of a table."""
    return sa.inspect(table).local_table.description


def _chunks(ids: list[str]) -> list[list[UUID]]:
    return [
        [UUID(one) for one in ids[start : start + _CHUNK]] for start in range(0, len(ids), _CHUNK)
    ]
