"""Jobs of reservations and the queue. All of them may run twice without harm."""

from datetime import datetime

from services import live
from services.base.database import transaction
from services.reservations import tidying
from services.reservations.types import change_topics


async def close_reservations(now: datetime) -> None:
    """Close what is over: parties that have left, that never came, that forgot to leave a queue."""
    async with transaction() as session:
        changes = await tidying.close_left(session, now=now)
        changes += await tidying.close_missed(session, now=now)
        waited_at = await tidying.close_waits(session, now=now)
    concerned = {change.restaurant_id for change in changes}
    for restaurant_id in concerned:
        await live.publish(change_topics(restaurant_id), "reservations")
    for restaurant_id in waited_at - concerned:
        await live.publish([live.reservations_topic(restaurant_id)], "waitlist")


async def forget_reservations(now: datetime) -> None:
    """Delete what is known of guests whose evening is long over."""
    async with transaction() as session:
        await tidying.forget_past(session, now=now)
