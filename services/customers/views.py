"""Saved views of the guest list: filter, columns and sorting under a name, own or the team's.

A view without a name is how one person left the list: it keeps the choice of columns on every
device. What somebody searched for is never kept: it may be a name or a phone number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerView
from services.accounts.types import Actor
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.customers.errors import UnknownViewError
from services.customers.list_columns import FIRST_SHOWN, Sort, chosen_columns
from services.segments.keeping import parse_to_keep

MAX_NAME = 60
MAX_VIEWS = 40


@dataclass(frozen=True, slots=True)
class SavedView:
    """One saved view. `criteria` may be none that can be run: it is parsed when it is used."""

    id: UUID
    name: str
    is_shared: bool
    is_mine: bool
    criteria: Mapping[str, Any]
    columns: tuple[str, ...]
    sort: Sort
    is_descending: bool


async def list_views(session: AsyncSession, *, by: Actor) -> list[SavedView]:
    """Somebody's own views and those shared with the team, by their names."""
    rows = await session.scalars(
        sa.select(CustomerView)
        .where(*_visible(by))
        .order_by(sa.func.lower(col(CustomerView.name)), col(CustomerView.id))
    )
    return [_view(row, by) for row in rows]


async def get_view(session: AsyncSession, *, by: Actor, view_id: UUID) -> SavedView:
    """One view that this person may see.

    Raises:
        UnknownViewError: there is none, or it is somebody else's own.
    """
    row = await session.scalar(
        sa.select(CustomerView).where(*_visible(by), col(CustomerView.id) == view_id)
    )
    if row is None:
        raise UnknownViewError
    return _view(row, by)


async def save_view(
    session: AsyncSession,
    *,
    by: Actor,
    name: str,
    is_shared: bool,
    criteria: Mapping[str, Any],
    columns: Sequence[str],
    sort: Sort,
    is_descending: bool,
    now: datetime,
) -> SavedView:
    """Keep a view; an own one of the same name is overwritten.

    Raises:
        InvalidInputError: no name, one that is too long, or too many views.
        InvalidCriteriaError: the criteria cannot be run.
    """
    clean = fields.line(name, field="name", most=MAX_NAME, required=True)
    if criteria:
        parse_to_keep(criteria)
    await one_at_a_time(session, f"customer-views:{by.user_id}")
    mine = list(await session.scalars(sa.select(CustomerView).where(*_own(by))))
    row = next((one for one in mine if one.name.casefold() == clean.casefold()), None)
    if row is None:
        if len(mine) >= MAX_VIEWS:
            msg = N_("{count} views are the most. Delete one first.")
            raise InvalidInputError(msg, field="name", count=MAX_VIEWS)
        row = CustomerView(
            restaurant_id=by.restaurant_id, user_id=by.user_id, name=clean, created_at=now
        )
        session.add(row)
    row.name, row.is_shared = clean, is_shared
    row.criteria, row.sort, row.is_descending = dict(criteria), sort, is_descending
    row.columns = [column.key for column in chosen_columns(list(columns))]
    await session.flush()
    return _view(row, by)


async def delete_view(session: AsyncSession, *, by: Actor, view_id: UUID) -> None:
    """Delete an own view.

    Raises:
        UnknownViewError: there is none, or it is not theirs.
    """
    done = await session.execute(
        sa.delete(CustomerView).where(
            *_own(by), col(CustomerView.id) == view_id, col(CustomerView.name) != ""
        )
    )
    if not cast("sa.CursorResult[Any]", done).rowcount:
        raise UnknownViewError


async def columns_of(session: AsyncSession, *, by: Actor) -> tuple[str, ...]:
    """The columns a person has chosen; those of the beginning while they have not."""
    row = await _left(session, by)
    return FIRST_SHOWN if row is None else _columns(row)


async def keep_columns(
    session: AsyncSession, *, by: Actor, columns: Sequence[str], now: datetime
) -> tuple[str, ...]:
    """Remember a person's choice of columns.

    Raises:
        InvalidInputError: the keys are no list of texts.
    """
    keys = tuple(column.key for column in chosen_columns(list(columns)))
    await one_at_a_time(session, f"customer-views:{by.user_id}")
    row = await _left(session, by)
    if row is None:
        row = CustomerView(
            restaurant_id=by.restaurant_id, user_id=by.user_id, name="", created_at=now
        )
        session.add(row)
    row.columns = list(keys)
    await session.flush()
    return keys


async def _left(session: AsyncSession, by: Actor) -> CustomerView | None:
    return await session.scalar(
        sa.select(CustomerView).where(*_own(by), col(CustomerView.name) == "").limit(1)
    )


def _own(by: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(CustomerView.restaurant_id) == by.restaurant_id,
        col(CustomerView.user_id) == by.user_id,
    )


def _visible(by: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(CustomerView.restaurant_id) == by.restaurant_id,
        sa.or_(col(CustomerView.user_id) == by.user_id, col(CustomerView.is_shared)),
        col(CustomerView.name) != "",
    )


def _columns(row: CustomerView) -> tuple[str, ...]:
    """What was stored by an older version, or by hand, may name columns that are no more."""
    try:
        return tuple(column.key for column in chosen_columns(row.columns))
    except InvalidInputError:
        return FIRST_SHOWN


def _view(row: CustomerView, by: Actor) -> SavedView:
    known = row.sort in set(Sort)
    return SavedView(
        id=row.id,
        name=row.name,
        is_shared=row.is_shared,
        is_mine=row.user_id == by.user_id,
        criteria=row.criteria,
        columns=_columns(row) or FIRST_SHOWN,
        sort=Sort(row.sort) if known else Sort.LAST_SEEN,
        is_descending=row.is_descending,
    )
