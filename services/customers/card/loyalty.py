"""The loyalty part of a card: where a guest stands, and what happened to their points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.types import Actor
from services.loyalty import programme, queries
from services.loyalty.types import PointsRow, Standing

ROWS = 50


@dataclass(frozen=True, slots=True)
class CardLoyalty:
    """What a card shows of points.

    Attributes:
        standing: balance, tier and progress.
        rows: what happened, the newest first.
        limit: how many points whoever looks may give or take at once; 0 while the programme rests.
        is_running: guests collect and spend.
    """

    standing: Standing
    rows: tuple[PointsRow, ...]
    limit: int
    is_running: bool


async def find_loyalty(
    session: AsyncSession, *, by: Actor, customer_id: UUID, now: datetime
) -> CardLoyalty | None:
    """The loyalty part of a guest's card; None while no programme was published."""
    live = await programme.find_live(session, restaurant_id=by.restaurant_id)
    if live is None:
        return None
    return CardLoyalty(
        standing=await queries.standing(session, programme=live, customer_id=customer_id, now=now),
        rows=await queries.history(
            session, restaurant_id=by.restaurant_id, customer_id=customer_id, limit=ROWS
        ),
        limit=live.rules.adjustment_limit(by.role) if live.is_running else 0,
        is_running=live.is_running,
    )
