"""Whom to warn, as rows of the outbox: each lot of points once, in batches that can be broken off.

A guest who collects every day has points that expire every day. So that they are not written to
every day, a notice also speaks of what expires in the week after, and that is said with it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.loyalty import LoyaltyMember, LoyaltyPoint
from services.base.clock import to_local
from services.expiry_notices import telling
from services.loyalty import programme
from services.outbox import messages
from services.privacy.purposes import Purpose, find_standings, who_may
from services.restaurants.types import RestaurantInfo

KIND = "points_expiring"
AT_ONCE = 200
SAID_AHEAD = timedelta(days=7)
# On the restaurant's clock: nobody's telephone rings at night for points.
SENT_FROM, SENT_TO = time(10), time(20)


async def find_due(
    session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime
) -> list[UUID]:
    """Guests with points that expire within the days of the warning, of which nobody has told them.

    None while the programme rests: nothing expires then.
    """
    found = await programme.find_running(session, restaurant_id=restaurant.id)
    if found is None:
        return []
    owner, expires_at = col(LoyaltyPoint.customer_id), col(LoyaltyPoint.expires_at)
    warned = col(LoyaltyMember.warned_until_at)
    rows = await session.scalars(
        sa.select(owner)
        .join(LoyaltyMember, col(LoyaltyMember.customer_id) == owner)
        .join(Customer, col(Customer.id) == owner)
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant.id,
            expires_at > found.due_until(now),
            expires_at <= now + timedelta(days=found.rules.warning_days),
            sa.or_(warned.is_(None), expires_at > warned),
            # Cheap, and leaves out most; whoever is left is asked about one by one.
            who_may(Purpose.PERSONALISE),
            sa.or_(
                col(Customer.email_encrypted).is_not(None),
                col(Customer.phone_number_encrypted).is_not(None),
            ),
        )
        .distinct()
        .order_by(owner)
    )
    return list(rows)


async def plan_notices(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_ids: Sequence[UUID],
    now: datetime,
) -> int:
    """Have some guests told, if and only if this transaction commits.

    Only those who have agreed to be written to and have given where; for everybody else the note
    on their page stays. Calling it again tells nobody twice: what a guest was told of is kept with
    where they stand, and their record is held meanwhile.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose guests.
        customer_ids: of `find_due`, at most `AT_ONCE` of them.
        now: aware UTC.

    Returns:
        How many will be told.
    """
    found = await programme.find_running(session, restaurant_id=restaurant.id)
    if found is None:
        return 0
    # After a pause what is over lives on until the grace ends.
    since = found.due_until(now)
    until = now + timedelta(days=found.rules.warning_days)
    held = await _held(session, restaurant.id, customer_ids)
    standings = await find_standings(session, restaurant_id=restaurant.id, customer_ids=held)
    told = 0
    for customer_id in held:
        if telling.ways(standings.get(customer_id)):
            told += await _warn(session, restaurant, customer_id, since=since, until=until, now=now)
    await session.flush()
    return told


async def _held(
    session: AsyncSession, restaurant_id: UUID, customer_ids: Sequence[UUID]
) -> list[UUID]:
    """Hold their records, in one order for everybody; those that are still theirs."""
    held = await session.scalars(
        sa.select(col(Customer.id))
        .where(
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.id).in_(customer_ids),
            col(Customer.merged_into_id).is_(None),
            col(Customer.erased_at).is_(None),
        )
        .order_by(col(Customer.id))
        .with_for_update(key_share=True)
    )
    return list(held)


async def _warn(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> bool:
    member = await session.scalar(
        sa.select(LoyaltyMember)
        .where(
            col(LoyaltyMember.restaurant_id) == restaurant.id,
            col(LoyaltyMember.customer_id) == customer_id,
        )
        .execution_options(populate_existing=True)
    )
    if member is None:
        return False
    untold = max(since, member.warned_until_at or since)
    if not await _left(session, restaurant.id, customer_id, since=untold, until=until):
        # Told meanwhile, or spent. What comes back to these lots is looked at again.
        return False
    member.warned_until_at = until + SAID_AHEAD
    await messages.put(
        session,
        restaurant_id=restaurant.id,
        kind=KIND,
        payload={
            "customer_id": str(customer_id),
            "since": untold.isoformat(),
            "until": member.warned_until_at.isoformat(),
        },
        key=f"{customer_id}:{member.warned_until_at.isoformat()}",
        now=now,
        not_before=_next_morning(restaurant, now),
    )
    return True


async def _left(
    session: AsyncSession,
    restaurant_id: UUID,
    customer_id: UUID,
    *,
    since: datetime,
    until: datetime,
) -> int:
    """What is left of lots that expire in a time."""
    lots = sa.select(col(LoyaltyPoint.id)).where(
        col(LoyaltyPoint.restaurant_id) == restaurant_id,
        col(LoyaltyPoint.customer_id) == customer_id,
        col(LoyaltyPoint.expires_at) > since,
        col(LoyaltyPoint.expires_at) <= until,
    )
    found = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(LoyaltyPoint.points)), 0)).where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.customer_id) == customer_id,
            sa.or_(col(LoyaltyPoint.id).in_(lots), col(LoyaltyPoint.lot_id).in_(lots)),
        )
    )
    return int(found or 0)


def _next_morning(restaurant: RestaurantInfo, now: datetime) -> datetime:
    """Now by day, else the next time it is ten."""
    local = to_local(now, restaurant.time_zone)
    if SENT_FROM <= local.time() < SENT_TO:
        return now
    day = local.date() + timedelta(days=local.time() >= SENT_TO)
    return datetime.combine(day, SENT_FROM, ZoneInfo(restaurant.time_zone)).astimezone(UTC)
