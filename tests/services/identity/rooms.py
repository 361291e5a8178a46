"""The room most of these tests happen in."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.seating import Table, TableCode
from services.restaurants.types import RestaurantInfo
from tests import builders


async def room(session: AsyncSession, **columns: Any) -> tuple[RestaurantInfo, Table, str]:
    """A restaurant with one table; returns its settings, the table and the table's code."""
    restaurant = await builders.make_restaurant(session, **columns)
    table = await builders.make_table(session, restaurant=restaurant)
    code = await session.scalar(sa.select(TableCode.code).where(TableCode.table_id == table.id))
    return await builders.restaurant_info(session, restaurant), table, code


async def count(session: AsyncSession, table: Any) -> int:
    return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
