"""Points when two guests become one, and two again: nothing is lost, nothing doubled.

Rows move with their guest. What takes from a lot stays with that lot, whoever took it while they
were one; what one had paid for the other's debt comes back.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import PointsKind
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.ordering import Order
from services.loyalty import ledger, members, programme
from services.loyalty.errors import NoProgrammeError
from services.loyalty.ledger import Occasion

SEPARATED = "separated"


@dataclass(frozen=True, slots=True)
class Pair:
    """Who was kept and who was merged into them."""

    restaurant_id: UUID
    kept_id: UUID
    merged_id: UUID


async def after_merge(session: AsyncSession, pair: Pair, *, now: datetime) -> None:
    """Count both anew; the rows have moved."""
    await _recount(session, pair, now=now)


async def after_unmerge(
    session: AsyncSession, pair: Pair, *, merged_at: datetime, now: datetime
) -> None:
    """Let everything follow the lots and orders that went back, and count both anew.

    Args:
        session: open transaction; moved rows and orders are where they belong again.
        pair: the two.
        merged_at: when they were merged; what was earned since goes with its order.
        now: aware UTC.
    """
    mine = sa.and_(
        col(LoyaltyPoint.restaurant_id) == pair.restaurant_id,
        col(LoyaltyPoint.customer_id) == pair.kept_id,
    )
    theirs = sa.and_(
        col(LoyaltyPoint.restaurant_id) == pair.restaurant_id,
        col(LoyaltyPoint.customer_id) == pair.merged_id,
    )
    back = sa.select(col(Order.id)).where(
        col(Order.restaurant_id) == pair.restaurant_id, col(Order.customer_id) == pair.merged_id
    )
    await _give_back(
        session,
        pair,
        sa.and_(
            mine,
            col(LoyaltyPoint.created_at) > merged_at,
            col(LoyaltyPoint.lot_id).is_(None),
            col(LoyaltyPoint.order_id).in_(back),
        ),
    )
    lots = sa.select(col(LoyaltyPoint.id)).where(theirs, col(LoyaltyPoint.lot_id).is_(None))
    await _give_back(session, pair, sa.and_(mine, col(LoyaltyPoint.lot_id).in_(lots)))
    for customer_id in (pair.kept_id, pair.merged_id):
        await _take_credit_back(session, pair.restaurant_id, customer_id, now=now)
    await _recount(session, pair, now=now)


async def _give_back(session: AsyncSession, pair: Pair, which: sa.ColumnElement[bool]) -> None:
    await session.execute(
        sa.update(LoyaltyPoint)
        .where(which)
        .values(customer_id=pair.merged_id)
        .execution_options(synchronize_session=False)
    )


async def _take_credit_back(
    session: AsyncSession, restaurant_id: UUID, customer_id: UUID, *, now: datetime
) -> None:
    """Whoever paid points that the other owed has paid too much: their lots get them back."""
    who = {"restaurant_id": restaurant_id, "customer_id": customer_id}
    credit = -(await ledger.balance(session, **who)).owed
    if credit <= 0:
        return
    found = await session.scalars(
        sa.select(LoyaltyPoint)
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.customer_id) == customer_id,
            col(LoyaltyPoint.owed) < 0,
        )
        .order_by(col(LoyaltyPoint.created_at).desc(), col(LoyaltyPoint.id).desc())
    )
    rows: list[dict[str, object]] = []
    for payment in found.all():
        part = min(credit, -payment.owed)
        if part <= 0:
            break
        occasion = Occasion(
            restaurant_id=restaurant_id,
            customer_id=customer_id,
            kind=PointsKind.REVERSED,
            reason=SEPARATED,
            key=f"separated:{new_id().hex}",
            group_id=new_id(),
            programme_version=payment.programme_version,
            business_day=payment.business_day,
            now=now,
        )
        rows.append(occasion.row(key=payment.id.hex, points=part, lot_id=payment.lot_id, owed=part))
        credit -= part
    await ledger.write(session, rows)


async def _recount(session: AsyncSession, pair: Pair, *, now: datetime) -> None:
    both = [pair.kept_id, pair.merged_id]
    is_known = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(LoyaltyMember.restaurant_id) == pair.restaurant_id,
            col(LoyaltyMember.customer_id).in_(both),
        )
        .limit(1)
    )
    if not is_known:
        return
    try:
        found = await programme.get_newest(session, restaurant_id=pair.restaurant_id)
    except NoProgrammeError:
        return
    for customer_id in both:
        await members.recount(
            session,
            restaurant_id=pair.restaurant_id,
            customer_id=customer_id,
            rules=found.rules,
            now=now,
        )
