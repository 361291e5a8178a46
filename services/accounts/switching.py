"""The restaurants one person works for, and going from one to another without a password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, UserSession
from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.accounts.errors import NotLoggedInError
from services.base.errors import NotFoundError
from services.base.texts import N_


@dataclass(frozen=True, slots=True)
class Workplace:
    """A restaurant where somebody works, and as what."""

    restaurant_id: UUID
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Switched:
    """A log-in at another restaurant that took the place of one. `token` is nowhere else."""

    token: str
    restaurant_id: UUID
    role: Role
    ended_session_id: UUID


async def list_workplaces(session: AsyncSession, *, user_id: UUID) -> list[Workplace]:
    """Every restaurant of somebody's, by name."""
    rows = await session.execute(
        sa.select(col(Restaurant.id), col(Restaurant.name), col(Membership.role))
        .join(Membership, col(Membership.restaurant_id) == col(Restaurant.id))
        .where(col(Membership.user_id) == user_id)
        .order_by(sa.func.lower(col(Restaurant.name)), col(Restaurant.id))
    )
    return [Workplace(found[0], found[1], Role(found[2])) for found in rows.all()]


async def switch_restaurant(
    session: AsyncSession, *, token: str, restaurant_id: UUID, now: datetime
) -> Switched:
    """End a log-in and open one at another restaurant of the same person, ending when it would.

    A log-in belongs to one restaurant for its whole life: every open screen of the first ends, and
    no tab shows anything of two restaurants.

    Args:
        session: open transaction; flushed, not committed.
        token: the cookie of the log-in that ends.
        restaurant_id: where to.
        now: aware UTC.

    Raises:
        NotLoggedInError: nobody is logged in with this cookie.
        NotFoundError: they do not work there.
    """
    actor = await sessions.find_actor(session, token=token, now=now)
    if actor is None:
        raise _nobody()
    role = await session.scalar(
        sa.select(col(Membership.role)).where(
            col(Membership.restaurant_id) == restaurant_id,
            col(Membership.user_id) == actor.user_id,
        )
    )
    if role is None:
        msg = N_("You do not work at this restaurant.")
        raise NotFoundError(msg)
    before = await session.get_one(UserSession, actor.session_id)
    if await sessions.end_session(session, token=token, now=now) is None:
        # It ended in this very moment: one log-in becomes one other, not two.
        raise _nobody()
    opened = await sessions.start_session(
        session,
        user_id=actor.user_id,
        restaurant_id=restaurant_id,
        now=now,
        expires_at=before.expires_at,
    )
    return Switched(
        token=opened,
        restaurant_id=restaurant_id,
        role=Role(role),
        ended_session_id=actor.session_id,
    )


def _nobody() -> NotLoggedInError:
    msg = N_("Please log in.")
    return NotLoggedInError(msg)
