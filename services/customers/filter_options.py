"""What filters choose from: the restaurant's tags, dishes, categories, areas, tables, segments."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory
from models.profiles import CustomerTag
from models.seating import Area, Table
from models.segments import CustomerSegment
from services.customers.segment_names import segment_name
from services.loyalty import programme

MAX_TAGS = 60

# A value as it stands in criteria, and its name.
Option = tuple[str, str]


async def list_tags(
    session: AsyncSession, *, restaurant_id: UUID, limit: int = MAX_TAGS
) -> list[str]:
    """The tags in use, the most used first."""
    rows = await session.scalars(
        sa.select(col(CustomerTag.tag))
        .where(col(CustomerTag.restaurant_id) == restaurant_id)
        .group_by(col(CustomerTag.tag))
        .order_by(sa.func.count().desc(), col(CustomerTag.tag))
        .limit(limit)
    )
    return list(rows)


async def list_segments(
    session: AsyncSession, *, restaurant_id: UUID, language: str
) -> list[Option]:
    """The segments in use: built-in ones by their key, own ones by their id."""
    rows = await session.scalars(
        sa.select(CustomerSegment)
        .where(col(CustomerSegment.restaurant_id) == restaurant_id, col(CustomerSegment.is_active))
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return [(row.key or str(row.id), segment_name(row, language)) for row in rows]


async def list_tiers(session: AsyncSession, *, restaurant_id: UUID) -> list[Option]:
    """The tiers of the loyalty programme, the first one first; none before one was published."""
    live = await programme.find_live(session, restaurant_id=restaurant_id)
    return [(tier.key, tier.name) for tier in live.rules.tiers] if live is not None else []


async def load_options(
    session: AsyncSession, *, restaurant_id: UUID, language: str
) -> dict[str, list[Option]]:
    """Options by what they are: "tag", "dish", "category", "area", "table", "segment", "tier".

    Dishes that are no longer on the menu are offered too: guests have eaten them.
    """
    dishes = await session.execute(
        sa.select(col(Dish.id), col(Dish.name))
        .where(col(Dish.restaurant_id) == restaurant_id)
        .order_by(col(Dish.is_active).desc(), sa.func.lower(col(Dish.name)), col(Dish.id))
    )
    categories = await session.execute(
        sa.select(col(MenuCategory.id), col(MenuCategory.name))
        .where(col(MenuCategory.restaurant_id) == restaurant_id)
        .order_by(col(MenuCategory.is_active).desc(), col(MenuCategory.position))
    )
    areas = await session.execute(
        sa.select(col(Area.id), col(Area.name))
        .where(col(Area.restaurant_id) == restaurant_id)
        .order_by(col(Area.name))
    )
    tables = await session.execute(
        sa.select(col(Table.id), col(Table.table_number))
        .where(col(Table.restaurant_id) == restaurant_id, col(Table.is_active))
        .order_by(sa.func.length(col(Table.table_number)), col(Table.table_number))
    )
    found = {
        name: [(str(key), label) for key, label in rows]
        for name, rows in (
            ("dish", dishes),
            ("category", categories),
            ("area", areas),
            ("table", tables),
        )
    }
    tags = await list_tags(session, restaurant_id=restaurant_id)
    segments = await list_segments(session, restaurant_id=restaurant_id, language=language)
    return found | {
        "tag": [(tag, tag) for tag in tags],
        "segment": segments,
        "tier": await list_tiers(session, restaurant_id=restaurant_id),
    }
