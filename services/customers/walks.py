"""A restaurant's customers in one order: walked through one by one, or all of them read and sorted.

Neither database guesses well which of the two is cheaper, so neither is left to choose.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql import operators, visitors
from sqlmodel import col

from models.profiles import CustomerProfile
from services.customers.list_columns import Sort, sorted_by
from services.segments.types import Condition

# So many customers are walked through one by one before all are read.
NEAR = 3000
# Looking a row up by an index takes SQLite as long as reading so many from end to end.
LOOKED_UP = 8
_PROFILES = CustomerProfile.__tablename__
_WHOSE = {"customer_id", "restaurant_id"}
_PLUS = operators.custom_op[Any]("+")


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


class Walk:
    """From where the page before ended."""

    def __init__(
        self, session: AsyncSession, restaurant_id: UUID, order: Order, after: Cursor | None
    ) -> None:
        """Say whose, how and from where."""
        self._session = session
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._mine = sa.inspect(CustomerProfile).columns["customer_id"]
        self._restaurant_id = restaurant_id
        self._is_descending = order.is_descending
        self._by = sorted_by(order.sort)
        self._key = sa.tuple_(self._by, self._mine)
        self._whose = col(CustomerProfile.restaurant_id) == restaurant_id
        self._from: list[Condition] = []
        if after is not None:
            last = self._place(after.value, after.customer_id)
            self._from.append(self._key < last if order.is_descending else self._key > last)

    def cursor(self, last: CustomerProfile) -> Cursor:
        """Where a page ends with this row."""
        return Cursor(value=getattr(last, self._by.key or ""), customer_id=last.customer_id)

    async def border(self) -> tuple[object, UUID] | None:
        """Where the first of them end; None when these are all."""
        ends = sa.select(self._by, self._mine).where(self._whose, *self._from)
        ends = ends.order_by(*self._directed(self._by, self._mine)).offset(NEAR).limit(1)
        last = (await self._session.execute(ends)).first()
        return None if last is None else (last[0], last[1])

    async def near(
        self, conditions: list[Condition], border: tuple[object, UUID] | None, *, limit: int
    ) -> list[CustomerProfile]:
        """The first rows that fit, not beyond the border, along the index of the order."""
        conditions = self._left_to_us(conditions)
        if border is not None:
            place = self._place(*border)
            conditions.append(self._key >= place if self._is_descending else self._key <= place)
        rows = (
            sa.select(CustomerProfile)
            .where(self._whose, *self._from, *conditions)
            .order_by(*self._directed(self._by, self._mine))
        )
        return list(await self._session.scalars(rows.limit(limit)))

    async def among_all(self, conditions: list[Condition], *, limit: int) -> list[CustomerProfile]:
        """The first rows of everybody who fits.

        Only their ids are sorted: whole rows in the sorter cost more than reading them.
        """
        first = await self._on_sqlite(conditions) if self._is_sqlite else self._sorted(conditions)
        row = aliased(CustomerProfile)
        asked = _unindexed(getattr(row, self._by.key or ""))
        rows = (
            sa.select(row)
            .where(
                # By their ids, not by whose they are.
                _unindexed(col(row.restaurant_id)) == self._restaurant_id,
                col(row.customer_id).in_(first.limit(limit).correlate(None)),
            )
            .order_by(*self._directed(asked, col(row.customer_id)))
        )
        return list(await self._session.scalars(rows))

    def _sorted(self, conditions: list[Condition]) -> sa.Select[Any]:
        # Not by the index of the order, which has everybody's row looked up one by one.
        by = self._directed(_unindexed(self._by), self._mine)
        return sa.select(self._mine).where(self._whose, *self._from, *conditions).order_by(*by)

    async def _on_sqlite(self, conditions: list[Condition]) -> sa.Select[Any]:
        found = sa.select(self._mine)
        if _ask_only_who(conditions):
            # The index of the order has all that is asked, and ends with a full page; SQLite would
            # rather look each of a list of ids up, and sort tens of thousands of them.
            found = found.where(self._whose, *self._from, *self._left_to_us(conditions))
            return found.order_by(*self._directed(self._by, self._mine))
        # From end to end; where most rows are other restaurants', by an index that begins with
        # this one: SQLite knows only how many a restaurant has on average.
        few = await self._are_few()
        whose = sa.func.unlikely(self._whose) if few else _plain(self._whose)
        found = found.where(whose, *self._left_to_us([*self._from, *conditions]))
        return found.order_by(*self._directed(_plain(self._by), _plain(self._mine)))

    async def _are_few(self) -> bool:
        """Whether they are so few of all restaurants' that looking them up is cheaper."""
        rows = await self._session.scalar(
            sa.select(sa.func.max(sa.literal_column("rowid", sa.Integer))).select_from(
                CustomerProfile
            )
        )
        share = sa.select(self._mine).where(self._whose).order_by(self._by)
        at = (rows or 0) // LOOKED_UP
        return await self._session.scalar(share.offset(at).limit(1)) is None

    def _left_to_us(self, conditions: list[Condition]) -> list[Condition]:
        """The same conditions; SQLite takes no index for them, whatever it believes of it."""
        return [_plain(one) for one in conditions] if self._is_sqlite else list(conditions)

    def _directed(self, *columns: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns
        return tuple(one.desc() for one in columns) if self._is_descending else columns

    def _place(self, value: object, customer_id: UUID) -> sa.Tuple:
        return sa.tuple_(sa.literal(value, self._by.type), sa.literal(customer_id, sa.Uuid()))


def _unindexed(column: Any) -> Any:  # noqa: ANN401 - a column
    """The same value, for which no database has an index."""
    return sa.func.coalesce(column, column)


def _plain(expression: Any) -> Any:  # noqa: ANN401 - SQL
    """The same, with a plus before each column of a profile: it costs nothing and has no index."""
    replace: Any = visitors.replacement_traverse
    return replace(expression, {}, _plus)


def _plus(element: Any, **_: object) -> Any:  # noqa: ANN401 - parts of a condition
    is_ours = isinstance(element, sa.Column) and element.table.description == _PROFILES
    return _with_plus(element) if is_ours else None


def _with_plus(column: Any) -> Any:  # noqa: ANN401 - a column
    return sa.UnaryExpression(column, operator=_PLUS, type_=column.type)


def _ask_only_who(conditions: list[Condition]) -> bool:
    """Whether conditions look at nothing of a profile but whose it is."""
    return all(
        element.name in _WHOSE
        for condition in conditions
        for element in visitors.iterate(condition)
        if isinstance(element, sa.Column) and element.table.description == _PROFILES
    )
