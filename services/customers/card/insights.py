"""The numbers that insights about one guest are made from, read once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import EventType, OrderStatus
from models.events import CustomerEvent
from models.ordering import Order, OrderLine
from services.accounts.types import Actor, Permission
from services.base.clock import business_day
from services.base.errors import ForbiddenError
from services.base.texts import N_
from services.customers import history
from services.customers.card.insight_rules import (
    Counted,
    GuestNumbers,
    Insight,
    Missing,
    insights,
    missing,
)
from services.customers.card.overview import (
    favourite_dishes,
    find_prediction,
    find_profile,
)
from services.customers.card.paging import of_guest
from services.customers.card.rhythm import read_rhythm
from services.customers.guest import get_customer
from services.customers.habits import preferred_tables
from services.restaurants.types import RestaurantInfo

# Wishes of last year are none of today.
LOOKED_WITHIN = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class CardInsights:
    """Insights, the most telling first, and what cannot be told yet."""

    rows: tuple[Insight, ...]
    missing: tuple[tuple[Missing, int], ...]


async def read_insights(
    session: AsyncSession,
    *,
    by: Actor,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    now: datetime,
) -> CardInsights:
    """What follows from a guest's visits, orders and reading.

    Raises:
        NotFoundError: the restaurant has no such guest.
        ForbiddenError: whoever looks may not see what guests spend.
    """
    if not by.can(Permission.VIEW_CUSTOMERS):
        msg = N_("Your role does not allow this.")
        raise ForbiddenError(msg)
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    numbers = await _numbers(session, restaurant, customer, now=now)
    return CardInsights(insights(numbers), missing(numbers))


async def _numbers(
    session: AsyncSession, restaurant: RestaurantInfo, customer: Customer, *, now: datetime
) -> GuestNumbers:
    profile = await find_profile(session, customer)
    rhythm = await read_rhythm(session, restaurant, customer, profile)
    dishes = await favourite_dishes(session, customer, limit=1)
    tables = await preferred_tables(
        session, restaurant_id=customer.restaurant_id, customer_id=customer.id
    )
    return GuestNumbers(
        total_visits=customer.total_visits,
        visit_days=customer.visit_days,
        first_day=rhythm.first_day,
        last_day=rhythm.last_day,
        today=business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff),
        mean_gap_days=rhythm.mean_gap_days,
        completed_orders=customer.total_orders,
        spend_trend_ratio=profile.spend_trend_ratio if profile else None,
        favourite=Counted(dishes[0].name, dishes[0].order_count) if dishes else None,
        looked_at=await _looked_not_ordered(session, customer, now=now),
        table=Counted(tables[0].name, tables[0].visit_count) if tables else None,
        when_counts=rhythm.when_counts,
        party_median=profile.party_median if profile else None,
        carts=profile.carts if profile else 0,
        carts_abandoned=profile.carts_abandoned if profile else 0,
        has_forecast=await find_prediction(session, customer) is not None,
    )


async def _looked_not_ordered(
    session: AsyncSession, customer: Customer, *, now: datetime
) -> Counted | None:
    """The dish opened in most visits of late that this guest has never ordered."""
    rows = await session.execute(
        sa.select(col(CustomerEvent.visit_id), col(CustomerEvent.event_data)).where(
            *of_guest(CustomerEvent, customer),
            col(CustomerEvent.event_type) == EventType.PRODUCT_VIEW,
            col(CustomerEvent.happened_at) > now - LOOKED_WITHIN,
        )
    )
    visits: dict[str, set[UUID]] = {}
    for visit_id, data in rows:
        visits.setdefault(str(data.get("dish_id") or ""), set()).add(visit_id)
    visits.pop("", None)
    if not visits:
        return None
    ordered = await session.scalars(
        sa.select(col(OrderLine.dish_id))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(*of_guest(Order, customer), col(Order.order_status) != OrderStatus.DECLINED)
        .distinct()
    )
    for dish_id in ordered:
        visits.pop(str(dish_id), None)
    names = await history.names(session, customer.restaurant_id, set(visits))
    known = [(len(seen), names[dish]) for dish, seen in visits.items() if dish in names]
    if not known:
        return None
    count, name = max(known, key=lambda one: (one[0], one[1]))
    return Counted(name, count)
