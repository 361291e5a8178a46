"""Pages of what a guest did, newest first: a page begins where the one before ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models.columns import NamedTable, TenantRow
from models.customers import Customer

S = TypeVar("S", bound="sa.Select[*tuple[Any, ...]]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the moment of its last row, and the row."""

    at: datetime
    id: UUID


def newest_first(
    statement: S,
    table: type[TenantRow],
    *,
    moment: str,
    after: Place | None,
    limit: int,
) -> S:
    """The rows after a place, with one more than a page holds: it tells whether there is a next.

    Args:
        statement: what is read, bound to one guest.
        table: whose rows are counted; its id decides between rows of one moment.
        moment: name of its column that is sorted by.
        after: where the page before ended; None for the first.
        limit: rows of a page.
    """
    columns = sa.inspect(table).columns
    when, row_id = columns[moment], columns["id"]
    if after is not None:
        # Both conditions say the same; the first is the one that an index on moments can follow.
        statement = statement.where(
            when <= after.at,
            sa.tuple_(when, row_id)
            < sa.tuple_(sa.literal(after.at, when.type), sa.literal(after.id, row_id.type)),
        )
    return statement.order_by(when.desc(), row_id.desc()).limit(limit + 1)


def of_guest(table: type[NamedTable], customer: Customer) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition that every read of a card begins with."""
    columns = sa.inspect(table).columns
    return (
        columns["restaurant_id"] == customer.restaurant_id,
        columns["customer_id"] == customer.id,
    )
