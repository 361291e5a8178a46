"""The guest list: pages of customers that fit criteria and a search, sorted, without a gap.

Everything that is filtered or sorted stands in `customer_profiles`; what a row shows beside that is
read for the rows of one page, with the same number of queries however many there are.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql import visitors
from sqlmodel import col

from models.profiles import CustomerProfile
from services.customers.list_columns import Sort, sorted_by
from services.customers.searching import matches
from services.segments.criteria import where
from services.segments.types import Asking, Criteria

MAX_PAGE = 1000
# So many customers are walked through one by one before all are read.
NEAR = 3000
_PROFILES = CustomerProfile.__tablename__
_WHOSE = {"customer_id", "restaurant_id"}


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
    walk = _Walk(asking.restaurant.id, order, after)
    border = await walk.border(session)
    # One after the other, each with its own rows: most filters fill a page among the first.
    near = replace(asking, customer_id=col(CustomerProfile.customer_id))
    conditions = await _conditions(session, asking=near, wanted=wanted)
    if border is not None:
        conditions.append(walk.until(border))
    found = list(await session.scalars(walk.rows.where(*conditions).limit(count + 1)))
    if border is not None and len(found) <= count:
        conditions = await _conditions(session, asking=asking, wanted=wanted)
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        rows = walk.among_all(conditions, limit=count + 1, is_sqlite=is_sqlite)
        found = list(await session.scalars(rows))
    shown = found[:count]
    return ProfilePage(
        profiles=tuple(shown),
        next_after=_cursor(shown[-1], walk.by.key or "") if len(found) > count else None,
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


class _Walk:
    """A restaurant's customers in one order, from where the page before ended."""

    def __init__(self, restaurant_id: UUID, order: Order, after: Cursor | None) -> None:
        """Say whose, how and from where."""
        mine = col(CustomerProfile.customer_id)
        self.by = sorted_by(order.sort)
        self._restaurant_id = restaurant_id
        self._is_descending = order.is_descending
        self._key = sa.tuple_(self.by, mine)
        whose, by = col(CustomerProfile.restaurant_id), self.by
        which: list[sa.ColumnElement[bool]] = []
        if after is not None:
            last = self._place(after.value, after.customer_id)
            which.append(self._key < last if order.is_descending else self._key > last)
        self._which = (whose == restaurant_id, *which)
        # Along the index of the order: right when a page is soon full.
        self.rows = sa.select(CustomerProfile).where(*self._which).order_by(*self._by(by, mine))

    def among_all(
        self, conditions: list[sa.ColumnElement[bool]], *, limit: int, is_sqlite: bool
    ) -> sa.Select[Any]:
        """The first rows of everybody who fits.

        Only their ids are sorted: whole rows in the sorter cost more than reading them.
        """
        mine, by = col(CustomerProfile.customer_id), _unindexed(self.by)
        if is_sqlite and _ask_only_who(conditions):
            # The index of the order has all that is asked, and ends with a full page; SQLite would
            # rather look each of a list of ids up, and sort tens of thousands of them.
            conditions, by = [_not_looked_up(one) for one in conditions], self.by
        # Else not by that index, which has everybody's row looked up one by one.
        first = sa.select(mine).where(*self._which, *conditions).order_by(*self._by(by, mine))
        row = aliased(CustomerProfile)
        asked = _unindexed(getattr(row, self.by.key or ""))
        return (
            sa.select(row)
            .where(
                col(row.restaurant_id) == self._restaurant_id,
                col(row.customer_id).in_(first.limit(limit).correlate(None)),
            )
            .order_by(*self._by(asked, col(row.customer_id)))
        )

    def _by(self, *columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns
        return tuple(one.desc() for one in columns) if self._is_descending else columns

    async def border(self, session: AsyncSession) -> tuple[object, UUID] | None:
        """Where the first of them end; None when these are all."""
        mine = col(CustomerProfile.customer_id)
        ends = sa.select(self.by, mine).where(*self._which)
        found = await session.execute(ends.order_by(*self._by(self.by, mine)).offset(NEAR).limit(1))
        last = found.first()
        return None if last is None else (last[0], last[1])

    def until(self, border: tuple[object, UUID]) -> sa.ColumnElement[bool]:
        """Not beyond the border."""
        place = self._place(*border)
        return self._key >= place if self._is_descending else self._key <= place

    def _place(self, value: object, customer_id: UUID) -> sa.Tuple:
        return sa.tuple_(sa.literal(value, self.by.type), sa.literal(customer_id, sa.Uuid()))


def _unindexed(column: Any) -> Any:  # noqa: ANN401 - a column
    """The same value, for which no database has an index."""
    return sa.func.coalesce(column, column)


def _ask_only_who(conditions: list[sa.ColumnElement[bool]]) -> bool:
    """Whether conditions look at nothing of a profile but whose it is."""
    return all(
        element.name in _WHOSE
        for condition in conditions
        for element in visitors.iterate(condition)
        if isinstance(element, sa.Column) and element.table.description == _PROFILES
    )


def _not_looked_up(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The same condition, without an index on whose profile it is."""

    def replaced(element: Any, **_: object) -> Any:  # noqa: ANN401 - parts of a condition
        is_mine = isinstance(element, sa.Column) and element.table.description == _PROFILES
        return _unindexed(element) if is_mine else None

    return visitors.replacement_traverse(condition, {}, replaced)


def _cursor(last: CustomerProfile, column: str) -> Cursor:
    return Cursor(value=getattr(last, column), customer_id=last.customer_id)
