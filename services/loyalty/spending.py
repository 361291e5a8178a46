"""Points go for a reward."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.enums import PointsKind
from models.loyalty import CustomerReward
from services.base.clock import business_day
from services.loyalty import ledger
from services.loyalty.ledger import Occasion
from services.loyalty.types import Programme
from services.restaurants.types import RestaurantInfo

REASON = "reward"


async def spend_on(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    found: Programme,
    taken: CustomerReward,
    *,
    now: datetime,
) -> None:
    """Take the points of a reward out of the ledger. The guest's record is held.

    Raises:
        NotEnoughPointsError: there are fewer.
    """
    if taken.customer_id is None:
        return
    group_id = new_id()
    occasion = Occasion(
        restaurant_id=restaurant.id,
        customer_id=taken.customer_id,
        kind=PointsKind.REDEEMED,
        reason=REASON,
        key=f"reward:{group_id}",
        group_id=group_id,
        programme_version=found.version,
        business_day=business_day(
            now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        ),
        now=now,
        customer_reward_id=taken.id,
    )
    await ledger.spend(session, occasion, taken.points_used, due_until=found.due_until(now))
