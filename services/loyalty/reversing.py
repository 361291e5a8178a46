"""Points of an order that was taken back go back exactly: what was spent meanwhile is owed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import PointsKind
from models.loyalty import LoyaltyPoint
from models.ordering import Order
from services.base.clock import business_day
from services.loyalty import ledger, members, programme, referrals, rules
from services.loyalty.ledger import Occasion
from services.loyalty.types import Programme
from services.restaurants.types import RestaurantInfo


async def reverse(
    session: AsyncSession, *, restaurant: RestaurantInfo, order: Order, now: datetime
) -> int:
    """Take back what an order earned, from whoever holds its points by now.

    First what is left of these points, then other points, the first to expire first; what is not
    there is owed and taken from the next points. What had expired by itself is gone already and is
    not taken twice. An order that earned nothing is left alone.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose order it is.
        order: that is not completed any more, or is refunded.
        now: aware UTC.

    Returns:
        How many points went back, owed ones among them.
    """
    if order.points_earned is None:
        return 0
    lots = await _held_lots(session, restaurant.id, order.id)
    if lots:
        found = await programme.get_newest(session, restaurant_id=restaurant.id)
        given = await _held_inviter_lot(session, restaurant.id, lots[0].group_id)
        done = await _take_back(session, restaurant, lots, order.id, found, now)
        if any(lot.reason == rules.REFERRAL for lot in lots) or given is not None:
            await referrals.unpay(
                session, restaurant_id=restaurant.id, customer_id=lots[0].customer_id
            )
        if given is not None:
            await _take_back(session, restaurant, [given], None, found, now)
    elif order.points_earned:
        # Its guest was forgotten with all points: it has earned, and does not earn again.
        return 0
    else:
        done = 0
    order.points_earned = None
    await session.flush()
    return done


async def _held_lots(
    session: AsyncSession, restaurant_id: UUID, order_id: UUID
) -> list[LoyaltyPoint]:
    await ledger.hold_owners(
        session, restaurant_id=restaurant_id, which=col(LoyaltyPoint.order_id) == order_id
    )
    return await _lots(session, restaurant_id, order_id)


async def _held_inviter_lot(
    session: AsyncSession, restaurant_id: UUID, group_id: UUID
) -> LoyaltyPoint | None:
    who = {"restaurant_id": restaurant_id, "group_id": group_id}
    given = await referrals.find_inviter_lot(session, **who)
    if given is None:
        return None
    await ledger.hold_owners(
        session, restaurant_id=restaurant_id, which=col(LoyaltyPoint.id) == given.id
    )
    return await referrals.find_inviter_lot(session, **who)


async def _lots(session: AsyncSession, restaurant_id: UUID, order_id: UUID) -> list[LoyaltyPoint]:
    """What the order's last completion earned, unless that was taken back."""
    rows = (
        await session.scalars(
            sa.select(LoyaltyPoint)
            .where(
                col(LoyaltyPoint.restaurant_id) == restaurant_id,
                col(LoyaltyPoint.order_id) == order_id,
            )
            .order_by(col(LoyaltyPoint.id))
            .execution_options(populate_existing=True)
        )
    ).all()
    undone = {row.group_id for row in rows if row.transaction_type == PointsKind.REVERSED}
    return [
        row
        for row in rows
        if row.transaction_type == PointsKind.EARNED and row.group_id not in undone
    ]


async def _take_back(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    lots: Sequence[LoyaltyPoint],
    order_id: UUID | None,
    found: Programme,
    now: datetime,
) -> int:
    # Held by now, whatever the guest has chosen since: what is taken back is taken back.
    customer_id = lots[0].customer_id
    who = {"restaurant_id": restaurant.id, "customer_id": customer_id}
    occasion = Occasion(
        restaurant_id=restaurant.id,
        customer_id=customer_id,
        kind=PointsKind.REVERSED,
        reason=members.UNDONE,
        key=f"undone:{lots[0].group_id}:{customer_id}",
        group_id=lots[0].group_id,
        programme_version=found.version,
        business_day=business_day(
            now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        ),
        now=now,
        order_id=order_id,
    )
    lot_ids = [lot.id for lot in lots]
    left = await ledger.left_of(session, restaurant_id=restaurant.id, lot_ids=lot_ids)
    expired = await _expired_of(session, restaurant.id, lot_ids)
    rows = [occasion.row(key=lot.id.hex, points=-left[lot.id], lot_id=lot.id) for lot in lots]
    due = sum(lot.points - expired.get(lot.id, 0) for lot in lots)
    missing = due + sum(row["points"] for row in rows)
    if missing > 0:
        rows.append(occasion.row(key=ledger.OWED, points=0, owed=missing))
    await ledger.write(session, rows)
    # A debt and its payment are two rows: when merged guests part, each keeps their own.
    await ledger.pay_owed(session, occasion, due_until=found.due_until(now))
    await members.recount(session, **who, rules=found.rules, now=now)
    return due


async def _expired_of(
    session: AsyncSession, restaurant_id: UUID, lot_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """How much of lots expired by itself."""
    lot_id = col(LoyaltyPoint.lot_id)
    rows = await session.execute(
        sa.select(lot_id, -sa.func.sum(col(LoyaltyPoint.points)))
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            lot_id.in_(lot_ids),
            col(LoyaltyPoint.transaction_type) == PointsKind.EXPIRED,
        )
        .group_by(lot_id)
    )
    return {one: int(points) for one, points in rows.all() if one is not None}
