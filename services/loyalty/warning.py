"""Who is to be warned that points expire, and of what they were warned: each lot once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.loyalty import LoyaltyMember, LoyaltyPoint
from services.loyalty import ledger
from services.loyalty.types import Programme

# A guest who collects every day has points that expire every day. So that they are not written to
# every day, a warning also speaks of what expires in the week after, and that is said with it.
SAID_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Warned:
    """Of points that expire in this time a guest is to be told."""

    since: datetime
    until: datetime


def unwarned(programme: Programme, *, now: datetime) -> sa.Select[UUID]:
    """Guests with points that expire within the days of the warning, of which nobody told them."""
    owner, expires_at = col(LoyaltyPoint.customer_id), col(LoyaltyPoint.expires_at)
    warned = col(LoyaltyMember.warned_until_at)
    return (
        sa.select(owner)
        .join(LoyaltyMember, col(LoyaltyMember.customer_id) == owner)
        .where(
            col(LoyaltyPoint.restaurant_id) == programme.restaurant_id,
            expires_at > programme.due_until(now),
            expires_at <= _until(programme, now),
            sa.or_(warned.is_(None), expires_at > warned),
        )
        .distinct()
        .order_by(owner)
    )


async def note_warned(
    session: AsyncSession, *, programme: Programme, customer_id: UUID, now: datetime
) -> Warned | None:
    """Keep that a guest is told now; their record is held.

    Args:
        session: open transaction; not flushed, not committed.
        programme: running, of the guest's restaurant.
        customer_id: the guest.
        now: aware UTC.

    Returns:
        Of what to tell; None when they were told meanwhile, or have spent it. What comes back to
        these lots is looked at again.
    """
    member = await session.scalar(
        sa.select(LoyaltyMember)
        .where(
            col(LoyaltyMember.restaurant_id) == programme.restaurant_id,
            col(LoyaltyMember.customer_id) == customer_id,
        )
        .execution_options(populate_existing=True)
    )
    if member is None:
        return None
    # After a pause what is over lives on until the grace ends.
    since = programme.due_until(now)
    untold = max(since, member.warned_until_at or since)
    until = _until(programme, now)
    lots = await ledger.open_lots(
        session,
        restaurant_id=programme.restaurant_id,
        customer_id=customer_id,
        due_until=untold,
    )
    if not ledger.expiring(lots, until=until):
        return None
    member.warned_until_at = until + SAID_AHEAD
    return Warned(untold, member.warned_until_at)


def _until(programme: Programme, now: datetime) -> datetime:
    return now + timedelta(days=programme.rules.warning_days)
