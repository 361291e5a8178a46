"""One to five stars for an evening: one answer a visit, asked for when an order is completed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.visits import Visit
from services.base.clock import business_day
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.identity.types import Guest
from services.ordering.errors import RatingClosedError, UnknownOrderError
from services.ordering.ownership import is_own
from services.restaurants.types import RestaurantInfo

MOST_STARS = 5


async def rate(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    stars: int,
    now: datetime,
) -> None:
    """Keep what a guest says of the evening an order belongs to; the last answer counts.

    Args:
        session: open transaction.
        restaurant: whose.
        guest: who answers.
        order_id: one of their orders of this business day, completed.
        stars: 1 to 5.
        now: aware UTC.

    Raises:
        InvalidInputError: another number of stars.
        UnknownOrderError: there is no such order of this guest.
        RatingClosedError: the order is not completed, or its evening is over.
    """
    if not 1 <= stars <= MOST_STARS:
        raise InvalidInputError(N_("Please choose one to five stars."), field="stars")
    order = await session.scalar(
        sa.select(Order).where(
            col(Order.restaurant_id) == restaurant.id, col(Order.id) == order_id, is_own(guest)
        )
    )
    if order is None:
        raise UnknownOrderError
    if not is_open(order.order_status, order.placed_at, restaurant=restaurant, now=now):
        raise RatingClosedError
    await session.execute(
        sa.update(Visit)
        .where(col(Visit.restaurant_id) == restaurant.id, col(Visit.id) == order.visit_id)
        .values(stars=stars, rated_at=now)
    )


async def find_stars(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    now: datetime,
) -> int | None:
    """The stars given so far, 0 before an answer; None where there is nothing to ask."""
    row = (
        await session.execute(
            sa.select(col(Order.order_status), col(Order.placed_at), col(Visit.stars))
            .join(Visit, col(Visit.id) == col(Order.visit_id))
            .where(
                col(Order.restaurant_id) == restaurant.id, col(Order.id) == order_id, is_own(guest)
            )
        )
    ).one_or_none()
    if row is None or not is_open(row[0], row[1], restaurant=restaurant, now=now):
        return None
    return row[2] or 0


def is_open(status: str, placed_at: datetime, *, restaurant: RestaurantInfo, now: datetime) -> bool:
    """Whether the evening of an order may still be rated: it is completed, and the day goes on."""
    days = {
        business_day(one, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
        for one in (placed_at, now)
    }
    return status == OrderStatus.COMPLETED and len(days) == 1
