"""The guest list: pages of customers that fit criteria and a search, sorted, without a gap.

Everything that is filtered or sorted stands in `customer_profiles`; what a row shows beside that is
read for the rows of one page, with the same number of queries however many there are.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from services.customers.list_columns import sorted_by
from services.customers.searching import matches
from services.customers.walks import Cursor, Order, Walk
from services.segments.criteria import where
from services.segments.types import Asking, Criteria

__all__ = ["Cursor", "Order", "ProfilePage", "Wanted", "count", "list_ids", "load_page"]

MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers. Without criteria and search: all."""

    criteria: Criteria | None = None
    search: str = ""
    # None: all that fit; else only those of them that were chosen by hand.
    chosen: tuple[UUID, ...] | None = None


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
    walk = Walk(session, asking.restaurant.id, order, after)
    border = await walk.border()
    # One after the other, each with its own rows: most filters fill a page among the first.
    near = replace(asking, customer_id=col(CustomerProfile.customer_id))
    conditions = await _conditions(session, asking=near, wanted=wanted)
    found = await walk.near(conditions, border, limit=count + 1)
    if border is not None and len(found) <= count:
        conditions = await _conditions(session, asking=asking, wanted=wanted)
        found = await walk.among_all(conditions, limit=count + 1)
    shown = found[:count]
    return ProfilePage(
        profiles=tuple(shown),
        next_after=walk.cursor(shown[-1]) if len(found) > count else None,
    )


async def count(session: AsyncSession, *, asking: Asking, wanted: Wanted = EVERYBODY) -> int:
    """How many customers there are, or fit."""
    conditions = await _conditions(session, asking=asking, wanted=wanted)
    counted = (
        sa.select(sa.func.count())
        .select_from(CustomerProfile)
        .where(col(CustomerProfile.restaurant_id) == asking.restaurant.id, *conditions)
    )
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
    conditions = await _conditions(session, asking=asking, wanted=wanted)
    found = sa.select(mine).where(
        col(CustomerProfile.restaurant_id) == asking.restaurant.id, *conditions
    )
    if order is not None:
        by = sorted_by(order.sort)
        found = found.order_by(*((by.desc(), mine.desc()) if order.is_descending else (by, mine)))
    return list(await session.scalars(found))


async def _conditions(
    session: AsyncSession, *, asking: Asking, wanted: Wanted
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.criteria is not None:
        conditions.append(where(wanted.criteria, asking=asking))
    conditions += await matches(session, text=wanted.search, asking=asking)
    if wanted.chosen is not None:
        conditions.append(col(CustomerProfile.customer_id).in_(wanted.chosen))
    return conditions
