"""Who a card is about: what stands over every part of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, CustomerStatus, LinkKind
from models.ordering import Order
from models.profiles import CustomerNote
from models.seating import Sitting, Table
from models.visits import Visit
from services.accounts.types import Actor
from services.customers import history
from services.customers.card.paging import of_guest
from services.customers.guest import get_customer
from services.customers.notes import visible_notes
from services.identity.aliases import Face, face
from services.identity.running import is_running


@dataclass(frozen=True, slots=True)
class CardHead:
    """A guest by their alias. `here_at` is the table of a running visit, empty without a table.

    Nothing of it is personal data or an amount: whoever may open a card may see it.
    """

    customer_id: UUID
    anonymous_id: UUID
    alias: str
    face: Face
    status: CustomerStatus
    consent_level: ConsentLevel
    consent_since_at: datetime
    known_by: tuple[LinkKind, ...]
    allergens: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    is_here: bool
    here_at: str
    order_count: int
    note_count: int


async def read_head(
    session: AsyncSession, *, by: Actor, customer_id: UUID, now: datetime
) -> CardHead:
    """Who this is, how they are known, and whether they are here.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    here = (
        await session.execute(
            sa.select(col(Visit.id), col(Table.table_number))
            .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
            .outerjoin(
                Table, col(Table.id) == sa.func.coalesce(col(Sitting.table_id), col(Visit.table_id))
            )
            .where(*of_guest(Visit, customer), is_running(now))
            .order_by(col(Visit.visited_at).desc(), col(Visit.id).desc())
            .limit(1)
        )
    ).first()
    order_count, note_count = await _counts(session, by, customer)
    return CardHead(
        customer_id=customer.id,
        anonymous_id=customer.anonymous_id,
        alias=customer.alias,
        face=face(customer.alias),
        status=CustomerStatus(customer.status),
        consent_level=ConsentLevel(customer.consent_level),
        consent_since_at=await history.consent_since(session, customer=customer),
        known_by=await history.known_by(
            session, restaurant_id=customer.restaurant_id, customer_id=customer.id, now=now
        ),
        allergens=tuple(customer.allergens),
        first_seen_at=customer.first_seen_at,
        last_seen_at=customer.last_seen_at,
        is_here=here is not None,
        here_at=(here[1] or "") if here is not None else "",
        order_count=order_count,
        note_count=note_count,
    )


async def _counts(session: AsyncSession, by: Actor, customer: Customer) -> tuple[int, int]:
    orders = sa.select(sa.func.count()).select_from(Order).where(*of_guest(Order, customer))
    notes = (
        sa.select(sa.func.count())
        .select_from(CustomerNote)
        .where(*of_guest(CustomerNote, customer), *visible_notes(by))
    )
    row = (
        await session.execute(sa.select(orders.scalar_subquery(), notes.scalar_subquery()))
    ).one()
    return row[0], row[1]
