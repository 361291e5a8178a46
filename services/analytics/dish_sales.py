"""What dishes sold, at which prices and beside what: read once a night.

Half a year, and no more baskets than say something: the cost does not grow with the history.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import REFUSED_ORDER_STATUSES, OrderStatus
from models.menu import Dish, MenuCategory
from models.ordering import Order, OrderLine
from services.base.raw_rows import RowId, as_uuid, raw
from services.restaurants.hours import business_day_span
from services.restaurants.types import RestaurantInfo

HISTORY_DAYS = 182
RECENT_DAYS = 91
MOST_BASKETS = 60_000
PART = 20_000


@dataclass(frozen=True, slots=True)
class DishOnMenu:
    """A dish as the menu has it now; deleted ones too, since old orders name them."""

    id: UUID
    name: str
    category_id: UUID
    category: str
    price_minor: int
    cost_minor: int | None
    is_on_menu: bool
    created_on: date


@dataclass(frozen=True, slots=True)
class PriceSold:
    """What one dish sold at one price, in half a year.

    Attributes:
        dish_id: which.
        price_minor: of a portion, extras included.
        sold: portions.
        recent_sold: of these in the last 91 days.
        net_minor: what the recent ones brought after their orders' discounts.
        first_on: first business day at this price.
        last_on: last one.
    """

    dish_id: UUID
    price_minor: int
    sold: int
    recent_sold: int
    net_minor: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class DishSales:
    """Everything read."""

    dishes: tuple[DishOnMenu, ...]
    prices: tuple[PriceSold, ...]
    baskets: tuple[frozenset[str], ...]


async def read_sales(
    session: AsyncSession, *, restaurant: RestaurantInfo, until: date
) -> DishSales:
    """Sales of the last half year up to a business day."""
    return DishSales(
        dishes=await _dishes(session, restaurant),
        prices=await _prices(session, restaurant, until),
        baskets=await _baskets(session, restaurant, until),
    )


async def _dishes(session: AsyncSession, restaurant: RestaurantInfo) -> tuple[DishOnMenu, ...]:
    rows = await session.execute(
        sa.select(Dish, MenuCategory)
        .join(MenuCategory, col(MenuCategory.id) == col(Dish.category_id))
        .where(col(Dish.restaurant_id) == restaurant.id)
        .order_by(col(Dish.id))
    )
    return tuple(
        DishOnMenu(
            id=dish.id,
            name=dish.name,
            category_id=category.id,
            category=category.name,
            price_minor=dish.price_minor,
            cost_minor=dish.cost_minor,
            is_on_menu=dish.is_active and category.is_active,
            created_on=dish.created_at.date(),
        )
        for dish, category in rows
    )


async def _prices(
    session: AsyncSession, restaurant: RestaurantInfo, until: date
) -> tuple[PriceSold, ...]:
    recent = col(Order.business_day) > until - timedelta(days=RECENT_DAYS)
    # An order's discount is spread over its lines by what they cost.
    kept = sa.case(
        (
            col(Order.subtotal_minor) > 0,
            col(OrderLine.line_total_minor)
            * (col(Order.subtotal_minor) - col(Order.discount_minor))
            * 1.0
            / col(Order.subtotal_minor),
        ),
        else_=0.0,
    )
    rows = await session.execute(
        sa.select(
            col(OrderLine.dish_id),
            col(OrderLine.unit_price_minor),
            sa.func.sum(col(OrderLine.quantity)),
            sa.func.sum(sa.case((recent, col(OrderLine.quantity)), else_=0)),
            sa.func.sum(sa.case((recent, kept), else_=0.0)),
            sa.func.min(col(Order.business_day)),
            sa.func.max(col(Order.business_day)),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.business_day).between(until - timedelta(days=HISTORY_DAYS - 1), until),
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .group_by(col(OrderLine.dish_id), col(OrderLine.unit_price_minor))
    )
    return tuple(
        PriceSold(row[0], row[1], int(row[2]), int(row[3]), round(float(row[4])), row[5], row[6])
        for row in rows
    )


async def _baskets(
    session: AsyncSession, restaurant: RestaurantInfo, until: date
) -> tuple[frozenset[str], ...]:
    """What one guest ordered during one visit, in all rounds; the latest visits first."""
    since = business_day_span(
        until - timedelta(days=HISTORY_DAYS - 1),
        time_zone=restaurant.time_zone,
        cutoff=restaurant.day_cutoff,
    )[0]
    end = business_day_span(until, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)[1]
    # So many visits have about so many orders; the index gives them by time, the latest first.
    latest = await _from(session, restaurant, since, end)
    statement: Any = (
        sa.select(raw(col(Order.visit_id)), raw(col(OrderLine.dish_id)))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.placed_at) >= latest,
            col(Order.placed_at) < end,
            col(Order.order_status).not_in(REFUSED_ORDER_STATUSES),
        )
    )
    words: dict[RowId, str] = {}
    baskets: dict[RowId, set[str]] = {}
    streamed: Any = await session.stream(statement.execution_options(yield_per=PART))
    async for part in streamed.partitions(PART):
        for visit_id, dish_id in part:
            word = words.get(dish_id) or words.setdefault(dish_id, str(as_uuid(dish_id)))
            baskets.setdefault(visit_id, set()).add(word)
    return tuple(frozenset(one) for one in baskets.values())


async def _from(
    session: AsyncSession, restaurant: RestaurantInfo, since: datetime, end: datetime
) -> datetime:
    """The moment from which on there are at most `MOST_BASKETS` orders."""
    found: datetime | None = await session.scalar(
        sa.select(col(Order.placed_at))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.placed_at) >= since,
            col(Order.placed_at) < end,
        )
        .order_by(col(Order.placed_at).desc())
        .offset(MOST_BASKETS)
        .limit(1)
    )
    return found or since
