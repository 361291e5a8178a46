"""Log-ins: a random cookie value whose hash is stored, with idle and absolute expiry."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User, UserSession
from models.enums import Role
from services.accounts.errors import NotLoggedInError
from services.accounts.types import Actor, Permission
from services.base.errors import ForbiddenError
from services.base.secrets import new_token, token_hash
from services.base.texts import N_

IDLE = timedelta(hours=18)
LIFETIME = timedelta(days=30)
# Writing on every event would make each click a transaction.
TOUCH_EVERY = timedelta(minutes=5)


async def start_session(
    session: AsyncSession,
    *,
    user_id: UUID,
    restaurant_id: UUID,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Open a log-in and return the cookie's value, which is nowhere else.

    Args:
        session: open transaction; flushed.
        user_id: who logs in.
        restaurant_id: where they act.
        now: aware UTC.
        expires_at: when it ends whatever happens; after `LIFETIME` unless given.
    """
    token = new_token()
    session.add(
        UserSession(
            restaurant_id=restaurant_id,
            user_id=user_id,
            token_hash=token_hash(token),
            last_seen_at=now,
            expires_at=expires_at or now + LIFETIME,
        )
    )
    await session.flush()
    return token


async def find_actor(session: AsyncSession, *, token: str, now: datetime) -> Actor | None:
    """Who holds this cookie, or None when the log-in is over or the account was closed."""
    return (await find_actors(session, tokens=[token], now=now)).get(token)


async def find_actors(
    session: AsyncSession, *, tokens: Collection[str], now: datetime
) -> dict[str, Actor]:
    """Who holds these cookies; without those whose log-in is over or whose account was closed."""
    by_hash = {token_hash(token): token for token in tokens if token}
    if not by_hash:
        return {}
    rows = await session.execute(
        sa.select(
            col(UserSession.token_hash),
            col(UserSession.user_id),
            col(UserSession.id),
            col(UserSession.restaurant_id),
            col(User.name),
            col(Membership.role),
            col(User.is_operator),
        )
        .join(User, col(User.id) == UserSession.user_id)
        .join(
            Membership,
            sa.and_(
                col(Membership.user_id) == UserSession.user_id,
                col(Membership.restaurant_id) == UserSession.restaurant_id,
            ),
        )
        .where(
            col(UserSession.token_hash).in_(by_hash),
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
            col(UserSession.last_seen_at) > now - IDLE,
            col(User.is_active).is_(True),
        )
    )
    return {
        by_hash[hashed]: Actor(
            user_id=user_id,
            session_id=session_id,
            restaurant_id=restaurant_id,
            name=name,
            role=Role(role),
            is_operator=is_operator,
        )
        for hashed, user_id, session_id, restaurant_id, name, role, is_operator in rows
    }


async def get_actor(
    session: AsyncSession, *, token: str, permission: Permission, now: datetime
) -> Actor:
    """Who acts with this cookie, if they may; errors as in `permitted`."""
    return permitted(await find_actor(session, token=token, now=now), permission)


def permitted(actor: Actor | None, permission: Permission) -> Actor:
    """The actor, if they may.

    Raises:
        NotLoggedInError: there is none.
        ForbiddenError: their role does not allow it.
    """
    if actor is None:
        msg = N_("Please log in.")
        raise NotLoggedInError(msg)
    if not actor.can(permission):
        msg = N_("Your role does not allow this.")
        raise ForbiddenError(msg)
    return actor


async def touch_session(session: AsyncSession, *, session_id: UUID, now: datetime) -> None:
    """Note that a log-in is in use; writes nothing when that was noted a moment ago."""
    await session.execute(
        sa.update(UserSession)
        .where(col(UserSession.id) == session_id, col(UserSession.last_seen_at) < now - TOUCH_EVERY)
        .values(last_seen_at=now)
    )


async def end_session(session: AsyncSession, *, token: str, now: datetime) -> UUID | None:
    """Log out; returns the log-in's id so that its open screens can be ended.

    One that has ended already stays as it is: its end is when it ended.
    """
    return await session.scalar(
        sa.update(UserSession)
        .where(
            col(UserSession.token_hash) == token_hash(token), col(UserSession.revoked_at).is_(None)
        )
        .values(revoked_at=now)
        .returning(col(UserSession.id))
    )


async def end_sessions_of(
    session: AsyncSession,
    *,
    user_id: UUID,
    now: datetime,
    restaurant_id: UUID | None = None,
    but: UUID | None = None,
) -> list[UUID]:
    """End every log-in of one user, as after a changed password or a closed account.

    Args:
        session: open transaction.
        user_id: whose log-ins end.
        now: aware UTC.
        restaurant_id: only those at this restaurant.
        but: a log-in that stays, as the one that changed its own password.

    Returns:
        Ids of the log-ins that ended, so that their open screens can be ended too.
    """
    ended = sa.update(UserSession).where(
        col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None)
    )
    if restaurant_id is not None:
        ended = ended.where(col(UserSession.restaurant_id) == restaurant_id)
    if but is not None:
        ended = ended.where(col(UserSession.id) != but)
    found = await session.scalars(ended.values(revoked_at=now).returning(col(UserSession.id)))
    return list(found)


async def purge_sessions(session: AsyncSession, *, now: datetime) -> int:
    """Delete log-ins that have been over for a lifetime; returns how many."""
    gone = await session.scalars(
        sa.delete(UserSession)
        .where(col(UserSession.expires_at) < now - LIFETIME)
        .returning(col(UserSession.id))
    )
    return len(gone.all())
