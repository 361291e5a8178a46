"""Many customers at a time: who has a tag, who has no room for one, who is still there."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerProfile, CustomerTag
from services.customers.tags import MOST_TAGS

# Rows of one statement: far below what either database takes as parameters.
CHUNK = 1000


async def without_tag(
    session: AsyncSession, restaurant_id: UUID, tag: str, ids: Sequence[UUID]
) -> list[UUID]:
    """Which of these do not have the tag."""
    having: set[UUID] = set()
    for chunk in chunks(ids):
        having.update(
            await session.scalars(
                sa.select(col(CustomerTag.customer_id)).where(*has_tag(restaurant_id, tag, chunk))
            )
        )
    return [one for one in ids if one not in having]


async def full_of_tags(
    session: AsyncSession, restaurant_id: UUID, ids: Sequence[UUID]
) -> set[UUID]:
    """Which of these have as many tags as a guest can have."""
    found: set[UUID] = set()
    for chunk in chunks(ids):
        found.update(
            await session.scalars(
                sa.select(col(CustomerTag.customer_id))
                .where(
                    col(CustomerTag.restaurant_id) == restaurant_id,
                    col(CustomerTag.customer_id).in_(chunk),
                )
                .group_by(col(CustomerTag.customer_id))
                .having(sa.func.count() >= MOST_TAGS)
            )
        )
    return found


async def still_living(
    session: AsyncSession, restaurant_id: UUID, ids: Sequence[UUID]
) -> list[UUID]:
    """Which of these were neither merged nor forgotten since."""
    found: list[UUID] = []
    for chunk in chunks(ids):
        found += await session.scalars(
            sa.select(col(CustomerProfile.customer_id))
            .join(Customer, col(Customer.id) == col(CustomerProfile.customer_id))
            .where(
                col(CustomerProfile.restaurant_id) == restaurant_id,
                col(CustomerProfile.customer_id).in_(chunk),
                col(Customer.erased_at).is_(None),
                col(Customer.merged_into_id).is_(None),
            )
        )
    return found


def has_tag(
    restaurant_id: UUID, tag: str, ids: Sequence[UUID]
) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition on the rows of one tag on these customers."""
    return (
        col(CustomerTag.restaurant_id) == restaurant_id,
        col(CustomerTag.tag) == tag,
        col(CustomerTag.customer_id).in_(ids),
    )


def chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """As many ids as one statement takes."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
