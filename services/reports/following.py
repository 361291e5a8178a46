"""Which counted days say something else by now, and how far the counting has come."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import REFUSED_ORDER_STATUSES, OrderStatus
from models.identity import MergeEntry
from models.journal import AuditEntry
from models.ordering import Order
from models.sales import SalesMark
from models.visits import Visit
from services.base.clock import business_day
from services.base.upserts import insert
from services.restaurants.types import RestaurantInfo

# A transaction that began earlier may end later: the journal is read this far back again.
OVERLAP = timedelta(minutes=2)
_ORDER_STEPS = ("order_moved", "order_move_undone")
# Which of an order's states change what is counted of it.
_COUNTED = frozenset({OrderStatus.COMPLETED, *REFUSED_ORDER_STATUSES})
# Goes up when the same rows count otherwise.
_VERSION = 2


def rules_hash(restaurant: RestaurantInfo) -> str:
    """What the counting depends on besides the rows."""
    rules = f"{_VERSION}|{restaurant.time_zone}|{restaurant.day_cutoff}"
    return hashlib.sha256(rules.encode()).hexdigest()


def today_of(restaurant: RestaurantInfo, now: datetime) -> date:
    """The business day that is not over."""
    return business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)


async def is_counted(session: AsyncSession, *, restaurant: RestaurantInfo) -> bool:
    """Whether its whole history was counted under the present rules."""
    mark = await session.get(SalesMark, restaurant.id)
    return mark is not None and mark.rules_hash == rules_hash(restaurant)


async def counted_until(session: AsyncSession, *, restaurant: RestaurantInfo) -> date | None:
    """Up to which day everything is counted; None while nothing ever was."""
    mark = await session.get(SalesMark, restaurant.id)
    return mark.counted_until if mark is not None else None


async def changed_days(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> list[date] | None:
    """Past days to count again since the journal was last followed, and those that have ended.

    Returns:
        In order. None when all must be counted: they never were, or the rules have changed.
    """
    mark = await session.get(SalesMark, restaurant.id)
    if mark is None or mark.rules_hash != rules_hash(restaurant):
        return None
    entries = (
        await session.scalars(
            sa.select(AuditEntry).where(
                col(AuditEntry.restaurant_id) == restaurant.id,
                col(AuditEntry.happened_at) > mark.followed_until_at - OVERLAP,
                col(AuditEntry.happened_at) <= now,
                col(AuditEntry.action).in_(_ORDER_STEPS),
            )
        )
    ).all()
    today = today_of(restaurant, now)
    ended = range(1, (today - mark.counted_until).days)
    days = {mark.counted_until + timedelta(days=count) for count in ended}
    days |= await _days_of_orders(session, restaurant.id, entries)
    days |= await _days_of_merged(session, restaurant.id, mark.followed_until_at - OVERLAP)
    return sorted(day for day in days if day < today)


async def history_days(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> tuple[date, date] | None:
    """The first day of a restaurant's history and the last one that is over; None before any."""
    firsts = [
        await session.scalar(
            sa.select(sa.func.min(col(Order.business_day))).where(
                col(Order.restaurant_id) == restaurant.id
            )
        ),
        await session.scalar(
            sa.select(col(Visit.business_day))
            .where(col(Visit.restaurant_id) == restaurant.id)
            .order_by(col(Visit.visited_at))
            .limit(1)
        ),
    ]
    known = [day for day in firsts if day is not None]
    last = today_of(restaurant, now) - timedelta(days=1)
    return (min(known), last) if known and min(known) <= last else None


async def mark_followed(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> None:
    """Note that every day before today is counted; flushed, not committed."""
    values: dict[str, Any] = {
        "followed_until_at": now,
        "counted_until": today_of(restaurant, now) - timedelta(days=1),
        "rules_hash": rules_hash(restaurant),
    }
    made = insert(session, SalesMark).values(
        restaurant_id=restaurant.id, nightly_order_count=0, **values
    )
    await session.execute(made.on_conflict_do_update(index_elements=["restaurant_id"], set_=values))


async def _days_of_orders(
    session: AsyncSession, restaurant_id: UUID, entries: Iterable[AuditEntry]
) -> set[date]:
    ids = [
        one.subject_id
        for one in entries
        if {one.data.get("before"), one.data.get("after")} & _COUNTED
    ]
    if not ids:
        return set()
    return set(
        await session.scalars(
            sa.select(col(Order.business_day))
            .where(col(Order.restaurant_id) == restaurant_id, col(Order.id).in_(ids))
            .distinct()
        )
    )


async def _days_of_merged(session: AsyncSession, restaurant_id: UUID, since: datetime) -> set[date]:
    """All days of guests who became one, or two again: the day before each may be another now."""
    entries = await session.execute(
        sa.select(col(MergeEntry.kept_customer_id), col(MergeEntry.merged_customer_id)).where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            sa.or_(col(MergeEntry.merged_at) > since, col(MergeEntry.undone_at) > since),
        )
    )
    ids = {customer_id for entry in entries for customer_id in entry}
    if not ids:
        return set()
    return set(
        await session.scalars(
            sa.select(col(Visit.business_day))
            .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id).in_(ids))
            .distinct()
        )
    )
