"""The guest list: pages of customers that fit criteria and a search, sorted, without a gap.

Everything that is filtered or sorted stands in `customer_profiles`; what a row shows beside that is
read for the rows of one page, with the same number of queries however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from services.customers.list_columns import Sort, sorted_by
from services.customers.searching import matches
from services.segments.criteria import where
from services.segments.types import Asking, Criteria

MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers. Without criteria and search: all."""

    criteria: Criteria | None = None
    search: str = ""
    # None: all that fit; else only those of them that were chosen by hand.
    chosen: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """In which order; customers that are equal in it are sorted by their id."""

    sort: Sort = Sort.LAST_SEEN
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: what it was sorted by, and whose row was last."""

    value: object
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Profiles of one page; `next_after` is None on the last."""

    profiles: tuple[CustomerProfile, ...]
    next_after: Cursor | None


EVERYBODY = Wanted()
NEWEST_FIRST = Order()


async def load_page(
    session: AsyncSession,
    *,
    asking: Asking,
    wanted: Wanted = EVERYBODY,
    order: Order = NEWEST_FIRST,
    after: Cursor | None = None,
    limit: int = 50,
) -> ProfilePage:
    """One page of a restaurant's customers; merged and forgotten ones have no profile.

    Args:
        session: for reading.
        asking: for which restaurant and at which moment; "in the last 30 days" counts from it.
        wanted: which customers.
        order: how they are sorted.
        after: the end of the page before; None for the first page.
        limit: rows of a page, at most 1000.
    """
    count = min(max(limit, 1), MAX_PAGE)
    by, mine = sorted_by(order.sort), col(CustomerProfile.customer_id)
    page = sa.select(CustomerProfile).where(
        *await _conditions(session, asking=asking, wanted=wanted)
    )
    if after is not None:
        last = sa.tuple_(sa.literal(after.value, by.type), sa.literal(after.customer_id, sa.Uuid()))
        key = sa.tuple_(by, mine)
        page = page.where(key < last if order.is_descending else key > last)
    ordered = (by.desc(), mine.desc()) if order.is_descending else (by, mine)
    found = list(await session.scalars(page.order_by(*ordered).limit(count + 1)))
    shown = found[:count]
    return ProfilePage(
        profiles=tuple(shown),
        next_after=_cursor(shown[-1], by.key or "") if len(found) > count else None,
    )


async def count(session: AsyncSession, *, asking: Asking, wanted: Wanted = EVERYBODY) -> int:
    """How many customers there are, or fit."""
    conditions = await _conditions(session, asking=asking, wanted=wanted)
    counted = sa.select(sa.func.count()).select_from(CustomerProfile).where(*conditions)
    return await session.scalar(counted) or 0


async def list_ids(
    session: AsyncSession,
    *,
    asking: Asking,
    wanted: Wanted,
    order: Order | None = None,
) -> list[UUID]:
    """The ids of all that fit, in the list's order where one is given."""
    mine = col(CustomerProfile.customer_id)
    found = sa.select(mine).where(*await _conditions(session, asking=asking, wanted=wanted))
    if order is not None:
        by = sorted_by(order.sort)
        found = found.order_by(*((by.desc(), mine.desc()) if order.is_descending else (by, mine)))
    return list(await session.scalars(found))


async def load_profiles(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID]
) -> list[CustomerProfile]:
    """The profiles of these customers in this order; who has none any more is left out."""
    found = await session.scalars(
        sa.select(CustomerProfile).where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            col(CustomerProfile.customer_id).in_(customer_ids),
        )
    )
    by_id = {profile.customer_id: profile for profile in found}
    return [by_id[one] for one in customer_ids if one in by_id]


async def _conditions(
    session: AsyncSession, *, asking: Asking, wanted: Wanted
) -> list[sa.ColumnElement[bool]]:
    conditions = [col(CustomerProfile.restaurant_id) == asking.restaurant.id]
    if wanted.criteria is not None:
        conditions.append(where(wanted.criteria, asking=asking))
    conditions += await matches(session, text=wanted.search, asking=asking)
    if wanted.chosen is not None:
        conditions.append(col(CustomerProfile.customer_id).in_(wanted.chosen))
    return conditions


def _cursor(last: CustomerProfile, column: str) -> Cursor:
    return Cursor(value=getattr(last, column), customer_id=last.customer_id)
