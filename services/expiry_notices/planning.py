"""Whom to warn, as rows of the outbox: in batches that can be broken off."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.loyalty import LoyaltyPoint
from services.base.clock import to_local
from services.expiry_notices import telling
from services.loyalty import programme, warning
from services.loyalty.types import Programme
from services.outbox import messages
from services.privacy.purposes import Purpose, find_standings, who_may
from services.restaurants.types import RestaurantInfo

KIND = "points_expiring"
AT_ONCE = 200
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
    rows = await session.scalars(
        warning.unwarned(found, now=now)
        .join(Customer, col(Customer.id) == col(LoyaltyPoint.customer_id))
        .where(
            # Cheap, and leaves out most; whoever is left is asked about one by one.
            who_may(Purpose.PERSONALISE),
            sa.or_(
                col(Customer.email_encrypted).is_not(None),
                col(Customer.phone_number_encrypted).is_not(None),
            ),
        )
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
    held = await _held(session, restaurant.id, customer_ids)
    standings = await find_standings(session, restaurant_id=restaurant.id, customer_ids=held)
    told = 0
    for customer_id in held:
        if telling.ways(standings.get(customer_id)):
            told += await _warn(session, restaurant, found, customer_id, now=now)
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
    found: Programme,
    customer_id: UUID,
    *,
    now: datetime,
) -> bool:
    warned = await warning.note_warned(session, programme=found, customer_id=customer_id, now=now)
    if warned is None:
        return False
    await messages.put(
        session,
        restaurant_id=restaurant.id,
        kind=KIND,
        payload={
            "customer_id": str(customer_id),
            "since": warned.since.isoformat(),
            "until": warned.until.isoformat(),
        },
        key=f"{customer_id}:{warned.until.isoformat()}",
        now=now,
        not_before=_next_morning(restaurant, now),
    )
    return True


def _next_morning(restaurant: RestaurantInfo, now: datetime) -> datetime:
    """Now by day, else the next time it is ten."""
    local = to_local(now, restaurant.time_zone)
    if SENT_FROM <= local.time() < SENT_TO:
        return now
    day = local.date() + timedelta(days=local.time() >= SENT_TO)
    return datetime.combine(day, SENT_FROM, ZoneInfo(restaurant.time_zone)).astimezone(UTC)
