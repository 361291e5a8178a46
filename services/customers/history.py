"""What one customer has done and agreed to: reads for the customer's page, newest first."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind
from models.identity import Consent, IdentityLink, MergeEntry
from models.menu import Dish, MenuCategory
from services.customers.types import (
    PastMerge,
)


async def consent_since(session: AsyncSession, *, customer: Customer) -> datetime:
    """Since when the guest's choice is what it is now."""
    rows = await session.execute(
        sa.select(col(Consent.level), col(Consent.given_at))
        .where(
            col(Consent.restaurant_id) == customer.restaurant_id,
            col(Consent.customer_id) == customer.id,
        )
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    )
    since = customer.created_at
    for level, given_at in rows:
        if level != customer.consent_level:
            break
        since = given_at
    return since


async def known_by(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> tuple[LinkKind, ...]:
    """The kinds of signals that lead to a customer, strongest first."""
    found = set(
        await session.scalars(
            sa.select(col(IdentityLink.kind))
            .where(
                col(IdentityLink.restaurant_id) == restaurant_id,
                col(IdentityLink.customer_id) == customer_id,
                sa.or_(col(IdentityLink.expires_at).is_(None), col(IdentityLink.expires_at) > now),
            )
            .distinct()
        )
    )
    return tuple(kind for kind in LinkKind if kind in found)


async def names(session: AsyncSession, restaurant_id: UUID, wanted: set[str]) -> dict[str, str]:
    """The names of dishes and categories by their ids, as events hold them."""
    ids: list[UUID] = []
    for one in wanted:
        # Events come from browsers: what is no id names nothing.
        with suppress(ValueError):
            ids.append(UUID(one))
    known: dict[str, str] = {}
    for table in (Dish, MenuCategory):
        rows = await session.execute(
            sa.select(col(table.id), col(table.name)).where(
                col(table.restaurant_id) == restaurant_id, col(table.id).in_(ids)
            )
        )
        known |= {str(row_id): name for row_id, name in rows}
    return known


async def merges(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[PastMerge, ...]:
    """Merges into this customer that can be taken back; the first of them must be the first."""
    rows = await session.execute(
        # The journal's `moved` can hold thousands of ids: it is not read here.
        sa.select(
            col(MergeEntry.id),
            col(Customer.alias),
            col(MergeEntry.reason),
            col(MergeEntry.merged_at),
        )
        .join(Customer, col(Customer.id) == col(MergeEntry.merged_customer_id))
        .where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            col(MergeEntry.kept_customer_id) == customer_id,
            col(MergeEntry.undone_at).is_(None),
        )
        .order_by(col(MergeEntry.merged_at).desc(), col(MergeEntry.id).desc())
    )
    return tuple(PastMerge(*row) for row in rows)
