"""The number of a restaurant's menu as it is now: every copy made under an older one is stale."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import MenuVersion
from models.restaurants import Restaurant
from services.base.errors import NotFoundError
from services.base.texts import N_


async def next_version(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    user_id: UUID | None,
    summary: str,
    now: datetime,
) -> int:
    """Raise the menu's version by one, whoever else does so now, and keep who made it.

    Returns:
        The new version: every copy made under the old one is out of date.
    """
    version = await session.scalar(
        sa.update(Restaurant)
        .where(col(Restaurant.id) == restaurant_id)
        .values(menu_version=col(Restaurant.menu_version) + 1)
        .returning(col(Restaurant.menu_version))
        .execution_options(synchronize_session=False)
    )
    if version is None:
        msg = N_("There is no such restaurant.")
        raise NotFoundError(msg)
    session.add(
        MenuVersion(
            restaurant_id=restaurant_id,
            version=version,
            changed_by_user_id=user_id,
            summary=summary[:200],
            created_at=now,
        )
    )
    await session.flush()
    return version
