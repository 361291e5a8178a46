"""Reads of a restaurant's team."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User
from models.enums import Role

_RANK = [Role.OWNER, Role.MANAGER, Role.WAITER, Role.KITCHEN]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, as the team's page shows them."""

    user_id: UUID
    name: str
    email: str
    role: Role
    last_login_at: datetime | None


async def list_members(session: AsyncSession, *, restaurant_id: UUID) -> list[Member]:
    """Everybody who can log in at a restaurant, owners first, then by name."""
    rows = await session.execute(
        sa.select(User, col(Membership.role))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.restaurant_id) == restaurant_id, col(User.is_active).is_(True))
    )
    members = [
        Member(user.id, user.name, user.email, Role(role), user.last_login_at)
        for user, role in rows.all()
    ]
    return sorted(members, key=lambda m: (_RANK.index(m.role), m.name.casefold()))
