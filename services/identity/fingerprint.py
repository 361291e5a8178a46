"""The weakest signal: a suggestion to staff that two customers may be one guest, never more.

Phones of one model often look the same, so it neither picks nor merges anybody.
"""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind
from models.identity import Consent, IdentityLink, MergeEntry
from services.identity import links
from services.identity.types import Guest
from services.restaurants.types import RestaurantInfo

KEPT_FOR = timedelta(days=90)
MAX_LENGTH = 200


async def store(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, value: str, now: datetime
) -> bool:
    """Keep the keyed hash of a device's fingerprint for 90 days.

    Returns:
        False, with nothing stored, unless the restaurant has turned it on and the guest's latest
        choice allows it.
    """
    customer_id = guest.customer_id
    if not restaurant.fingerprint_enabled or customer_id is None or not value:
        return False
    allows = await session.scalar(
        sa.select(col(Consent.allows_fingerprint))
        .where(col(Consent.restaurant_id) == restaurant.id, col(Consent.customer_id) == customer_id)
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    if not allows:
        return False
    value = value[:MAX_LENGTH]
    renewed = await session.execute(
        sa.update(IdentityLink)
        .where(
            col(IdentityLink.restaurant_id) == restaurant.id,
            col(IdentityLink.customer_id) == customer_id,
            col(IdentityLink.kind) == LinkKind.FINGERPRINT,
            col(IdentityLink.value_hash)
            == links.signal_hash(value, kind=LinkKind.FINGERPRINT, restaurant_id=restaurant.id),
        )
        .values(last_seen_at=now, expires_at=now + KEPT_FOR)
        .returning(col(IdentityLink.id))
        .execution_options(synchronize_session=False)
    )
    if renewed.first() is None:
        await links.link(
            session,
            restaurant_id=restaurant.id,
            customer_id=customer_id,
            kind=LinkKind.FINGERPRINT,
            value=value,
            now=now,
            expires_at=now + KEPT_FOR,
        )
    return True


async def suggest_same_guest(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> UUID | None:
    """The one other customer of this restaurant with the same fingerprint.

    None when nobody or more than one has it, and when staff have taken the two apart before.
    """
    mine = sa.select(col(IdentityLink.value_hash)).where(
        col(IdentityLink.restaurant_id) == restaurant_id,
        col(IdentityLink.customer_id) == customer_id,
        col(IdentityLink.kind) == LinkKind.FINGERPRINT,
        col(IdentityLink.expires_at) > now,
    )
    others = await session.scalars(
        sa.select(col(IdentityLink.customer_id))
        .join(Customer, col(Customer.id) == col(IdentityLink.customer_id))
        .where(
            col(IdentityLink.restaurant_id) == restaurant_id,
            col(IdentityLink.customer_id) != customer_id,
            col(IdentityLink.kind) == LinkKind.FINGERPRINT,
            col(IdentityLink.value_hash).in_(mine),
            col(IdentityLink.expires_at) > now,
            col(Customer.erased_at).is_(None),
            col(Customer.merged_into_id).is_(None),
        )
        .distinct()
        .limit(2)
    )
    found = list(others)
    if len(found) != 1 or await _were_parted(
        session, restaurant_id=restaurant_id, pair=(customer_id, found[0])
    ):
        return None
    return found[0]


async def purge_expired(session: AsyncSession, *, now: datetime) -> int:
    """Delete every signal whose time is over; returns how many. A job of every restaurant."""
    gone = await session.execute(
        sa.delete(IdentityLink)
        .where(col(IdentityLink.expires_at) <= now)
        .returning(col(IdentityLink.id))
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


async def _were_parted(
    session: AsyncSession, *, restaurant_id: UUID, pair: tuple[UUID, UUID]
) -> bool:
    undone = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            col(MergeEntry.kept_customer_id).in_(pair),
            col(MergeEntry.merged_customer_id).in_(pair),
            col(MergeEntry.undone_at).is_not(None),
        )
        .limit(1)
    )
    return bool(undone)
