"""Points whose time is over leave the balance: lot by lot, in the order of time, in batches.

A mark says how far it came, so that a run that was broken off goes on where it stood, and no run
looks at a lot again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import PointsKind
from models.loyalty import LoyaltyMark, LoyaltyPoint
from services.base.clock import business_day
from services.base.locks import one_at_a_time
from services.loyalty import ledger, programme
from services.loyalty.ledger import Occasion
from services.restaurants.types import RestaurantInfo

AT_ONCE = 500
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def expire_lots(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime, at_once: int = AT_ONCE
) -> int:
    """Let the next lots expire that are due; call again while something was done.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose guests.
        now: aware UTC. While the programme rests, nothing is due.
        at_once: how many lots to look at.

    Returns:
        How many lots were looked at; 0 when none is due.
    """
    found = await programme.find_live(session, restaurant_id=restaurant.id)
    if found is None:
        return 0
    await one_at_a_time(session, f"expiry:{restaurant.id}")
    mark = await _mark(session, restaurant.id)
    lots = await _next(session, mark, until=found.due_until(now), limit=at_once)
    lots = await _held(session, restaurant.id, lots)
    if not lots:
        return 0
    left = await ledger.left_of(
        session, restaurant_id=restaurant.id, lot_ids=[lot.id for lot in lots]
    )
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    await ledger.write(
        session,
        [
            Occasion(
                restaurant_id=restaurant.id,
                customer_id=lot.customer_id,
                kind=PointsKind.EXPIRED,
                reason="expired",
                key="expired",
                group_id=new_id(),
                programme_version=found.version,
                business_day=today,
                now=now,
            ).row(key=lot.id.hex, points=-left[lot.id], lot_id=lot.id)
            for lot in lots
            if left[lot.id] > 0
        ],
    )
    last = lots[-1]
    mark.expired_until_at, mark.expired_lot_id = last.expires_at or mark.expired_until_at, last.id
    await session.flush()
    return len(lots)


async def _mark(session: AsyncSession, restaurant_id: UUID) -> LoyaltyMark:
    found = await session.get(LoyaltyMark, restaurant_id, populate_existing=True)
    if found is None:
        found = LoyaltyMark(restaurant_id=restaurant_id, expired_until_at=LONG_AGO)
        session.add(found)
    return found


async def _next(
    session: AsyncSession, mark: LoyaltyMark, *, until: datetime, limit: int
) -> list[LoyaltyPoint]:
    expires_at, lot_id = col(LoyaltyPoint.expires_at), col(LoyaltyPoint.id)
    after = expires_at > mark.expired_until_at
    if mark.expired_lot_id is not None:
        after = sa.or_(after, lot_id > mark.expired_lot_id)
    rows = await session.scalars(
        sa.select(LoyaltyPoint)
        .where(
            col(LoyaltyPoint.restaurant_id) == mark.restaurant_id,
            # Both databases walk the index from here.
            expires_at >= mark.expired_until_at,
            after,
            expires_at <= until,
        )
        .order_by(expires_at, lot_id)
        .limit(limit)
    )
    return list(rows)


async def _held(
    session: AsyncSession, restaurant_id: UUID, lots: Sequence[LoyaltyPoint]
) -> list[LoyaltyPoint]:
    """Hold the owners; lots up to the first one that a merge has just given to somebody else."""
    owners = sorted({lot.customer_id for lot in lots})
    if not owners:
        return []
    await session.execute(
        sa.select(col(Customer.id))
        .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(owners))
        .order_by(col(Customer.id))
        .with_for_update(key_share=True)
    )
    ids = [lot.id for lot in lots]
    rows = await session.execute(
        sa.select(col(LoyaltyPoint.id), col(LoyaltyPoint.customer_id)).where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id, col(LoyaltyPoint.id).in_(ids)
        )
    )
    owner_of = {row.id: row.customer_id for row in rows.all()}
    kept: list[LoyaltyPoint] = []
    for lot in lots:
        owner = owner_of.get(lot.id)
        if owner is not None and owner != lot.customer_id:
            break
        # One that is gone was forgotten with its guest.
        if owner is not None:
            kept.append(lot)
    return kept
