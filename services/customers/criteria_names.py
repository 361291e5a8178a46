"""Names of what criteria point at by id, for the sentence that says what they mean."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory
from models.seating import Area, Table
from models.segments import CustomerSegment
from services.segments.criteria import describe, leaves
from services.segments.fields import FIELDS
from services.segments.queries import tier_names
from services.segments.types import Asking, Criteria, Kind


async def names_in(
    session: AsyncSession, criteria: Criteria, *, restaurant_id: UUID
) -> dict[UUID | str, str]:
    """Names of the dishes, categories, areas, tables and own segments in criteria, by id."""
    ids = {
        found
        for leaf in leaves(criteria)
        for found in _ids((leaf.value, *leaf.parameters.values()))
    }
    named: dict[UUID | str, str] = {}
    if any(FIELDS[leaf.field].kind is Kind.TIER for leaf in leaves(criteria)):
        named |= await tier_names(session, restaurant_id=restaurant_id)
    if not ids:
        return named
    for table, label in (
        (Dish, col(Dish.name)),
        (MenuCategory, col(MenuCategory.name)),
        (Area, col(Area.name)),
        (Table, col(Table.table_number)),
        (CustomerSegment, col(CustomerSegment.segment_name)),
    ):
        rows = await session.execute(
            sa.select(col(table.id), label).where(
                col(table.restaurant_id) == restaurant_id, col(table.id).in_(ids)
            )
        )
        named.update(dict(rows.all()))
    return named


async def say(session: AsyncSession, criteria: Criteria, *, asking: Asking, language: str) -> str:
    """Criteria as a sentence in somebody's language."""
    restaurant = asking.restaurant
    names = await names_in(session, criteria, restaurant_id=restaurant.id)
    return describe(criteria, language=language, currency=restaurant.currency, names=names)


def _ids(values: object) -> set[UUID]:
    if isinstance(values, tuple | list):
        many = cast("Sequence[object]", values)
        return {found for value in many for found in _ids(value)}
    if isinstance(values, UUID):
        return {values}
    try:
        return {UUID(values)} if isinstance(values, str) else set()
    except ValueError:
        return set()
