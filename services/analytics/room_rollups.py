"""Keeps the day counts of tables and areas: as it happens, and anew when something was missed.

A day is always counted whole and put in place of what was there, so counting twice does no harm.
→ docs/algorithms/tables.md, "Counting ahead"
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.journal import AuditEntry
from models.ordering import Order
from models.rollups import AreaHour, RollupMark, TableDay
from models.seating import Sitting
from models.visits import Visit
from services.analytics import room_days, room_months
from services.analytics.room_facts import clock_of, read_day, read_ratings
from services.base.locks import one_at_a_time
from services.base.upserts import insert
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

# A transaction that began earlier may end later: the journal is read this far back again.
OVERLAP = timedelta(minutes=2)
# Steps of the journal after which a day says something else.
_ORDER_STEPS = ("order_moved", "order_move_undone")
_WITHOUT_EFFECT = ("sitting_opened", "table_note_set")
# Goes up when the same rows count otherwise.
_COUNTED = 2
_FINISHED = frozenset({OrderStatus.COMPLETED})


async def count_day(
    session: AsyncSession, *, restaurant: RestaurantInfo, day: date
) -> room_days.DayCount:
    """Count one business day from its sittings and orders; writes nothing.

    Read outside of the transaction that stores it: on SQLite nobody orders while one is open. What
    happens in between is in the journal, which is read two minutes back again.
    """
    clock = clock_of(restaurant)
    sittings, orders = await read_day(
        session, restaurant_id=restaurant.id, clock=clock, business_day=day
    )
    ratings = await read_ratings(
        session, restaurant_id=restaurant.id, clock=clock, business_day=day
    )
    return room_days.count_day(day, clock, sittings=sittings, orders=orders, ratings=ratings)


async def rebuild_rollups(
    session: AsyncSession, *, restaurant_id: UUID, first_day: date, last_day: date
) -> int:
    """Count business days anew and store them, all in one transaction.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose.
        first_day: the first business day.
        last_day: the last one, included.

    Returns:
        How many rows there are now for these days.
    """
    restaurant = await restaurants.get(session, restaurant_id)
    written = 0
    day = first_day
    while day <= last_day:
        counted = await count_day(session, restaurant=restaurant, day=day)
        written += await store_day(session, restaurant_id=restaurant_id, day=day, counted=counted)
        day += timedelta(days=1)
    return written


async def store_day(
    session: AsyncSession, *, restaurant_id: UUID, day: date, counted: room_days.DayCount
) -> int:
    """Put the count of a business day in place of what was there.

    Returns:
        How many rows there are now for it.
    """
    await one_at_a_time(session, f"rollups:{restaurant_id}")
    for model in (TableDay, AreaHour):
        await session.execute(
            sa.delete(model).where(
                col(model.restaurant_id) == restaurant_id, col(model.business_day) == day
            )
        )
    keys = {"restaurant_id": restaurant_id, "business_day": day}
    tables = [
        keys
        | {
            "table_id": table_id,
            "sitting_count": len(one.parties),
            "turn_minutes": " ".join(map(str, sorted(one.turns))),
            "party_sizes": " ".join(map(str, sorted(one.parties))),
            "forgotten_count": one.forgotten_count,
            "order_count": one.order_count,
            "revenue_minor": one.revenue_minor,
            "occupied_seconds": one.occupied_seconds,
            "guest_seconds": one.guest_seconds,
            "rating_count": len(one.stars),
            "rating_stars": sum(one.stars),
        }
        for table_id, one in counted.tables.items()
    ]
    hours = [
        keys | {"area_id": area_id, "hour": hour, "weekday": day.weekday()} | asdict(one)
        for (area_id, hour), one in counted.hours.items()
    ]
    if tables:
        await session.execute(sa.insert(TableDay), tables)
    if hours:
        await session.execute(sa.insert(AreaHour), hours)
    await room_months.add_up(session, restaurant_id=restaurant_id, day=day)
    return len(tables) + len(hours)


async def history_days(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> tuple[date, date] | None:
    """The first business day of a restaurant's history, and the present one; None before any."""
    begun = await session.scalar(
        sa.select(sa.func.min(col(Sitting.opened_at))).where(
            col(Sitting.restaurant_id) == restaurant.id
        )
    )
    ordered = await session.scalar(
        sa.select(sa.func.min(col(Order.business_day))).where(
            col(Order.restaurant_id) == restaurant.id
        )
    )
    clock = clock_of(restaurant)
    firsts = [clock.day_of(begun)] if begun is not None else []
    firsts += [ordered] if ordered is not None else []
    return (min(firsts), clock.day_of(now)) if firsts else None


async def changed_days(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> list[date] | None:
    """Business days that say something else since the journal was last followed.

    Args:
        session: open transaction.
        restaurant: whose.
        now: aware UTC.

    Returns:
        In order; empty when nothing happened. None when they must all be counted: they never were,
        or opening hours, time zone or cut-off have changed since.
    """
    mark = await session.get(RollupMark, restaurant.id)
    if mark is None or mark.rebuilt_at is None or mark.rules_hash != rules_hash(restaurant):
        return None
    entries = (
        await session.scalars(
            sa.select(AuditEntry).where(
                col(AuditEntry.restaurant_id) == restaurant.id,
                col(AuditEntry.happened_at) > mark.followed_until_at - OVERLAP,
                col(AuditEntry.happened_at) <= now,
                col(AuditEntry.subject_type).in_(("order", "table")),
                col(AuditEntry.action).not_in(_WITHOUT_EFFECT),
            )
        )
    ).all()
    days = await _days_of(session, restaurant, [one for one in entries if _counts(one)])
    # Guests answer without an entry in the journal: it names nobody.
    rated = await session.scalars(
        sa.select(col(Visit.visited_at)).where(
            col(Visit.restaurant_id) == restaurant.id,
            col(Visit.rated_at) > mark.followed_until_at - OVERLAP,
        )
    )
    return sorted({*days, *map(clock_of(restaurant).day_of, rated)})


async def mark_followed(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime, whole: bool = False
) -> None:
    """Note how far a restaurant's days are counted.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose.
        now: the moment before the reads began.
        whole: its whole history was counted under the present rules.
    """
    values: dict[str, Any] = {"followed_until_at": now}
    if whole:
        values |= {"rules_hash": rules_hash(restaurant), "rebuilt_at": now}
    made = insert(session, RollupMark).values(
        restaurant_id=restaurant.id, **{"rules_hash": "", "rebuilt_at": None} | values
    )
    await session.execute(made.on_conflict_do_update(index_elements=["restaurant_id"], set_=values))


def rules_hash(restaurant: RestaurantInfo) -> str:
    """What the counting depends on besides the rows."""
    rules = [
        _COUNTED,
        restaurant.opening_hours,
        restaurant.special_hours,
        restaurant.time_zone,
        str(restaurant.day_cutoff),
    ]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def _counts(entry: AuditEntry) -> bool:
    """Whether a step changes what was counted: of orders, finishing one or taking that back."""
    if entry.action not in _ORDER_STEPS:
        return True
    return bool({entry.data.get("before"), entry.data.get("after")} & _FINISHED)


async def _days_of(
    session: AsyncSession, restaurant: RestaurantInfo, entries: list[AuditEntry]
) -> list[date]:
    clock = clock_of(restaurant)
    days = {clock.day_of(entry.happened_at) for entry in entries}
    orders = [one.subject_id for one in entries if one.subject_type == "order" and one.subject_id]
    days |= set(
        await session.scalars(
            sa.select(col(Order.business_day)).where(
                col(Order.restaurant_id) == restaurant.id, col(Order.id).in_(orders)
            )
        )
    )
    sittings = await session.execute(
        sa.select(col(Sitting.opened_at), col(Sitting.released_at)).where(
            col(Sitting.restaurant_id) == restaurant.id,
            col(Sitting.id).in_(_sittings_of(entries)),
        )
    )
    for opened_at, released_at in sittings:
        days.add(clock.day_of(opened_at))
        if released_at is not None:
            days.add(clock.day_of(released_at))
    return sorted(days)


def _sittings_of(entries: Iterable[AuditEntry]) -> list[UUID]:
    found: set[UUID] = set()
    for entry in entries:
        parts: list[dict[str, Any] | None] = [
            entry.data,
            entry.data.get("before"),
            entry.data.get("after"),
        ]
        for part in parts:
            sitting_id: object = part.get("sitting_id") if isinstance(part, dict) else None
            if sitting_id:
                found.add(UUID(str(sitting_id)))
    return sorted(found)
