"""Points of an order that was taken back go back exactly: what was spent meanwhile is owed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
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
    lots = await _lots(session, restaurant.id, order.id)
    if lots:
        found = await programme.get_newest(session, restaurant_id=restaurant.id)
        given = await referrals.find_inviter_lot(
            session, restaurant_id=restaurant.id, group_id=lots[0].group_id
        )
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
    customer_id = lots[0].customer_id
    who = {"restaurant_id": restaurant.id, "customer_id": customer_id}
    # Held whatever the guest has chosen since: what is taken back is taken back.
    await session.execute(
        sa.select(col(Customer.id))
        .where(col(Customer.restaurant_id) == restaurant.id, col(Customer.id) == customer_id)
        .with_for_update(key_share=True)
    )
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
    left, expired = await _left_of(session, restaurant.id, [lot.id for lot in lots])
    rows = [
        occasion.row(key=lot.id.hex, points=-left.get(lot.id, lot.points), lot_id=lot.id)
        for lot in lots
    ]
    due = sum(lot.points - expired.get(lot.id, 0) for lot in lots)
    missing = due + sum(row["points"] for row in rows)
    if missing > 0:
        rows.append(occasion.row(key=ledger.OWED, points=0, owed=missing))
    await ledger.write(session, rows)
    # A debt and its payment are two rows: when merged guests part, each keeps their own.
    await ledger.pay_owed(session, occasion, due_until=found.due_until(now))
    await members.recount(session, **who, rules=found.rules, now=now)
    return due


async def _left_of(
    session: AsyncSession, restaurant_id: UUID, lot_ids: Sequence[UUID]
) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """What is left of lots, and how much of each expired by itself."""
    rows = await session.execute(
        sa.select(
            col(LoyaltyPoint.id),
            col(LoyaltyPoint.lot_id),
            col(LoyaltyPoint.transaction_type),
            col(LoyaltyPoint.points),
        ).where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            sa.or_(col(LoyaltyPoint.lot_id).in_(lot_ids), col(LoyaltyPoint.id).in_(lot_ids)),
        )
    )
    left: dict[UUID, int] = {}
    expired: dict[UUID, int] = {}
    for row_id, lot_id, kind, points in rows.all():
        lot = lot_id or row_id
        left[lot] = left.get(lot, 0) + points
        if kind == PointsKind.EXPIRED:
            expired[lot] = expired.get(lot, 0) - points
    return left, expired
