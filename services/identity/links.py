"""From what a browser shows to a customer: keyed hashes and the links that hold them."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind
from models.identity import IdentityLink
from services.base.secrets import keyed_hash, new_token
from services.identity.types import Signals

# As long as the cookie lives in the browser; every visit starts it anew.
LINK_LIFETIME = timedelta(days=365)
# What `new_token` makes: 32 random bytes.
_OURS = re.compile(r"[A-Za-z0-9_-]{43}")


def session_hash(token: str, *, restaurant_id: UUID) -> str:
    """What is stored of a session cookie."""
    return keyed_hash(token, restaurant_id=restaurant_id, purpose="identity:session")


def signal_hash(value: str, *, kind: LinkKind, restaurant_id: UUID) -> str:
    """What is stored of a signal. Another restaurant or another kind gives another hash."""
    return keyed_hash(value, restaurant_id=restaurant_id, purpose=f"identity:{kind}")


async def find_customer(
    session: AsyncSession, *, restaurant_id: UUID, signals: Signals, now: datetime
) -> Customer | None:
    """The customer whose cookie, or else whose token, a browser shows."""
    for kind, value in (
        (LinkKind.COOKIE, signals.client_id),
        (LinkKind.TOKEN, signals.client_token),
    ):
        found = await find_by_signal(
            session, restaurant_id=restaurant_id, kind=kind, value=value, now=now
        )
        if found is not None:
            return found
    return None


async def find_by_signal(
    session: AsyncSession, *, restaurant_id: UUID, kind: LinkKind, value: str, now: datetime
) -> Customer | None:
    """The customer that one signal leads to, unless it has expired or the guest was erased."""
    if not value:
        return None
    return await session.scalar(
        sa.select(Customer)
        .join(IdentityLink, col(IdentityLink.customer_id) == col(Customer.id))
        .where(
            _holds(value, kind=kind, restaurant_id=restaurant_id),
            sa.or_(col(IdentityLink.expires_at).is_(None), col(IdentityLink.expires_at) > now),
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.erased_at).is_(None),
        )
        .execution_options(populate_existing=True)
    )


async def new_signal(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, kind: LinkKind, now: datetime
) -> str:
    """Make a random value that leads to this customer for a year; only its hash is stored."""
    value = new_token()
    await link(
        session,
        restaurant_id=restaurant_id,
        customer_id=customer_id,
        kind=kind,
        value=value,
        now=now,
        expires_at=now + LINK_LIFETIME,
    )
    return value


async def own_or_new_signal(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID,
    kind: LinkKind,
    value: str,
    now: datetime,
) -> str:
    """Let the value a browser shows already lead to this customer, or make a new one.

    One cookie serves several restaurants: another value here would lose the guest there. A value
    that is not one of ours, or leads to somebody else here, is not taken over.
    """
    if not _OURS.fullmatch(value):
        return await new_signal(
            session, restaurant_id=restaurant_id, customer_id=customer_id, kind=kind, now=now
        )
    is_this = _holds(value, kind=kind, restaurant_id=restaurant_id)
    owner = await session.scalar(sa.select(col(IdentityLink.customer_id)).where(is_this))
    if owner is not None and owner != customer_id:
        return await new_signal(
            session, restaurant_id=restaurant_id, customer_id=customer_id, kind=kind, now=now
        )
    if owner is not None:
        await session.execute(
            sa.update(IdentityLink)
            .where(is_this)
            .values(last_seen_at=now, expires_at=now + LINK_LIFETIME)
            .execution_options(synchronize_session=False)
        )
        return value
    await link(
        session,
        restaurant_id=restaurant_id,
        customer_id=customer_id,
        kind=kind,
        value=value,
        now=now,
        expires_at=now + LINK_LIFETIME,
    )
    return value


async def link(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID,
    kind: LinkKind,
    value: str,
    now: datetime,
    expires_at: datetime | None,
) -> None:
    """Let a value lead to a customer. The caller knows that it leads to nobody else."""
    session.add(
        IdentityLink(
            restaurant_id=restaurant_id,
            customer_id=customer_id,
            kind=kind,
            value_hash=signal_hash(value, kind=kind, restaurant_id=restaurant_id),
            last_seen_at=now,
            expires_at=expires_at,
            created_at=now,
        )
    )
    await session.flush()


async def keep_alive(
    session: AsyncSession, *, restaurant_id: UUID, signals: Signals, now: datetime
) -> None:
    """Start the year of the shown cookie and token anew."""
    hashes = [
        signal_hash(value, kind=kind, restaurant_id=restaurant_id)
        for kind, value in (
            (LinkKind.COOKIE, signals.client_id),
            (LinkKind.TOKEN, signals.client_token),
        )
        if value
    ]
    await session.execute(
        sa.update(IdentityLink)
        .where(
            col(IdentityLink.restaurant_id) == restaurant_id,
            col(IdentityLink.kind).in_([LinkKind.COOKIE, LinkKind.TOKEN]),
            col(IdentityLink.value_hash).in_(hashes),
            col(IdentityLink.expires_at) > now,
        )
        .values(last_seen_at=now, expires_at=now + LINK_LIFETIME)
        .execution_options(synchronize_session=False)
    )


async def remove_all(
    session: AsyncSession, *, customer: Customer, kinds: tuple[LinkKind, ...] = tuple(LinkKind)
) -> None:
    """Take away the signals of these kinds: nothing of them leads to the customer again."""
    await session.execute(
        sa.delete(IdentityLink)
        .where(
            col(IdentityLink.restaurant_id) == customer.restaurant_id,
            col(IdentityLink.customer_id) == customer.id,
            col(IdentityLink.kind).in_(kinds),
        )
        .execution_options(synchronize_session=False)
    )


def _holds(value: str, *, kind: LinkKind, restaurant_id: UUID) -> sa.ColumnElement[bool]:
    """The condition on the one link that this value is."""
    return sa.and_(
        col(IdentityLink.restaurant_id) == restaurant_id,
        col(IdentityLink.kind) == kind,
        col(IdentityLink.value_hash) == signal_hash(value, kind=kind, restaurant_id=restaurant_id),
    )
