"""Which visit goes on: until three hours without a sign of life, or until its sitting ends."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent
from models.seating import Sitting
from models.visits import Visit
from services.identity.types import Guest

ENDS_AFTER = timedelta(hours=3)


def is_running(now: datetime) -> sa.ColumnElement[bool]:
    """The condition on a visit, outer joined with its sitting."""
    return sa.and_(
        col(Visit.ended_at).is_(None),
        col(Visit.last_alive_at) > now - ENDS_AFTER,
        sa.or_(col(Visit.sitting_id).is_(None), col(Sitting.released_at).is_(None)),
    )


async def find_running(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID | None,
    session_hash: str | None,
    now: datetime,
) -> Visit | None:
    """The running visit of a known customer, or else that of a browser's session.

    A customer's visits on another phone go on too; the one of this session comes first. When a
    customer is known, a visit of the session counts only while it belongs to nobody.
    """
    same_session = col(Visit.session_hash) == session_hash
    if customer_id is None:
        mine = same_session
    else:
        mine = sa.or_(
            col(Visit.customer_id) == customer_id,
            sa.and_(same_session, col(Visit.customer_id).is_(None)),
        )
    return await session.scalar(
        sa.select(Visit)
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(col(Visit.restaurant_id) == restaurant_id, mine, is_running(now))
        .order_by(
            # Somebody's visit before nobody's, this phone's before another's, then the newest.
            sa.case((col(Visit.customer_id).is_(None), 1), else_=0),
            sa.case((same_session, 0), else_=1),
            col(Visit.visited_at).desc(),
            col(Visit.id).desc(),
        )
        .limit(1)
        .execution_options(populate_existing=True)
    )


async def visits_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> list[Visit]:
    """Every running visit of one customer, on whichever phone."""
    found = await session.scalars(
        sa.select(Visit)
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id) == customer_id,
            is_running(now),
        )
    )
    return list(found)


async def guest_of(session: AsyncSession, visit: Visit) -> Guest:
    """The guest of a visit, at the table where the sitting is now.

    A customer's alias stands for that of the visit: after a merge it is the older one.
    """
    sitting = (
        await session.get(Sitting, visit.sitting_id, populate_existing=True)
        if visit.sitting_id
        else None
    )
    customer = await session.get(Customer, visit.customer_id) if visit.customer_id else None
    return Guest(
        visit_id=visit.id,
        restaurant_id=visit.restaurant_id,
        customer_id=visit.customer_id,
        alias=customer.alias if customer is not None else visit.guest_alias,
        sitting_id=visit.sitting_id,
        table_id=sitting.table_id if sitting else visit.table_id,
        area_id=sitting.area_id if sitting else visit.area_id,
        language=visit.language,
        consent_level=(
            ConsentLevel(customer.consent_level)
            if customer is not None
            else await _level_of_nobody(session, visit)
        ),
    )


async def end_past_visits(
    session: AsyncSession, *, restaurant_id: UUID, session_hash: str, now: datetime
) -> None:
    """Close the visits of a session that are over, with their last sign of life as the end."""
    over = (
        sa.select(col(Visit.id))
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.session_hash) == session_hash,
            col(Visit.ended_at).is_(None),
            sa.not_(is_running(now)),
        )
    )
    await session.execute(
        sa.update(Visit)
        .where(col(Visit.id).in_(over))
        .values(ended_at=col(Visit.last_alive_at))
        .execution_options(synchronize_session=False)
    )


async def end_all_past_visits(session: AsyncSession, *, now: datetime) -> int:
    """Close the visits of every restaurant that are over: a job; returns how many."""
    over = (
        sa.select(col(Visit.id))
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(col(Visit.ended_at).is_(None), sa.not_(is_running(now)))
    )
    ended = await session.scalars(
        sa.update(Visit)
        .where(col(Visit.id).in_(over))
        .values(ended_at=col(Visit.last_alive_at))
        .returning(col(Visit.id))
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


async def _level_of_nobody(session: AsyncSession, visit: Visit) -> ConsentLevel | None:
    # The last choice in such a visit can only have been "essential".
    chosen = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(Consent.restaurant_id) == visit.restaurant_id,
            col(Consent.visit_id) == visit.id,
        )
        .limit(1)
    )
    return ConsentLevel.ESSENTIAL if chosen else None
