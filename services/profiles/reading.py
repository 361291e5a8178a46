"""Histories of some customers in a few statements, as plain tuples.

Ids stay as the driver gives them: a recompute reads millions, and only compares them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import Diet, OrderStatus
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.profiles import ProfileSettings
from models.seating import Sitting
from models.visits import Visit
from services.profiles.types import (
    DishTraits,
    History,
    LineFact,
    OrderFact,
    RawId,
    Settings,
    Traits,
    VisitFact,
)

SPICY = 2
QUARTER = 4


def raw(column: Any) -> Any:  # noqa: ANN401 - any column
    """A column without the conversion of its type."""
    return sa.type_coerce(column, sa.types.NullType())


def as_id(value: RawId) -> UUID:
    """An id of a driver as models hold it."""
    return value if isinstance(value, UUID) else UUID(bytes=value)


async def settings_of(session: AsyncSession, *, restaurant_id: UUID) -> Settings:
    """What the restaurant has set, or the rulings' defaults."""
    row = await session.scalar(
        sa.select(ProfileSettings).where(col(ProfileSettings.restaurant_id) == restaurant_id)
    )
    if row is None:
        return Settings()
    return Settings(
        engagement_high_seconds=row.engagement_high_seconds,
        engagement_high_interactions=row.engagement_high_interactions,
        engagement_low_seconds=row.engagement_low_seconds,
        engagement_low_interactions=row.engagement_low_interactions,
        borders=row.borders or None,
        calculated_at=row.calculated_at,
    )


async def traits_of(session: AsyncSession, *, restaurant_id: UUID) -> Traits:
    """What every dish of a restaurant says about who orders it, as the menu is now."""
    rows = (
        await session.execute(
            sa.select(
                raw(col(Dish.id)),
                raw(col(Dish.category_id)),
                col(Dish.price_minor),
                col(Dish.diets),
                col(Dish.spice),
            ).where(col(Dish.restaurant_id) == restaurant_id)
        )
    ).all()
    prices: dict[RawId, list[int]] = defaultdict(list)
    for _, category_id, price, _, _ in rows:
        prices[category_id].append(price)
    return {
        dish_id: DishTraits(
            is_vegetarian=Diet.VEGETARIAN in diets or Diet.VEGAN in diets,
            is_vegan=Diet.VEGAN in diets,
            is_spicy=spice >= SPICY,
            band=_band(price, prices[category_id]),
        )
        for dish_id, category_id, price, diets, spice in rows
    }


async def histories_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID]
) -> dict[RawId, History]:
    """What the profiles of some customers are counted from, by their raw ids."""
    visits = await _visits(session, restaurant_id, customer_ids)
    orders, sent = await _orders(session, restaurant_id, customer_ids)
    return {
        customer_id: History(
            visits=tuple(visits.get(customer_id, ())),
            orders=tuple(orders.get(customer_id, ())),
            sent_count=sent.get(customer_id, 0),
        )
        for customer_id in {*visits, *sent}
    }


async def _visits(
    session: AsyncSession, restaurant_id: UUID, ids: Sequence[UUID]
) -> dict[RawId, list[VisitFact]]:
    rows = await session.execute(
        sa.select(
            raw(col(Visit.customer_id)),
            col(Visit.visited_at),
            col(Visit.business_day),
            col(Visit.session_duration_seconds),
            col(Visit.interactions),
            col(Visit.product_views),
            col(Visit.carts_abandoned),
            col(Visit.language),
            col(Sitting.party_size),
        )
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id).in_(ids))
        .order_by(col(Visit.customer_id), col(Visit.visited_at), col(Visit.id))
    )
    found: dict[RawId, list[VisitFact]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(VisitFact._make(row[1:]))
    return found


async def _orders(
    session: AsyncSession, restaurant_id: UUID, ids: Sequence[UUID]
) -> tuple[dict[RawId, list[OrderFact]], dict[RawId, int]]:
    mine = sa.and_(col(Order.restaurant_id) == restaurant_id, col(Order.customer_id).in_(ids))
    lines: dict[RawId, list[LineFact]] = defaultdict(list)
    rows = await session.execute(
        sa.select(
            raw(col(OrderLine.order_id)),
            raw(col(OrderLine.dish_id)),
            raw(col(OrderLine.category_id)),
            col(OrderLine.quantity),
            col(OrderLine.line_total_minor),
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(mine, col(Order.order_status) == OrderStatus.COMPLETED)
    )
    for row in rows:
        lines[row[0]].append(LineFact._make(row[1:]))
    placed = await session.execute(
        sa.select(
            raw(col(Order.customer_id)),
            raw(col(Order.id)),
            col(Order.order_status),
            col(Order.placed_at),
            col(Order.business_day),
            col(Order.total_minor),
            col(Order.payment_method),
        )
        .where(mine)
        .order_by(col(Order.customer_id), col(Order.placed_at), col(Order.id))
    )
    found: dict[RawId, list[OrderFact]] = defaultdict(list)
    sent: dict[RawId, int] = defaultdict(int)
    for row in placed:
        customer_id, order_id, status = row[:3]
        sent[customer_id] += 1
        if status == OrderStatus.COMPLETED:
            fact = (*row[3:], tuple(lines.get(order_id, ())))
            found[customer_id].append(OrderFact._make(fact))
    return found, sent


def _band(price: int, prices: Iterable[int]) -> str:
    """The lowest or highest quarter of its category, or between; in both is in neither."""
    known = list(prices)
    is_low = sum(one < price for one in known) * QUARTER < len(known)
    is_high = sum(one > price for one in known) * QUARTER < len(known)
    if is_low == is_high:
        return "middle"
    return "budget" if is_low else "premium"
